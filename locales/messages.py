"""Texts to be translated as gettext PO files, which translators' tools read and write."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from locales.cldr import cldr_locale
from locales.tags import MalformedTag, canonical_tag

_PLACEHOLDERS = re.compile(
    rb'^"(?:Report-Msgid-Bugs-To|PO-Revision-Date|Last-Translator|Language-Team): .*\n', re.MULTILINE
)


@dataclass(frozen=True)
class Message:
    """One text and its translation, found again by ``context``.

    ``is_fuzzy``: the translation is not what the source says, or not yet. ``longest`` is in characters; None: no limit.
    """

    context: str
    source: str
    target: str = ""
    notes: tuple[str, ...] = ()
    longest: int | None = None
    is_fuzzy: bool = False


class UnreadableFile(ValueError):
    """Raised for a file that is none of the formats, or that breaks off; the message says where."""


def to_po(messages: Iterable[Message], *, source: str, target: str) -> bytes:
    """Return a PO file in UTF-8 of messages from a source language into a target language, both as tags."""
    about = f"# From {source} into {target}. What stands in msgctxt finds each text again: leave it as it is."
    catalog = Catalog(cldr_locale(target), project="contenthub", version="1", fuzzy=False, header_comment=about)
    for one in messages:
        catalog.add(
            one.source,
            one.target,
            context=one.context,
            auto_comments=one.notes,
            flags=["fuzzy"] if one.is_fuzzy and one.target else [],
        )
    written = io.BytesIO()
    write_po(written, catalog, width=0)
    # Babel knows some of the hub's languages under other names, and puts addresses in that nobody has.
    text = re.sub(rb'"Language: [^"]*"', f'"Language: {target}\\\\n"'.encode(), written.getvalue(), count=1)
    return _PLACEHOLDERS.sub(b"", text)


def from_po(data: bytes) -> tuple[str | None, list[Message]]:
    """Return the target language, None where the file does not say it, and the messages.

    Raises:
        UnreadableFile: it is no PO file, with the line where it breaks.
    """
    try:
        catalog = read_po(io.BytesIO(data), charset="utf-8", abort_invalid=True)
    except PoFileError as error:
        raise UnreadableFile(f"Line {error.lineno + 1}: {error}") from error
    except (UnicodeDecodeError, ValueError, LookupError) as error:
        raise UnreadableFile(str(error)) from error
    found = [
        Message(one.context or "", one.id, one.string or "", is_fuzzy=one.fuzzy)
        for one in catalog
        if one.id and isinstance(one.id, str) and isinstance(one.string or "", str)
    ]
    return _language(data), found


def _language(data: bytes) -> str | None:
    """Return the tag in the header."""
    for line in data[:20_000].decode("utf-8", "replace").splitlines():
        name, _, value = line.strip().strip('"').partition(":")
        if name == "Language":
            try:
                return canonical_tag(value.replace("\\n", "").strip())
            except MalformedTag:
                return None
    return None
