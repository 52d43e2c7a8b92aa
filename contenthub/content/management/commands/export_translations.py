from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Locale

from contenthub.content.models import ContentItem
from contenthub.content.translating.exchange import FileFormat, messages_of, to_file
from locales.catalogue import locale_catalogue


class Command(BaseCommand):
    help = "Export the texts of items and their versions for translators, as gettext PO or XLIFF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", required=True, metavar="LOCALE", help="the language to translate into")
        parser.add_argument("--from", dest="origin", metavar="LOCALE", help="the language of the originals")
        parser.add_argument("--format", choices=FileFormat.values, default=FileFormat.XLIFF2)
        parser.add_argument("--open", action="store_true", help="only what is missing or older than the original")
        parser.add_argument("--item", nargs="*", metavar="KEY", help="only these items")

    def handle(self, *, file: Path, to: str, origin: str | None, format: str, item: list[str] | None, **options):
        target, source = _locale(to), _locale(origin or locale_catalogue().default.code)
        items = ContentItem.objects.sources().filter(locale=source).exclude(locale=target).order_by("key")
        if item is not None:
            items = items.filter(key__in=item)
            if missing := set(item) - set(items.values_list("key", flat=True)):
                raise CommandError(f"No such items with an original in {source}: {', '.join(sorted(missing))}")
        messages = list(messages_of(items, target, is_open=options["open"]))
        try:
            file.write_bytes(to_file(messages, FileFormat(format), source=source, target=target))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{len(messages)} texts of {items.count()} items written")


def _locale(tag: str) -> Locale:
    try:
        return Locale.objects.get(language_code=tag)
    except Locale.DoesNotExist:
        raise CommandError(f"The hub has no locale {tag}.") from None
