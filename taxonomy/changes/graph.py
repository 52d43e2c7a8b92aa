"""A facet's terms as a change sees them: who stands where, in which state; and the rules that must hold afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from taxonomy.closure import CyclicHierarchy, ancestor_distances, branch
from taxonomy.codes import TermStatus
from taxonomy.models import Facet, FurtherParent, Term, TermLabel

State = dict[str, Any]
Edits = dict[int, State]  # by term id: what is to become of which attribute

SHAPE = ("parent", "further", "position", "status", "replaced_by")


class Graph:
    """The terms of one facet. ``states`` holds, by id, the attributes of SHAPE; labels are read when asked for.

    Parents and successors are ids: ``further`` in order, ``replaced_by`` sorted.
    """

    def __init__(self, facet: Facet) -> None:
        self.facet = facet
        self.codes: dict[int, str] = {}
        self.states: dict[int, State] = {}
        for pk, code, parent, position, status in Term.objects.filter(facet=facet).values_list(
            "pk", "code", "parent_id", "position", "status"
        ):
            self.codes[pk] = code
            self.states[pk] = {
                "parent": parent, "further": [], "position": position, "status": status, "replaced_by": [],
            }  # fmt: skip
        for pk, parent in _links(FurtherParent.objects.filter(term__facet=facet), "term_id", "parent_id"):
            self.states[pk]["further"].append(parent)
        successors = Term.replaced_by.through.objects.filter(from_term__facet=facet)
        for pk, successor in sorted(_links(successors, "from_term_id", "to_term_id")):
            self.states[pk]["replaced_by"].append(successor)
        self.ids = {code: pk for pk, code in self.codes.items()}
        self.children: dict[int | None, set[int]] = defaultdict(set)
        for pk in self.states:
            self._hang(pk)

    def get(self, code: str, *, to: str = "change") -> int:
        """Return the id of a term of this facet.

        Raises:
            ValidationError: there is none.
        """
        if code in self.ids:
            return self.ids[code]
        if code.partition(":")[0] != self.facet.code:
            raise ValidationError(
                _("%(code)s is of another facet: a term is changed within %(facet)s only.")
                % {"code": code, "facet": self.facet.code}
            )
        raise ValidationError(
            _("There is no term %(code)s to %(to)s. Look at its spelling.") % {"code": code, "to": to}
        )

    def find(self, code: str | None, **told: str) -> int | None:
        return None if code is None else self.get(code, **told)

    def parents(self, pk: int) -> list[int]:
        """Return the terms directly above, the primary one first."""
        state = self.states[pk]
        return [state["parent"], *state["further"]] if state["parent"] else []

    def siblings(self, parent: int | None) -> list[int]:
        """Return the terms whose primary parent this is, in their order."""
        below = [pk for pk in self.children[parent] if self.states[pk]["parent"] == parent]
        return sorted(below, key=lambda pk: (self.states[pk]["position"], self.codes[pk]))

    def current_children(self, pk: int) -> list[int]:
        """Return the current terms directly below, by every parent: those by their primary one first, in order."""
        own = self.siblings(pk)
        linked = sorted(self.children[pk] - set(own), key=lambda child: self.codes[child])
        return [child for child in (*own, *linked) if not self.is_retired(child)]

    def branch(self, pks: Iterable[int]) -> set[int]:
        """Return these terms and everything below them."""
        return set(branch(pks, self.children))

    def above(self, pks: Iterable[int]) -> dict[int, set[int]]:
        """Return everything above each of these terms."""
        table = _Parents(self)
        return {pk: set(found) - {pk} for pk, found in ancestor_distances(pks, table).items()}

    def is_retired(self, pk: int) -> bool:
        return self.states[pk]["status"] == TermStatus.RETIRED

    def labels(self, pk: int) -> list[list[str]]:
        """Return language, kind and text of the term's labels in their order."""
        state = self.states[pk]
        if "labels" not in state:
            rows = TermLabel.objects.filter(term=pk).order_by("pk").values_list("language", "kind", "text")
            state["labels"] = [list(row) for row in rows]
        return state["labels"]

    def related(self, pk: int) -> list[int]:
        """Return the ids of related terms, of whatever facet, sorted."""
        state = self.states[pk]
        if "related" not in state:
            rows = Term.related.through.objects.filter(from_term=pk)
            state["related"] = sorted(rows.values_list("to_term_id", flat=True))
        return state["related"]

    def value(self, pk: int, name: str) -> Any:
        """Return one attribute of a term's state."""
        if name == "labels":
            return self.labels(pk)
        return self.related(pk) if name == "related" else self.states[pk][name]

    def apply(self, edits: Mapping[int, State]) -> None:
        """Let the terms be as the edits say, here only."""
        for pk, changed in edits.items():
            for parent in self.parents(pk) or [None]:
                self.children[parent].discard(pk)
            self.states[pk].update(changed)
            self._hang(pk)

    def check(self, pks: Iterable[int]) -> None:
        """Refuse what must not stand.

        Raises:
            ValidationError: one of the terms stands below itself, below a retired one while it is current, twice
                below the same, or is retired while current terms stand below it.
        """
        pks = list(pks)
        try:
            ancestor_distances(pks, _Parents(self))
        except CyclicHierarchy as cycle:
            walk = " below ".join(self.codes[pk] for pk in cycle.members)
            raise ValidationError(
                _("A term cannot stand below itself: %(walk)s. Choose another parent.") % {"walk": walk}
            ) from cycle
        for pk in pks:
            self._check(pk)

    def _check(self, pk: int) -> None:
        code, state, parents = self.codes[pk], self.states[pk], self.parents(pk)
        if state["further"] and not state["parent"]:
            raise ValidationError(
                _("%(code)s would have further parents without a primary one: choose one.") % {"code": code}
            )
        if len(set(parents)) < len(parents):
            raise ValidationError(_("A parent of %(code)s is given twice: name each once.") % {"code": code})
        if self.is_retired(pk):
            below = self.current_children(pk)
            if below:
                named = _named(self.codes[child] for child in below)
                told = ngettext(
                    "%(count)d current term stands below %(code)s (%(named)s): say where to, or move or retire "
                    "what is there first.",
                    "%(count)d current terms stand below %(code)s (%(named)s): say where to, or move or retire "
                    "what is there first.",
                    len(below),
                )
                raise ValidationError(told % {"count": len(below), "code": code, "named": named})
            return
        for parent in parents:
            if self.is_retired(parent):
                raise ValidationError(
                    _(
                        "%(parent)s is retired: nothing current can stand below it, and %(code)s would. "
                        "Restore %(parent)s first, or choose another parent."
                    )
                    % {"parent": self.codes[parent], "code": code}
                )

    def _hang(self, pk: int) -> None:
        for parent in self.parents(pk) or [None]:
            self.children[parent].add(pk)


class _Parents(dict):
    """The table of parents that the closure asks, read from the graph itself."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph

    def get(self, pk: int, default: Any = None) -> list[int]:
        return self.graph.parents(pk)


def _links(rows: Any, *columns: str) -> list[tuple[int, int]]:
    return list(rows.order_by("pk").values_list(*columns))


def _named(codes: Iterable[str]) -> str:
    codes = list(codes)
    return ", ".join(codes[:5]) + (" …" if len(codes) > 5 else "")
