"""Rich text in other forms: the small HTML of published documents as Markdown (CommonMark 0.31) or plain text."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from channels.codes import TextFormat
from channels.personaltokens import TOKEN

_VOID = frozenset({"br", "hr"})
_EMPHASIS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "hr", *_HEADINGS})
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SPECIAL = re.compile(TOKEN.pattern + r"|([\\`*_\[\]<>&~|])")  # a personal token stays as it is
_LINE_START = re.compile(r"^(\s*)([#+=-]|\d{1,9}(?=[.)]))", re.MULTILINE)


@dataclass
class Element:
    """One element of a text: texts and elements inside it, in order."""

    tag: str
    href: str = ""
    children: "list[Element | str]" = field(default_factory=list)


def as_format(html: str, form: TextFormat) -> str:
    """Return rich text in the form asked for."""
    match form:
        case TextFormat.HTML:
            return html
        case TextFormat.MARKDOWN:
            return as_markdown(html)
        case TextFormat.PLAIN:
            return as_plain(html)


def as_markdown(html: str) -> str:
    """Return rich text as Markdown.

    >>> as_markdown('<p>A <b>bold</b> <a href="https://example.com/">link</a></p>')
    'A **bold** [link](https://example.com/)'
    """
    return _blocks_as_markdown(parse(html).children)


def as_plain(html: str) -> str:
    """Return rich text without markup; blocks are parted by blank lines, entries of lists by line ends.

    >>> as_plain("<p>To do:</p><ul><li>this</li><li>that</li></ul>")
    'To do:\\n\\n- this\\n- that'
    """
    return _blocks_as_plain(parse(html).children)


def as_spoken(html: str) -> str:
    """Return rich text as it is read aloud: no marks and no addresses, each entry of a list on a line of its own.

    >>> as_spoken('<p>To <a href="https://example.com/">do</a>:</p><ul><li>this</li><li>that</li></ul>')
    'To do:\\n\\nthis\\nthat'
    """
    return _blocks_as_spoken(parse(html).children)


def parse(html: str) -> Element:
    """Return the tree of a text; an element that is not closed ends with the one around it."""
    reader = _TreeReader()
    reader.feed(html)
    reader.close()
    return reader.root


def escape_markdown(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is.

    >>> escape_markdown("1. a*b"), escape_markdown("<x>")
    ('1\\\\. a\\\\*b', '\\\\<x\\\\>')
    """
    return _LINE_START.sub(_escape_start, _SPECIAL.sub(_escape_special, text))


def _escape_special(found: re.Match[str]) -> str:
    return f"\\{found[2]}" if found[2] else found[0]


def _escape_start(found: re.Match[str]) -> str:
    space, mark = found.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


# --- Markdown ---------------------------------------------------------------------------------------------


def _blocks_as_markdown(children: Iterable[Element | str]) -> str:
    return "\n\n".join(filter(None, (_block_as_markdown(part) for part in _in_blocks(children))))


def _block_as_markdown(block: Element) -> str:
    if block.tag in _HEADINGS:
        return f"{_HEADINGS[block.tag]} {_on_one_line(_inline_as_markdown(block.children))}"
    if block.tag == "hr":
        return "---"
    if block.tag == "blockquote":
        return _indented(_blocks_as_markdown(block.children), "> ", "> ")
    if block.tag in ("ul", "ol"):
        return "\n".join(
            _indented(_blocks_as_markdown(entry.children), marker, " " * len(marker))
            for marker, entry in _numbered(block)
        )
    if any(_is_block(child) for child in block.children):
        return _blocks_as_markdown(block.children)
    return _LINE_START.sub(_escape_start, _inline_as_markdown(block.children).strip())


def _inline_as_markdown(children: Iterable[Element | str]) -> str:
    parts = list(children)
    done = ""
    for index, part in enumerate(parts):
        if isinstance(part, str):
            done += _SPECIAL.sub(_escape_special, _SPACE.sub(" ", part))
        elif part.tag == "br":
            done = f"{done.rstrip(' ')}\\\n"
        elif part.tag == "code":
            done += _code(_text_of(part))
        elif part.tag == "a":
            done += _link(part)
        elif part.tag in _EMPHASIS:
            done += _emphasised(part, done, _first_text(parts[index + 1 :]))
        elif part.tag in ("sub", "sup", "u", "s"):
            done += f"<{part.tag}>{_inline_as_markdown(part.children)}</{part.tag}>"
        else:
            done += _inline_as_markdown(part.children)
    return re.sub(" {2,}", " ", re.sub(r"\n +", "\n", done))


