"""A body as one running text, in the form asked for. A block has the form of published documents."""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from channels.codes import TextFormat
from channels.markup import as_markdown, as_plain, as_spoken, escape_markdown

Json = dict[str, Any]


def body_text(blocks: Iterable[Json], form: TextFormat, term_label: Callable[[str], str]) -> str | None:
    """Return the blocks as one text; None where there are none that text can show.

    References to other items are left out: they are for the caller to place. ``term_label`` gives the name of a
    term by its code.
    """
    write, between = _WRITERS[form]
    return between.join(filter(None, (write(block, term_label) for block in blocks))) or None


def spoken_text(blocks: Iterable[Json], term_label: Callable[[str], str]) -> str:
    """Return the blocks as they are read aloud: paragraphs are parted by blank lines, points and rows by line ends.

    Marks and addresses are left out.
    """
    return "\n\n".join(filter(None, (_spoken(block, term_label) for block in blocks)))


def _html(block: Json, term_label: Callable[[str], str]) -> str:
    match block["type"]:
        case "heading":
            return f"<h{block['level']}>{escape(block['text'])}</h{block['level']}>"
        case "rich_text":
            return block["html"]
        case "image":
            return _html_image(block["image"], block["caption"] or block["image"]["caption"])
        case "quote":
            source = f"<footer>{escape(block['source'])}</footer>" if block["source"] else ""
            return f"<blockquote><p>{_html_lines(block['text'])}</p>{source}</blockquote>"
        case "list":
            tag = "ol" if block["ordered"] else "ul"
            return f"<{tag}>{''.join(f'<li>{escape(item)}</li>' for item in block['items'])}</{tag}>"
        case "call_to_action":
            return _html_link(block["cta"]["link"], block["cta"]["label"])
        case "question":
            return f"<h3>{escape(block['question'])}</h3>{block['answer']}"
        case "table":
            return _html_table(block["header"], block["rows"])
        case "embed":
            return _html_link({"url": block["url"]}, block["title"] or block["url"])
        case "product_reference":
            return f"<p>{escape(block['label'] or term_label(block['term']))}</p>"
        case "legal_note":
            return f"<p><small>{_html_lines(block['text'])}</small></p>"
    return ""


def _html_image(image: Json, caption: str | None) -> str:
    picture = (
        f'<img src="{escape(image["url"])}" alt="{escape(image["alt"])}" '
        f'width="{image["width"]}" height="{image["height"]}">'
    )
    figcaption = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure>{picture}{figcaption}</figure>"


def _html_link(link: Json | None, label: str) -> str:
    return f'<p><a href="{escape(_address(link))}">{escape(label)}</a></p>' if link else ""


def _html_table(header: list[str], rows: list[list[str]]) -> str:
    head = f"<thead><tr>{''.join(f'<th>{escape(cell)}</th>' for cell in header)}</tr></thead>" if header else ""
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{head}<tbody>{lines}</tbody></table>"


def _html_lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())


def _markdown(block: Json, term_label: Callable[[str], str]) -> str:
    match block["type"]:
        case "heading":
            return f"{'#' * block['level']} {_one_line(escape_markdown(block['text']))}"
        case "rich_text":
            return as_markdown(block["html"])
        case "image":
            caption = block["caption"] or block["image"]["caption"]
            picture = f"![{_one_line(escape_markdown(block['image']['alt']))}]({_target(block['image']['url'])})"
            return f"{picture}\n\n{escape_markdown(caption)}" if caption else picture
        case "quote":
            lines = [_markdown_lines(block["text"])]
            if block["source"]:
                lines.append(f"— {escape_markdown(block['source'])}")
            return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(lines).split("\n"))
        case "list":
            items = (_one_line(escape_markdown(item)) for item in block["items"])
            if block["ordered"]:
                return "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))
            return "\n".join(f"- {item}" for item in items)
        case "call_to_action":
            return _markdown_link(block["cta"]["link"], block["cta"]["label"])
        case "question":
            answer = as_markdown(block["answer"])
            return f"### {_one_line(escape_markdown(block['question']))}\n\n{answer}".rstrip()
        case "table":
            return _markdown_table(block["header"], block["rows"])
        case "embed":
            return _markdown_link({"url": block["url"]}, block["title"] or block["url"])
        case "product_reference":
            return escape_markdown(block["label"] or term_label(block["term"]))
        case "legal_note":
            return _markdown_lines(block["text"])
    return ""


