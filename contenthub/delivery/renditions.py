"""Documents in the shape of a channel, with what the hub knows around them: names of terms, formats of a locale."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.conf import settings

from channels.personaltokens import Catalogue
from channels.pieces import Surroundings
from channels.registry import ChannelEntry
from channels.shaping import Rendition, shape
from locales.catalogue import LocaleEntry
from locales.cldr import format_date, format_money, format_number
from taxonomy.snapshot import TaxonomySnapshot

from .documents import Json

CAMPAIGN = "campaign:"


def render(
    document: Json,
    channel: ChannelEntry,
    locale: LocaleEntry,
    taxonomy: TaxonomySnapshot,
    tokens: Catalogue,
    placement: str = "",
) -> Rendition:
    """Return a document as ``channel`` takes it: the head's keys and ``blocks``, in the locale it is written in."""
    label = term_label(taxonomy, locale.chain)
    around = Surroundings(
        term_label=label,
        full_address=full_address,
        field_text=lambda field: _field_text(field, locale.code, label),
        language=locale.code,
        direction=locale.direction.lower(),
        campaign=primary_campaign(document),
        tokens=tokens,
    )
    return shape(document, channel, around, placement)


def primary_campaign(head: Json) -> str | None:
    """Return the code of the first campaign that an item is tagged with; None: it has none."""
    return next((code for code in head["terms"] if code.startswith(CAMPAIGN)), None)


def term_label(taxonomy: TaxonomySnapshot, chain: tuple[str, ...]) -> Callable[[str], str]:
    """Return what names a term by its code for the readers of a locale."""

    def label(code: str) -> str:
        term = taxonomy.find(code)
        return term.label(chain)[0] if term else code

    return label


def full_address(url: str) -> str:
    """Return an address that works outside the hub: files on its own disk have none of their own."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{url}" if url.startswith("/") else url


def _field_text(field: Json, locale: str, label: Callable[[str], str]) -> str:
    """Return one of the type's own fields as a text of the locale; those that text cannot show are empty."""
    value = field["value"]
    match field["kind"]:
        case "text":
            return value
        case "number":
            return format_number(value, locale)
        case "date":
            return format_date(date.fromisoformat(value), locale)
        case "money":
            return format_money(Decimal(value["amount"]), value["currency"], locale)
        case "term":
            return ", ".join(map(label, value))
    return ""