def _emphasised(part: Element, before: str, after: str) -> str:
    """Return the part between marks, or between tags where marks would not be read as such (CommonMark 6.2)."""
    inner = _inline_as_markdown(part.children)
    text = inner.strip(" ")
    if not text:
        return inner
    lead, trail = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
    opens = not _is_punctuation(text[0]) or lead or not before or not _is_word(before[-1])
    closes = not _is_punctuation(text[-1]) or trail or not after or not _is_word(after[0])
    touching = (not lead and before[-1:] in ("*", "\\")) or (not trail and after[:1] == "*")
    if opens and closes and not touching and text[0] != "*" and text[-1] != "*" and "\n" not in text:
        return f"{lead}{_EMPHASIS[part.tag]}{text}{_EMPHASIS[part.tag]}{trail}"
    tag = "strong" if _EMPHASIS[part.tag] == "**" else "em"
    return f"{lead}<{tag}>{text}</{tag}>{trail}"


def _link(part: Element) -> str:
    text = _on_one_line(_inline_as_markdown(part.children))
    href = re.sub(r"[\s<>()\\]", lambda found: f"%{ord(found.group()):02X}", part.href)
    return f"[{text}]({href})" if href else text


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}" if text.strip() else text


# --- plain text -------------------------------------------------------------------------------------------


def _blocks_as_plain(children: Iterable[Element | str]) -> str:
    return "\n\n".join(filter(None, (_block_as_plain(part) for part in _in_blocks(children))))


def _block_as_plain(block: Element) -> str:
    if block.tag in ("ul", "ol"):
        return "\n".join(
            _indented(_blocks_as_plain(entry.children), marker, " " * len(marker)) for marker, entry in _numbered(block)
        )
    if any(_is_block(child) for child in block.children):
        return _blocks_as_plain(block.children)
    lines = _inline_as_plain(block.children).split("\n")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in lines).strip()


def _inline_as_plain(children: Iterable[Element | str]) -> str:
    done = ""
    for part in children:
        if isinstance(part, str):
            done += _SPACE.sub(" ", part)
        elif part.tag == "br":
            done += "\n"
        elif part.tag == "a":
            text = _inline_as_plain(part.children)
            done += text if not part.href or text.strip() in part.href else f"{text} ({part.href})"
        else:
            done += _inline_as_plain(part.children)
    return done


# --- speech -----------------------------------------------------------------------------------------------


def _blocks_as_spoken(children: Iterable[Element | str]) -> str:
    return "\n\n".join(filter(None, (_block_as_spoken(part) for part in _in_blocks(children))))


def _block_as_spoken(block: Element) -> str:
    if block.tag in ("ul", "ol"):
        entries = (_blocks_as_spoken(entry.children).replace("\n\n", "\n") for _mark, entry in _numbered(block))
        return "\n".join(filter(None, entries))
    if any(_is_block(child) for child in block.children):
        return _blocks_as_spoken(block.children)
    return " ".join(_inline_as_spoken(block.children).split())


def _inline_as_spoken(children: Iterable[Element | str]) -> str:
    return "".join(
        part if isinstance(part, str) else " " if part.tag == "br" else _inline_as_spoken(part.children)
        for part in children
    )


# --- trees ------------------------------------------------------------------------------------------------


def _in_blocks(children: Iterable[Element | str]) -> list[Element]:
    """Return the children as blocks: inline parts between blocks become paragraphs."""
    blocks: list[Element] = []
    loose: Element | None = None
    for child in children:
        if _is_block(child):
            blocks.append(child)
            loose = None
        elif loose:
            loose.children.append(child)
        elif not isinstance(child, str) or child.strip():
            loose = Element("p", children=[child])
            blocks.append(loose)
    return blocks


def _is_block(child: Element | str) -> bool:
    return isinstance(child, Element) and child.tag in _BLOCKS


def _numbered(block: Element) -> list[tuple[str, Element]]:
    entries = [child for child in block.children if isinstance(child, Element) and child.tag == "li"]
    return [(f"{number}. " if block.tag == "ol" else "- ", entry) for number, entry in enumerate(entries, start=1)]


def _indented(text: str, first: str, further: str) -> str:
    lines = text.split("\n")
    tight = [first + lines[0], *(further + line if line else further.rstrip() for line in lines[1:])]
    return "\n".join(tight).rstrip(" ")


def _on_one_line(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\\\n", " ")).strip()


def _text_of(part: Element | str) -> str:
    return part if isinstance(part, str) else "".join(_text_of(child) for child in part.children)


def _first_text(parts: Iterable[Element | str]) -> str:
    for part in parts:
        if isinstance(part, Element) and part.tag in _EMPHASIS:
            return "*"
        if isinstance(part, Element) and part.tag == "br":
            return "\n"
        if text := _text_of(part):
            return text
    return ""


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _is_word(character: str) -> bool:
    return not character.isspace() and not _is_punctuation(character)


class _TreeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, href=dict(attrs).get("href") or "")
        self._open[-1].children.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
