from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from channels import loading


class Command(BaseCommand):
    help = "Load channels from a JSON file. Channels missing from it are retired, never deleted."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="file in the form of channel.json")

    def handle(self, *, path, **options):
        try:
            report = loading.load_channels(path)
        except loading.UnloadableFile as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        self.stdout.write(
            f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged"
        )
