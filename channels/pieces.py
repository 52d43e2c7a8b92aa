"""The parts of a document under the names that sources give them, in every form that shapes are made from."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from typing import Any, NamedTuple

from channels.codes import TextFormat
from channels.links import ITEM_PREFIX, address
from channels.markup import escape_markdown
from channels.personaltokens import Catalogue
from channels.prose import body_text, spoken_text
from channels.registry import LinkPolicy
from channels.sources import Alternatives, choose

Json = dict[str, Any]

_HREF = re.compile(r'href="([^"]*)"')  # how published rich text writes it
_ITEM_ANCHOR = re.compile(rf'<a\b[^>]*href="{ITEM_PREFIX}[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_RICH_TEXTS = {"rich_text": "html", "question": "answer"}


@dataclass(frozen=True)
class Surroundings:
    """What a document does not hold itself.

    ``term_label`` names a term by its code, ``full_address`` completes the address of a file, ``field_text`` writes
    one of the type's own fields for its locale; ``campaign`` is the code of the primary campaign, ``tokens`` gives the
    personal tokens by code.
    """

    term_label: Callable[[str], str]
    full_address: Callable[[str], str]
    field_text: Callable[[Json], str]
    language: str
    direction: str
    campaign: str | None = None
    tokens: Catalogue = dict


class Piece(NamedTuple):
    """A part of the content; ``plain`` is what is measured. ``links`` are the addresses it leads to.

    ``spoken`` is as ``spoken_text`` returns it, ``source`` the part's name without what follows a colon.
    """

    plain: str
    html: str
    markdown: str
    spoken: str
    blocks: list[Json]
    links: tuple[str, ...] = ()
    image: Json | None = None
    source: str = ""


class DocumentReader:
    """Finds the parts of a document, its links as the channel has them."""

    def __init__(self, document: Json, links: LinkPolicy, around: Surroundings) -> None:
        self._document, self._links, self._around = document, links, around
        self._blocks = [self._as_it_leads(block) for block in document["blocks"]]

    def pieces(self, sources: Alternatives) -> list[Piece]:
        """Return the parts that feed a field; a label and its link are one, beside legal the body is without notes."""
        found = choose(sources, self.piece)
        if any(piece.source == "legal" for piece in found):
            found = [piece if piece.source != "body" else self._body(with_notes=False) for piece in found]
        parts: list[Piece] = []
        for piece in filter(None, found):
            if piece.source == "link" and parts and parts[-1].source == "link_label":
                parts[-1] = self._call_to_action() or parts[-1]
            else:
                parts.append(piece)
        return parts

    def piece(self, name: str) -> Piece | None:
        """Return the part with this name (see ``channels.sources``); None where it is empty."""
        kind, _, key = name.partition(":")
        found = self._find(kind, key)
        return found and found._replace(source=kind)

    def _find(self, kind: str, key: str) -> Piece | None:
        match kind:
            case "headline" | "summary":
                return _text(self._document[kind])
            case "body":
                return self._body()
            case "legal":
                return self._running([block for block in self._blocks if block["type"] == "legal_note"])
            case "text":
                return _text(next((text["text"] for text in self._document["texts"] if text["name"] == key), None))
            case "field":
                return self._field(next((one for one in self._document["fields"] if one["name"] == key), None))
            case "image":
                return self._picture(self._document["image"])
            case "link_label":
                return _text((self._document["cta"] or {}).get("label"))
            case "link":
                return self._link((self._document["cta"] or {}).get("link"))
        return None

    def _body(self, *, with_notes: bool = True) -> Piece | None:
        found = self._running([block for block in self._blocks if with_notes or block["type"] != "legal_note"])
        return found and found._replace(source="body")

    def _call_to_action(self) -> Piece | None:
        found = self._running([self._as_it_leads({"type": "call_to_action", "cta": self._document["cta"]})])
        return found and found._replace(source="call_to_action")

    def _picture(self, image: Json | None) -> Piece | None:
        if not image:
            return None
        found = self._running([self._as_it_leads({"type": "image", "image": image, "caption": None})])
        return found._replace(plain=image["alt"], spoken=" ".join(image["alt"].split()), image=image)

    def _running(self, blocks: list[Json]) -> Piece | None:
        readable = [_for_readers(block) for block in blocks]
        forms = {form: body_text(readable, form, self._around.term_label) or "" for form in TextFormat}
        if not any(forms.values()):
            return None
        links = tuple(dict.fromkeys(link for block in blocks for link in _links_of(block)))
        spoken = spoken_text(readable, self._around.term_label)
        return Piece(forms[TextFormat.PLAIN], forms[TextFormat.HTML], forms[TextFormat.MARKDOWN], spoken, blocks, links)

    def _field(self, found: Json | None) -> Piece | None:
        if found is None:
            return None
        if found["kind"] == "link":
            return self._link(found["value"])
        if found["kind"] == "image":
            return self._picture(next(iter(found["value"]), None))
        return _text(self._around.field_text(found))

    def _link(self, link: Json | None) -> Piece | None:
        if not link:
            return None
        leads = self._leads(_written(link))
        if leads.startswith(ITEM_PREFIX):  # the channel has no address for items: a program may follow it, no reader
            return Piece("", "", "", "", [], (leads,))
        anchor = f'<p><a href="{escape(leads)}">{escape(leads)}</a></p>'
        return Piece(leads, anchor, f"<{leads}>", "", [{"type": "link", "url": leads}], (leads,))

    def _as_it_leads(self, block: Json) -> Json:
        """Return a block with its links as the channel has them, and full addresses of files."""
        kind = block["type"]
        if kind == "call_to_action" and block["cta"]["link"]:
            leads = self._link(block["cta"]["link"]).plain
            return {**block, "cta": {**block["cta"], "link": {"kind": "URL", "url": leads}}} if leads else block
        if kind == "image":
            return {**block, "image": {**block["image"], "url": self._around.full_address(block["image"]["url"])}}
        if kind in _RICH_TEXTS:
            name = _RICH_TEXTS[kind]
            return {**block, name: _HREF.sub(self._new_href, block[name])}
        return block

    def _new_href(self, found: re.Match[str]) -> str:
        return f'href="{escape(self._leads(unescape(found.group(1))))}"'

    def _leads(self, url: str) -> str:
        return address(url, self._links, self._around.campaign)


def _text(text: str | None) -> Piece | None:
    if not text:
        return None
    html = f"<p>{'<br>'.join(escape(line) for line in text.splitlines())}</p>"
    spoken = "\n\n".join(filter(None, (" ".join(part.split()) for part in text.split("\n\n"))))
    return Piece(text, html, escape_markdown(text), spoken, [{"type": "paragraph", "text": text}])


def _written(link: Json) -> str:
    return f"{ITEM_PREFIX}{link['key']}" if link["kind"] == "ITEM" else link["url"]


def _for_readers(block: Json) -> Json:
    """Return a block without anchors to items: where the channel has no address for them, the words alone stay."""
    kind = block["type"]
    if kind in _RICH_TEXTS:
        name = _RICH_TEXTS[kind]
        return {**block, name: _ITEM_ANCHOR.sub(r"\1", block[name])}
    if kind == "call_to_action" and (block["cta"]["link"] or {}).get("kind") == "ITEM":
        return {"type": "rich_text", "html": f"<p>{escape(block['cta']['label'])}</p>"}
    return block


def _links_of(block: Json) -> list[str]:
    if block["type"] in _RICH_TEXTS:
        return [unescape(url) for url in _HREF.findall(block[_RICH_TEXTS[block["type"]]])]
    if block["type"] == "call_to_action" and block["cta"]["link"]:
        return [_written(block["cta"]["link"])]
    return [block["url"]] if block["type"] == "embed" else []
