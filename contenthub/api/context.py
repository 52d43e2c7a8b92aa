"""What one request stands in: the hub's catalogues, each read at most once, the caller's rights, and notices."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from channels.personaltokens import Tokens
from channels.registry import ChannelRegistry
from contenthub.delivery.allocation import Experiment
from contenthub.delivery.consumers.scope import EVERYTHING, Scope
from contenthub.delivery.context import Context, ContextRequest, resolve_context
from contenthub.delivery.experiments import running_experiments
from locales.catalogue import LocaleCatalogue, LocaleEntry
from taxonomy.schema import TermNode
from taxonomy.snapshot import TaxonomySnapshot

from .catalogues import Catalogues
from .errors import ErrorCode, HubError
from .item_types import ItemTypeEntry
from .previewing import Overlay

MOST_ENTRIES = 50_000


class RequestContext:
    """The ``info.context`` of every resolver.

    ``root_fields`` are those of the query with their arguments, once a plan has answered it.
    """

    def __init__(
        self,
        rights: frozenset[str] = frozenset(),
        scope: Scope = EVERYTHING,
        catalogues: Catalogues | None = None,
    ) -> None:
        self.rights = rights
        self.scope = scope
        self._catalogues = catalogues or Catalogues()
        self._are_kept = catalogues is not None
        self.notices: list[dict[str, str | None]] = []
        self.overlay = Overlay()
        self.root_fields: list[tuple[str, dict[str, Any]]] | None = None
        self._contexts: dict[ContextRequest, Context] = {}
        self._experiments: dict[datetime, list[Experiment]] = {}
        self._entries = 0
        self._ends_at = time.monotonic() + settings.HUB_ANSWER_SECONDS

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @cached_property
    def taxonomy(self) -> TaxonomySnapshot:
        return self.scope.taxonomy(self._catalogues.taxonomy)

    @cached_property
    def locales(self) -> LocaleCatalogue:
        return self.scope.locale_catalogue(self._catalogues.locales)

    @cached_property
    def channels(self) -> ChannelRegistry:
        return self.scope.channel_registry(self._catalogues.channels)

    @cached_property
    def item_types(self) -> dict[str, ItemTypeEntry]:
        return {code: kind for code, kind in self._catalogues.item_types.items() if self.scope.shows_type(code)}

    def tokens(self) -> Tokens:
        """Return the personal tokens by code."""
        return self._catalogues.tokens

    def experiments(self, instant: datetime) -> list[Experiment]:
        """Return the experiments that run at an instant, by code."""
        if instant not in self._experiments:
            self._experiments[instant] = running_experiments(instant)
        return self._experiments[instant]

    def notice(self, code: str, message: str, argument: str | None = None) -> None:
        """Tell the caller something beside the answer, once."""
        notice = {"code": code, "message": message, "argument": argument}
        if notice not in self.notices:
            self.notices.append(notice)

    def restart(self) -> None:
        """Forget what was told and counted: the answer is begun anew, in the time that is left."""
        self.overlay.leave()
        self.notices.clear()
        self._contexts.clear()  # to resolve one tells notices
        self._entries = 0

    def spend(self, entries: int) -> None:
        """Count what the answer holds.

        Raises:
            HubError: it is more than one answer may hold, or took longer than one may take.
        """
        self.check_time()
        self._entries += entries
        if self._entries > MOST_ENTRIES:
            raise HubError(
                ErrorCode.TOO_COSTLY,
                f"The answer would hold more than {MOST_ENTRIES:,} list entries: ask for smaller pages.",
            )

    def check_time(self) -> None:
        """Give up on an answer that takes too long.

        Raises:
            HubError: TIMEOUT.
        """
        if time.monotonic() > self._ends_at:
            raise HubError(ErrorCode.TIMEOUT, "The answer took longer than allowed: ask for less, or try again.")

    @property
    def is_keepable(self) -> bool:
        """Whether the answer stays right until the hub changes: a named instant passes, a preview goes on."""
        return not any(given.at or given.preview for given in self._contexts)

    @property
    def is_personal(self) -> bool:
        """Whether the answer was made for one subject, so that no cache shared with others should hold it."""
        return any(given.subject for given in self._contexts)

    def resolve(self, given: ContextRequest) -> Context:
        """Return the context that a root field was given; the same request asked twice is resolved once."""
        self.check_time()
        if given.preview is not None:
            self.overlay.enter(given.preview, self.now)
        if given not in self._contexts:
            resolved = resolve_context(given, self, may_travel="time" in self.rights)
            if self.scope != EVERYTHING:
                resolved = replace(resolved, scope=self.scope.rows(self.channels, self.locales))
            self._contexts[given] = resolved
        if self._contexts[given].is_past:
            self.overlay.open_past()
        return self._contexts[given]

    def term(self, code: str, locale: LocaleEntry) -> TermNode | None:
        """Return a term as the API shows it, with labels along the chain of ``locale``; None if it is gone."""
        return next(iter(self.terms([code], locale)), None)

    def terms(self, codes: Sequence[str], locale: LocaleEntry) -> list[TermNode]:
        """Return terms that an item names, in this order; those that are gone or hidden are left out."""
        known = self._catalogues.term_nodes(self.scope.facets, locale.chain, self.taxonomy)
        found = [known[code] for code in codes]
        if None not in found:
            return found
        if self._are_kept and any(self._catalogues.taxonomy.find(code) is None for code in codes):
            # The item is younger than the catalogues at hand.
            self._catalogues, self._are_kept = Catalogues(), False
            self.__dict__.pop("taxonomy", None)
            return self.terms(codes, locale)
        return [node for node in found if node]
