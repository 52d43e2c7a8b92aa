"""What each editor tagged with lately, to offer it again."""

from collections.abc import Iterable

from django.utils import timezone

from contenthub.accounts.models import User
from taxonomy.snapshot import TaxonomySnapshot, TermView

from ..models import RecentTerm

MOST_KEPT = 100


def remember_terms(user: User, term_ids: Iterable[int]) -> None:
    """Note that an editor has just tagged with these terms; only the newest are kept."""
    now = timezone.now()
    RecentTerm.objects.bulk_create(
        [RecentTerm(user=user, term_id=term_id, used_at=now) for term_id in term_ids],
        update_conflicts=True,
        unique_fields=["user", "term"],
        update_fields=["used_at"],
    )
    old = list(RecentTerm.objects.filter(user=user).values_list("pk", flat=True)[MOST_KEPT : MOST_KEPT * 2])
    if old:
        RecentTerm.objects.filter(pk__in=old).delete()


def recent_terms(user: User, taxonomy: TaxonomySnapshot) -> dict[str, list[TermView]]:
    """Return the terms an editor tagged with lately, by facet, the latest first; retired ones left out."""
    found: dict[str, list[TermView]] = {}
    for pk in RecentTerm.objects.filter(user=user).values_list("term_id", flat=True)[:MOST_KEPT]:
        term = taxonomy.find_id(pk)
        if term and not term.is_retired:
            found.setdefault(term.facet, []).append(term)
    return found
