"""In which languages somebody may write, and whether they may change what an item is: asked at every door."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

CONTENT = "content"  # the app whose permissions are narrowed
_KEPT = "_hub_grant"


@dataclass(frozen=True)
class Grant:
    """The ids of the locales that somebody may write in, None for all, and whether facts may be changed."""

    locales: frozenset[int] | None = None
    facts: bool = True

    def covers(self, locale_id: int) -> bool:
        return self.locales is None or locale_id in self.locales


EVERYTHING = Grant()


def grant_of(user: Any) -> Grant:
    """Return what somebody's groups allow together, one statement a request; nobody is the hub itself."""
    if user is None or user.is_superuser:
        return EVERYTHING
    kept = getattr(user, _KEPT, None)
    if kept is None:
        kept = _read(user)
        setattr(user, _KEPT, kept)
    return kept


def may_write(user: Any, locale_id: int) -> bool:
    return grant_of(user).covers(locale_id)


def may_change_facts(user: Any) -> bool:
    return grant_of(user).facts


def refuse_language(user: Any, locale: Any) -> None:
    """Raise PermissionDenied where somebody may not write in ``locale``."""
    if not may_write(user, locale.pk):
        raise PermissionDenied(_("You may read %(language)s, not write it.") % {"language": locale})


def refuse_facts(user: Any) -> None:
    """Raise PermissionDenied where somebody may not change facts."""
    if not may_change_facts(user):
        raise PermissionDenied(_("You may translate items, not change what they are."))


def _read(user: Any) -> Grant:
    """Return what the groups allow that let somebody work on content; with none of them, nothing is narrowed."""
    working = user.groups.filter(permissions__content_type__app_label=CONTENT).distinct()
    rows = working.values_list("pk", "language_grant", "language_grant__may_change_facts", "language_grant__locales")
    grants: dict[int, tuple[int | None, bool | None]] = {}
    locales: dict[int, set[int]] = defaultdict(set)
    for group, grant, facts, locale in rows:
        grants[group] = (grant, facts)
        if locale is not None:
            locales[group].add(locale)
    if not grants:
        return EVERYTHING
    is_everywhere = any(grant is None or not locales[group] for group, (grant, _) in grants.items())
    return Grant(
        locales=None if is_everywhere else frozenset().union(*locales.values()),
        facts=any(grant is None or facts for grant, facts in grants.values()),
    )
