from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from channels import loading
from channels.channelfiles import UnloadableFile


class Command(BaseCommand):
    help = "Load channels from a JSON file. Channels missing from it are retired, never deleted."

    def add_arguments(self, parser):
        parser.add_argument(
            "path",
            type=Path,
            nargs="?",
            default=loading.PROFILES,
            help="file as docs/channels.md describes it; without one the channels that ship with the hub",
        )

    def handle(self, *, path, **options):
        try:
            report = loading.load_channels(path)
        except UnloadableFile as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        self.stdout.write(
            f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged"
        )
