from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Locale

from contenthub.content.translating.exchange import from_file, import_messages
from locales.messages import UnreadableFile


class Command(BaseCommand):
    help = "Import translations from a PO or XLIFF file as drafts; what is on air stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", metavar="LOCALE", help="the language, where the file does not say it")
        parser.add_argument("--dry-run", action="store_true", help="report only")

    def handle(self, *, file: Path, to: str | None, dry_run: bool, **options):
        try:
            language, messages = from_file(file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from error
        if to and language and to != language:
            raise CommandError(f"The file is in {language}, not in {to}.")
        locale = Locale.objects.filter(language_code=to or language or "").first()
        if locale is None:
            raise CommandError(f"The hub has no locale {to or language or '(the file names none; give it with --to)'}.")
        report = import_messages(messages, locale, dry_run=dry_run)
        for finding in report.findings:
            self.stdout.write(f"{finding.context}: {finding.kind.label}. {finding.message}")
        self.stdout.write(
            f"{report.texts} texts: {len(report.drafts)} drafts {'would be ' if dry_run else ''}made, "
            f"{report.confirmed} confirmed, {report.unchanged} unchanged, {report.empty} empty, "
            f"{len(report.findings)} findings"
        )