def _markdown_lines(text: str) -> str:
    return "\\\n".join(escape_markdown(line.strip()) for line in text.splitlines() if line.strip())


def _markdown_link(link: Json | None, label: str) -> str:
    return f"[{_one_line(escape_markdown(label))}]({_target(_address(link))})" if link else ""


def _markdown_table(header: list[str], rows: list[list[str]]) -> str:
    width = max((len(row) for row in (header, *rows)), default=0)
    if not width:
        return ""
    lines = [header, *rows]
    cells = [[_one_line(escape_markdown(cell)) for cell in [*row, *[""] * (width - len(row))]] for row in lines]
    cells.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _plain(block: Json, term_label: Callable[[str], str]) -> str:
    match block["type"]:
        case "heading" | "legal_note":
            return block["text"].strip()
        case "rich_text":
            return as_plain(block["html"])
        case "image":
            return block["caption"] or block["image"]["caption"] or block["image"]["alt"]
        case "quote":
            return f"“{block['text'].strip()}”" + (f"\n— {block['source']}" if block["source"] else "")
        case "list":
            marks = (f"{n}. " if block["ordered"] else "- " for n in range(1, len(block["items"]) + 1))
            return "\n".join(mark + _one_line(item) for mark, item in zip(marks, block["items"], strict=True))
        case "call_to_action":
            return _plain_link(block["cta"]["link"], block["cta"]["label"])
        case "question":
            return f"{block['question'].strip()}\n{as_plain(block['answer'])}".rstrip()
        case "table":
            rows = [block["header"], *block["rows"]] if block["header"] else block["rows"]
            return "\n".join(" | ".join(_one_line(cell) for cell in row) for row in rows)
        case "embed":
            return f"{block['title']}: {block['url']}" if block["title"] else block["url"]
        case "product_reference":
            return block["label"] or term_label(block["term"])
    return ""


def _spoken(block: Json, term_label: Callable[[str], str]) -> str:
    match block["type"]:
        case "rich_text":
            return as_spoken(block["html"])
        case "list":
            return _lines(block["items"])
        case "quote":
            return _lines([block["text"], block["source"] or ""])
        case "call_to_action":
            return _one_line(block["cta"]["label"]) if block["cta"]["link"] else ""
        case "question":
            return f"{_one_line(block['question'])}\n\n{as_spoken(block['answer'])}".strip()
        case "table":
            return _lines(", ".join(filter(None, map(_one_line, row))) for row in (block["header"], *block["rows"]))
        case "embed":
            return _one_line(block["title"] or "")
    return _one_line(_plain(block, term_label))


def _plain_link(link: Json | None, label: str) -> str:
    if not link:
        return ""
    return (
        label if link["kind"] == "ITEM" else f"{label}: {_address(link).removeprefix('mailto:').removeprefix('tel:')}"
    )


def _address(link: Json) -> str:
    return f"item:{link['key']}" if link.get("kind") == "ITEM" else link["url"]


def _target(url: str) -> str:
    return "".join(f"%{ord(character):02X}" if character in " <>()\\" else character for character in url)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, map(_one_line, texts)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


_WRITERS = {
    TextFormat.HTML: (_html, "\n"),
    TextFormat.MARKDOWN: (_markdown, "\n\n"),
    TextFormat.PLAIN: (_plain, "\n\n"),
}
