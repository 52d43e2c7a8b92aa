from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from channels import loading
from channels.channelfiles import UnloadableFile


class Command(BaseCommand):
    help = "Load channels from a JSON file. Channels missing from it are retired, never deleted, or kept if told so."

    def add_arguments(self, parser):
        parser.add_argument(
            "path",
            type=Path,
            nargs="?",
            default=loading.PROFILES,
            help="file as docs/channels.md describes it; without one the channels that ship with the hub",
        )

        parser.add_argument("--keep-others", action="store_true", help="leave channels that the file does not name")
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")

    def handle(self, *, path, keep_others, dry_run, **options):
        try:
            report = loading.load_channels(path, keep_others=keep_others, dry_run=dry_run)
        except UnloadableFile as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        self.stdout.write(
            f"{report.added} added, {report.changed} changed, {report.removed} removed, {report.unchanged} unchanged"
        )
        for code in report.retired:
            self.stdout.write(f"  retired: {code}")
        if dry_run:
            self.stdout.write("Nothing was changed (--dry-run).")
