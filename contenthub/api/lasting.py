"""Parts of answers that last: what is selected of a term is the same for everybody, until the term changes."""

from collections.abc import Callable, Iterable
from typing import Any

from graphql import FieldNode, GraphQLObjectType

from taxonomy.schema import TermNode

_OF_TERMS = frozenset({"code", "label", "labelLocale", "uri", "isRetired", "position", "depth"})
_MOST_KEPT = 8  # selections and languages of one term: somebody may ask for it under ever new names

Selection = tuple[tuple[str, str], ...]


def lasting_selection(kind: GraphQLObjectType, chosen: Iterable[tuple[str, FieldNode]]) -> Selection | None:
    """Return the keys and names of what is selected of a term, if all of it lasts."""
    fields = [(key, node) for key, node in chosen]
    if kind.name != "Term" or any(node.arguments or node.name.value not in _OF_TERMS for _, node in fields):
        return None
    return tuple((key, node.name.value) for key, node in fields)


def once(selection: Selection, complete: Callable[..., Any]) -> Callable[..., Any]:
    """Return what completes a term as ``complete`` does, once for each selection and language."""

    def complete_once(run: Any, info: Any, value: TermNode | None) -> Any:
        if not isinstance(value, TermNode):
            return complete(run, info, value)
        kept, place = value.view.answers, (selection, value.chain)
        found = kept.get(place)
        if found is None:
            found = complete(run, info, value)
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[place] = found
        return found

    return complete_once
