"""How a change of tags reads: to the editor who looks at it, and in the history of each item."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain
from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot

from ..models import Tagging
from .edits import TagOperation

NOTES = {
    "keeps_draft": gettext_lazy("Its tags change on air; the other edits of its draft stay unpublished."),
    "joins_draft": gettext_lazy("The change joins the unpublished edits of its draft."),
    "only_draft": gettext_lazy("It is not on air: its draft changes."),
    "launch_follows": gettext_lazy("Its scheduled version changes too."),
    "launch_stays": gettext_lazy("Its scheduled version will go on air without the change."),
    "rule": gettext_lazy("%(facet)s: %(message)s"),
    "draft_rule": gettext_lazy("It cannot be published like that. %(facet)s: %(message)s"),
    "changed_since": gettext_lazy("Its tags in the same facet were changed since."),
    "retired": gettext_lazy("%(message)s went out of use since, and nothing replaces it: it cannot be put back."),
    "locked": gettext_lazy("It is locked."),
    "gone": gettext_lazy("It was deleted."),
}


class Telling:
    """Tells notes and changes in the editor's language; the taxonomy is read once."""

    def __init__(self) -> None:
        self.taxonomy: TaxonomySnapshot = taxonomy_snapshot()
        self.chain = editor_chain(locale_catalogue())

    def notes(self, notes: Iterable[list[str]]) -> list[str]:
        told = []
        for code, *values in notes:
            params = {}
            if values:
                facet = self.taxonomy.facets.get(values[0])
                params = {"facet": facet.label(self.chain)[0] if facet else values[0], "message": values[1]}
            told.append(NOTES[code] % params if params else str(NOTES[code]))
        return told

    def change(self, tagging: Tagging) -> str:
        """Return one sentence: what is done with which terms."""
        terms = self._labels(tagging.terms)
        match tagging.operation:
            case TagOperation.ADD:
                return _("Add %(terms)s") % {"terms": terms}
            case TagOperation.REMOVE:
                return _("Remove %(terms)s") % {"terms": terms}
            case _replace:
                return _("Replace %(replaced)s by %(terms)s") % {
                    "replaced": self._labels(tagging.replaced),
                    "terms": terms,
                }

    def _labels(self, ids: Iterable[int]) -> str:
        found = (self.taxonomy.find_id(pk) for pk in ids)
        return ", ".join(f"“{term.label(self.chain)[0]}”" for term in found if term)


class TagLogFormatter(LogFormatter):
    """One line in the history of an item: what came and what went."""

    label = gettext_lazy("Change tags with others")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        changes = [f"+ {code}" for code in data["added"]] + [f"− {code}" for code in data["removed"]]
        told = ", ".join(changes) or _("another order")
        if data["undo"]:
            return _("Tags changed with those of other items, undone: %(changes)s") % {"changes": told}
        if data["published"]:
            return _("Tags changed with those of other items, and published: %(changes)s") % {"changes": told}
        return _("Tags changed with those of other items: %(changes)s") % {"changes": told}
