from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contenthub.content.exchange.exporting import export_content


class Command(BaseCommand):
    help = "Export all localizations to a JSON Lines file, with their pictures in the folder pictures beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            count = export_content(file)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{count} lines written")
