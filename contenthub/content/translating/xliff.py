"""XLIFF, versions 1.2 and 2.x (OASIS), as translation agencies exchange it.

A row of the hub is a ``file`` whose ``original`` names it, a text of it is a unit. Texts with markup are HTML as text.
Notes and limits stand where the specifications have them, so that tools show both beside the text.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from locales.messages import Message, UnreadableFile
from locales.tags import MalformedTag, canonical_tag

V1 = "urn:oasis:names:tc:xliff:document:1.2"
V2 = "urn:oasis:names:tc:xliff:document:2.0"
SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNFINISHED = frozenset(
    "new needs-adaptation needs-l10n needs-review-adaptation needs-review-l10n needs-review-translation "
    "needs-translation initial".split()
)


def owner_of(message: Message) -> str:
    """Return the part of a message's context that names the row."""
    return message.context.partition("#")[0]


def to_xliff1(messages: Iterable[Message], *, source: str, target: str) -> bytes:
    """Return an XLIFF 1.2 file."""
    root = Element("xliff", {"version": "1.2", "xmlns": V1})
    for owner, texts in groupby(messages, owner_of):
        about = {"original": owner, "source-language": source, "target-language": target, "datatype": "html"}
        body = SubElement(SubElement(root, "file", about), "body")
        for one in texts:
            limit = {"maxwidth": str(one.longest), "size-unit": "char"} if one.longest else {}
            unit = SubElement(body, "trans-unit", {"id": _name(one), SPACE: "preserve", **limit})
            SubElement(unit, "source").text = one.source
            if one.target:
                state = "needs-review-translation" if one.is_fuzzy else "translated"
                SubElement(unit, "target", {"state": state}).text = one.target
            for note in one.notes:
                SubElement(unit, "note", {"from": "hub"}).text = note
    return _written(root)


def to_xliff2(messages: Iterable[Message], *, source: str, target: str) -> bytes:
    """Return an XLIFF 2.0 file. Ids of its units are numbers: what finds a text again is the unit's name."""
    about = {"version": "2.0", "xmlns": V2, "xmlns:slr": SIZES, "srcLang": source, "trgLang": target}
    root = Element("xliff", about)
    for number, (owner, texts) in enumerate(groupby(messages, owner_of), 1):
        file = SubElement(root, "file", {"id": f"f{number}", "original": owner})
        SubElement(file, "slr:profiles", {"generalProfile": "xliff:codepoints"})
        for place, one in enumerate(texts, 1):
            limit = {"slr:sizeRestriction": str(one.longest)} if one.longest else {}
            unit = SubElement(file, "unit", {"id": f"u{place}", "name": _name(one), SPACE: "preserve", **limit})
            if one.notes:
                notes = SubElement(unit, "notes")
                for note in one.notes:
                    SubElement(notes, "note").text = note
            state = "translated" if one.target and not one.is_fuzzy else "initial"
            segment = SubElement(unit, "segment", {"state": state})
            SubElement(segment, "source").text = one.source
            if one.target:
                SubElement(segment, "target").text = one.target
    return _written(root)


def from_xliff(data: bytes) -> tuple[str | None, list[Message]]:
    """Return the target language, None where the file does not say it, and the messages, of either version.

    Raises:
        UnreadableFile: it is no XLIFF, with the line where it breaks.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        raise UnreadableFile(f"Line {line}, column {column + 1}: {error}") from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise UnreadableFile(f"A document type or entities are not read: {error}") from error
    if _local(root) != "xliff":
        raise UnreadableFile(f"The file is no XLIFF: it begins with <{_local(root)}>.")
    if root.get("version", "").startswith("2."):
        return _tag(root.get("trgLang")), list(_units2(root))
    files = [one for one in root if _local(one) == "file"]
    return _tag(files[0].get("target-language") if files else None), list(_units1(files))


def _units1(files: list[Element]) -> Iterator[Message]:
    for file in files:
        for unit in file.iter():
            if _local(unit) == "trans-unit":
                target = _child(unit, "target")
                is_approved = unit.get("approved") == "yes"
                state = target.get("state", "") if target is not None else ""
                yield Message(
                    f"{file.get('original', '')}#{unit.get('id', '')}",
                    _text(_child(unit, "source")),
                    _text(target),
                    is_fuzzy=state in _UNFINISHED and not is_approved,
                )


def _units2(root: Element) -> Iterator[Message]:
    for file in root:
        for unit in file.iter():
            if _local(unit) == "unit":
                # Tools may cut a text into segments; what stands between them belongs to it too.
                parts = [one for one in unit if _local(one) in ("segment", "ignorable")]
                targets = [_child(one, "target") for one in parts]
                states = [one.get("state", "initial") for one in parts if _local(one) == "segment"]
                yield Message(
                    f"{file.get('original', '')}#{unit.get('name', '')}",
                    "".join(_text(_child(one, "source")) for one in parts),
                    "".join(
                        _text(
                            target
                            if target is not None
                            else _child(one, "source")
                            if _local(one) == "ignorable"
                            else None
                        )
                        for one, target in zip(parts, targets, strict=True)
                    )
                    if any(target is not None for target in targets)
                    else "",
                    is_fuzzy=any(state in _UNFINISHED for state in states),
                )


def _name(message: Message) -> str:
    return message.context.partition("#")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if _local(one) == name), None)


def _text(element: Element | None) -> str:
    """Return the text of an element, that of inline codes included."""
    return "" if element is None else "".join(element.itertext())


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _tag(text: str | None) -> str | None:
    try:
        return canonical_tag(text) if text else None
    except MalformedTag:
        return None


def _written(root: Element) -> bytes:
    for element in root.iter():
        element.text = element.text and _NOT_IN_XML.sub("", element.text)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True)
