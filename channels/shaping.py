"""The same content as a channel takes it: its own fields, in its shapes, measured. Pure functions on a document.

A document has the form of published documents: the head's keys, and ``blocks``.
"""

from dataclasses import dataclass
from html import escape

from channels import email
from channels.codes import Severity, Shape
from channels.findings import Finding, joined, judge
from channels.pictures import choose_size
from channels.pieces import DocumentReader, Json, Piece, Surroundings
from channels.registry import ChannelEntry, FieldEntry

SSML = "http://www.w3.org/2001/10/synthesis"


@dataclass(frozen=True)
class Rendition:
    """The fields of one channel, by name and in its order, and all that does not fit."""

    channel: ChannelEntry
    fields: Json
    findings: tuple[Finding, ...]

    @property
    def fits(self) -> bool:
        """Whether it may go out: warnings do not keep it."""
        return all(finding.severity != Severity.ERROR for finding in self.findings)


def shape(document: Json, channel: ChannelEntry, around: Surroundings, placement: str = "") -> Rendition:
    """Return ``document`` as ``channel`` takes it; in a placement its own limits hold instead."""
    reader = DocumentReader(document, channel.links, around)
    fields: Json = {}
    findings: list[Finding] = []
    for entry in channel.fields:
        if entry.sources:
            pieces = reader.pieces(entry.sources)
            value = _SHAPES[Shape(entry.shape)](pieces, entry, around) if pieces else None
            fields[entry.name] = value or None
            findings += judge(entry, pieces, value, channel, placement, around.tokens)
    return Rendition(channel, fields, tuple(findings))


def _plain(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> str:
    return joined(pieces)


def _html(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> str:
    return "\n".join(piece.html for piece in pieces if piece.html)


def _email(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> str:
    html = "\n".join(email.part(piece) for piece in pieces if piece.html)
    return html and email.page(html, language=around.language, direction=around.direction)


def _markdown(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> str:
    return "\n\n".join(piece.markdown for piece in pieces if piece.markdown)


def _blocks(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> list[Json]:
    return [block for piece in pieces for block in piece.blocks]


def _ssml(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> str:
    """Return speech (SSML 1.1): a paragraph for each of the text, in it a sentence for each point or row."""
    parts = (part.split("\n") for piece in pieces for part in piece.spoken.split("\n\n") if part)
    paragraphs = "".join(f"<p>{_sentences(lines)}</p>" for lines in parts)
    return paragraphs and (
        f'<speak version="1.1" xmlns="{SSML}" xml:lang="{escape(around.language)}">{paragraphs}</speak>'
    )


def _sentences(lines: list[str]) -> str:
    texts = [escape(line, quote=False) for line in lines]
    return texts[0] if len(texts) == 1 else "".join(f"<s>{text}</s>" for text in texts)


def _link(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> str:
    return pieces[0].links[0] if pieces[0].links else pieces[0].plain


def _image(pieces: list[Piece], entry: FieldEntry, around: Surroundings) -> Json | None:
    image = pieces[0].image
    if image is None:
        return None
    size = choose_size(image, entry.minimum_width)
    return {**size, "url": around.full_address(size["url"]), "alt": image["alt"]}


_SHAPES = {
    Shape.PLAIN: _plain,
    Shape.HTML: _html,
    Shape.EMAIL_HTML: _email,
    Shape.MARKDOWN: _markdown,
    Shape.BLOCKS: _blocks,
    Shape.SSML: _ssml,
    Shape.LINK: _link,
    Shape.IMAGE: _image,
}
