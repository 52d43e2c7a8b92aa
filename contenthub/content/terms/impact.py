"""What changes of terms touch of the content: named counts, each thing once."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from contenthub.delivery.models import IndexRow, TermRow
from contenthub.delivery.reclassifying import misplaced_rows
from taxonomy.dependants import TermChange, TermsChanged
from taxonomy.models import Term

from ..models import ClassificationRule, ContentItem
from ..variants.retagging import naming
from .places import Names, chunks, places_of


def impact_of(changes: Sequence[TermsChanged]) -> dict[str, int]:
    """Return how many items, localizations, variants, rules and published answers the changes touch; zero left out.

    Asked while the terms are changed already. Items and localizations are those that are re-tagged, go on naming what
    is retired, or whose published answers change; answers are counted by served locale, those to come included.

    Raises:
        ValidationError: a rule could not follow, or an item that is to go somewhere does not exist.
    """
    codes = {kind: {code for one in changes if one.kind == kind for code in one.codes} for kind in TermChange}
    ids = {kind: _ids(found) for kind, found in codes.items()}
    merged = ids[TermChange.MERGED]
    for change in changes:
        refuse_unknown_items(change)
    rules = _rules(merged, ids[TermChange.RETIRED])
    gone = (TermChange.MERGED, TermChange.RETIRED)
    names = Names(
        tuple(pk for kind in gone for pk in sorted(ids[kind])), tuple(code for kind in gone for code in codes[kind])
    )
    variants = set(naming(names).values_list("pk", "localization__key")) if names.ids else set()
    keys = places_of(names).keys | {key for _, key in variants}
    answers = _rows(IndexRow.objects.filter(key__in=chunk) for chunk in chunks(keys))
    moved = misplaced_rows(ids[TermChange.MOVED])
    named = ids[TermChange.RENAMED] | ids[TermChange.RESTORED] | ids[TermChange.RETIRED]
    told = _rows(
        IndexRow.objects.filter(pk__in=TermRow.objects.filter(term__in=chunk, is_own=True).values("row"))
        for chunk in chunks(named)
    )
    others = _rows(IndexRow.objects.filter(pk__in=chunk) for chunk in chunks((moved | told) - answers))
    for chunk in chunks(others):
        keys |= set(IndexRow.objects.filter(pk__in=chunk).values_list("key", flat=True))
    localizations = sum(ContentItem.objects.of_keys(chunk).count() for chunk in chunks(keys))
    counts = {
        "items": len(keys),
        "localizations": localizations,
        "variants": len(variants),
        "rules": len(rules),
        "answers": len(answers | others),
    }
    return {name: count for name, count in counts.items() if count}


def refuse_unknown_items(change: TermsChanged) -> None:
    """Raise ValidationError where an item that is to go somewhere does not exist."""
    keys = set(change.items)
    for chunk in chunks(keys):
        keys -= set(ContentItem.objects.of_keys(chunk).values_list("key", flat=True))
    if keys:
        raise ValidationError(
            _("There is no item %(keys)s: look at the keys that are given.") % {"keys": ", ".join(sorted(keys)[:5])}
        )


def _rules(merged: set[int], retired: set[int]) -> QuerySet[ClassificationRule]:
    """Return the rules that follow.

    Raises:
        ValidationError: one asks for the branch of a term that nothing is to replace.
    """
    rules = ClassificationRule.objects.select_related("item_type", "below")
    for rule in rules.filter(below__in=retired):
        raise ValidationError(
            _(
                "The type %(item_type)s takes only terms below %(code)s: name a term that replaces "
                "it, or change that rule of %(item_type)s first."
            )
            % {"item_type": rule.item_type, "code": rule.below.code}
        )
    return rules.filter(below__in=merged)


def _rows(queries: Iterable[QuerySet[IndexRow]]) -> set[int]:
    now = timezone.now()
    return {pk for query in queries for pk in query.filter(ends_at__gt=now).values_list("pk", flat=True)}


def _ids(codes: Iterable[str]) -> set[int]:
    terms = Term.objects
    return {pk for some in chunks(set(codes)) for pk in terms.filter(code__in=some).values_list("pk", flat=True)}
