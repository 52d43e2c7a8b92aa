"""What is mended while a file is read, so that it can be held and written again; each mending is a finding."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from taxonomy.skos.facts import Finding, Severity, storable

NO_BASE = "https://no-base.invalid/"

_BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_TAG = re.compile(r"[A-Za-z]+(-[A-Za-z0-9]+)*")
_NOT_IN_URIS = {ord(character): quote(character) for character in ' <>"{}|\\^`'} | {
    code: quote(chr(code)) for code in range(32)
}


class UnreadableFile(ValueError):
    """Raised for what is no RDF of its format, or goes beyond the bounds."""


def decoded(content: bytes) -> str:
    """Return UTF-8 text.

    Raises:
        UnreadableFile: it is none; the message names the line.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"Line {line}: this is not UTF-8 text.") from error


class Spelling:
    """What is mended while a file is read, and how often."""

    def __init__(self, fallback_base: str) -> None:
        self.fallback_base = fallback_base
        self.relative: set[str] = set()
        self.mended_uris: set[str] = set()
        self.mended_texts = 0
        self.mended_tags: Counter[tuple[str, str]] = Counter()
        self.notes: list[str] = []

    def without_mark(self, content: bytes, format: str) -> bytes:
        """Return the text in UTF-8 without its byte order mark."""
        for mark, encoding in _BOMS.items():
            if content.startswith(mark):
                self.notes.append(f"It begins with a byte order mark ({encoding.upper()}), which was skipped.")
                try:
                    text = content.removeprefix(mark).decode(encoding)
                except UnicodeDecodeError as error:
                    raise UnreadableFile(f"This is not {encoding.upper()} text.") from error
                if format == "xml" and encoding != "utf-8":
                    return content  # its declaration names the encoding, and the XML parser knows the mark
                return text.encode()
        return content

    def language(self, tag: str | None) -> str | None:
        """Return a tag that RDF can hold, or None where nothing is left of it."""
        if not tag or _TAG.fullmatch(tag):
            return tag
        parts = ["".join(filter(_is_ascii_alnum, part)) for part in tag.replace("_", "-").split("-")]
        mended = "-".join(filter(None, parts))
        mended = mended if _TAG.fullmatch(mended) else ""
        self.mended_tags[tag, mended] += 1
        return mended or None

    def text(self, text: str) -> str:
        """Return a text without what neither files nor databases can hold."""
        held = storable(text)
        self.mended_texts += held != text
        return held

    def uri(self, uri: str) -> str:
        if uri.startswith(NO_BASE):
            self.relative.add(uri)
            uri = self.fallback_base + uri.removeprefix(NO_BASE)
        mended = storable(uri.translate(_NOT_IN_URIS))
        if mended != uri:
            self.mended_uris.add(uri)
        return mended

    def findings(self) -> Iterator[Finding]:
        for note in self.notes:
            yield Finding(Severity.NOTE, "", "", note)
        if self.relative:
            example = min(self.relative).removeprefix(NO_BASE)
            told = f"{len(self.relative)} relative addresses have no base and were read against {self.fallback_base}"
            yield Finding(Severity.WARNING, "", example, f"{told}: name the base that they are meant for.")
        for uri in sorted(self.mended_uris):
            yield Finding(
                Severity.WARNING,
                "",
                storable(uri),
                "This address has characters that none may have; they were encoded.",
            )
        if self.mended_texts:
            told = f"{self.mended_texts} texts hold characters that are none (NUL, half a pair); they were replaced."
            yield Finding(Severity.WARNING, "", "", told)
        for (tag, mended), times in sorted(self.mended_tags.items()):
            told = f"'{tag}' is no language tag (BCP 47); {times} texts are read as {mended or 'of no language'}."
            yield Finding(Severity.WARNING, "", storable(tag), storable(told))


def _is_ascii_alnum(character: str) -> bool:
    return character.isascii() and character.isalnum()
