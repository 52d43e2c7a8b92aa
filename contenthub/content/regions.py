"""Language versions for a region: what one leaves empty is what its language says (``delivery/regions.py``)."""

from collections.abc import Callable, Iterable
from typing import Any

from contenthub.delivery.resolving import BODY, CALL_TO_ACTION, IMAGE
from locales.catalogue import LocaleCatalogue, locale_catalogue
from locales.tags import parent_tags

from .translating.staleness import find_on_air, follow_where_silent, text_on_air
from .variants.overriding import value_of


def languages_of(row: Any, *, is_on_air: bool = False) -> list[Any]:
    """Return the language versions that give what ``row`` leaves empty, nearest first; of most rows there are none.

    They are as readers will see them when ``row`` goes live. While they see none, as last saved, or with
    ``is_on_air`` not at all.
    """
    codes = language_codes(row.locale.language_code)
    if not codes:
        return []
    rows = type(row).objects.filter(key=row.key, locale__language_code__in=codes).select_related("locale", "type")
    find = find_on_air if is_on_air else text_on_air
    found = [find(one, row.go_live_at) for one in rows.prefetch_related("type__field_definitions")]
    return nearest_first((one for one in found if one is not None), codes)


def language_codes(locale: str, catalogue: LocaleCatalogue | None = None) -> tuple[str, ...]:
    """Return the codes of the locales that give what a text in this one leaves empty, nearest first."""
    if "-" not in locale:  # a language alone is no region: nothing to look up
        return ()
    entry = (catalogue or locale_catalogue()).by_code.get(locale)
    return entry.languages if entry else parent_tags(locale)  # a new locale takes from its language


def nearest_first(rows: Iterable[Any], codes: tuple[str, ...]) -> list[Any]:
    """Return those of some rows that are in these locales, in the order of the codes."""
    by_code = {row.locale.language_code: row for row in rows}
    return [by_code[code] for code in codes if code in by_code]


def writes(row: Any, name: str) -> bool:
    """Tell whether a row says a field itself; of a picture and a call to action their leading part decides."""
    value = value_of(row, name)
    if name in (CALL_TO_ACTION, IMAGE):
        value = value[0]
    return list(value) != [] if name == BODY else value not in (None, "", [])


def givers_of(row: Any, languages: Iterable[Any] | None = None) -> Callable[[str], Any]:
    """Return what tells, by the name of a field, which row gives it: ``row``, or a language that it takes it from.

    ``languages`` are those of ``languages_of(row)`` where they have been read.
    """
    languages = languages_of(row) if languages is None else languages
    rows = [row, *languages] if languages else []  # of most rows there is nothing to be asked
    return lambda name: next((one for one in rows if writes(one, name)), row)


def follow_silently(originals: Iterable[Any], catalogue: LocaleCatalogue) -> None:
    """Let texts for regions go with originals that changed in what they leave to their language."""
    by_key = {original.key: original for original in originals}
    regions = [entry.id for entry in catalogue.by_code.values() if entry.languages]
    if not by_key or not regions:
        return
    model = type(next(iter(by_key.values())))
    for row in model.objects.filter(key__in=by_key, is_source=False, locale__in=regions).select_related("locale"):
        follow_where_silent(row, by_key[row.key], writes)
