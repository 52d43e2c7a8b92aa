"""What a document is found by: the texts that a reader sees of it, without markup."""

from collections.abc import Iterable
from itertools import chain as concatenated

from channels.personaltokens import TOKEN

from .documents import Finished, Json, VariantPublication
from .search import Texts, plain_text


def texts_of(document_id: int, document: Finished) -> Texts:
    """Return what a document is found by: everything that a reader sees of it."""
    fields = (*document.facts.fields, *document.publication.fields)
    head = {**document.publication.head, "fields": fields}
    return shown_texts(document_id, head, document.publication.body["blocks"])


def variant_texts_of(document_id: int, publication: VariantPublication) -> Texts:
    """Return what the document of a variant is found by: the texts that it sets itself."""
    return shown_texts(document_id, publication.head, publication.body.get("blocks", ()))


def shown_texts(document_id: int, head: Json, blocks: Iterable[Json]) -> Texts:
    """Return the texts that a reader sees of a head and of blocks; personal tokens are seen by nobody."""
    rest = [text["text"] for text in head.get("texts", ())]
    rest += [value["value"] for value in head.get("fields", ()) if value["kind"] == "text"]
    rest += [head["cta"]["label"]] if head.get("cta") else []
    rest += [head["image"][name] or "" for name in ("alt", "caption") if head.get("image")]
    rest += concatenated.from_iterable(map(_block_texts, blocks))
    shown = (head.get("headline") or "", head.get("summary") or "", "\n".join(rest))
    return Texts(document_id, *(TOKEN.sub(" ", text) for text in shown))


def _block_texts(block: Json) -> list[str]:
    """Return the texts that a reader sees of one block, without markup."""
    match block["type"]:
        case "rich_text":
            return [plain_text(block["html"])]
        case "question":
            return [block["question"], plain_text(block["answer"])]
        case "list":
            return list(block["items"])
        case "table":
            return [*block["header"], *concatenated.from_iterable(block["rows"])]
        case "image":
            return [block["image"]["alt"], block.get("caption") or ""]
        case "call_to_action":
            return [block["cta"]["label"]]
        case _:
            return [block[name] for name in ("text", "source", "title", "label") if block.get(name)]
