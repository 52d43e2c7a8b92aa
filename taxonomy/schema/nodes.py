"""What GraphQL resolvers of the taxonomy hand to each other: terms and facets with the chain their labels follow."""

import base64
import binascii
import json
from typing import Any, NamedTuple

from taxonomy.facetview import FacetView, TermView

Chain = tuple[str, ...]


class BadArgument(ValueError):
    """Raised for an argument that cannot be answered; the message names it, the value and the remedy."""

    def __init__(self, argument: str, message: str) -> None:
        super().__init__(message)
        self.argument = argument


class TermNode(NamedTuple):
    """A term with the chain that labels around it follow."""

    view: TermView
    chain: Chain


class FacetNode(NamedTuple):
    """A facet with the chain that labels around it follow."""

    view: FacetView
    chain: Chain


def term_id(node: TermNode) -> str:
    """Return the opaque id of a term as its labels are shown: its code and the language asked for."""
    content = json.dumps(["Term", node.view.code, *node.chain[:1]], separators=(",", ":"))
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def find_term_node(text: str, context: Any) -> TermNode | None:
    """Return the term that an id names, None if it is not that of a term of the hub."""
    try:
        kind, code, language = json.loads(
            base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        )
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None
    if kind != "Term" or not isinstance(code, str) or not isinstance(language, str):
        return None
    view, entry = context.taxonomy.find(code), context.locales.by_code.get(language)
    return view and TermNode(view, entry.chain if entry else (language, *context.locales.default.chain))
