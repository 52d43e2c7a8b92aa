"""Where the content of a localization names terms, and the same content with others in their place.

Content has the form of a revision's JSON: tags and the call to action by id, the body as text with ids in its blocks,
the type's own fields by code. A *slot* is one such place: a list of terms, or one term, by a name of its own.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Content = dict[str, Any]
Slots = dict[str, list[Any]]
Successors = Mapping[Any, Sequence[Any]]  # by id and by code alike: what stands in the place of a term

TAGS, ACTION, FIELD, BLOCK = "tags", "cta_action", "field ", "block "
BLOCK_KEYS = {"call_to_action": "action", "product_reference": "term"}


def slots_of(content: Content, term_fields: Iterable[str]) -> Slots:
    """Return the terms of each slot that holds some. ``term_fields``: the type's own fields of kind term."""
    slots: Slots = {}
    if tags := _tags(content):
        slots[TAGS] = [tag["term"] for tag in tags]
    if content.get("cta_action"):
        slots[ACTION] = [content["cta_action"]]
    own_fields = content.get("own_fields") or {}
    slots |= {f"{FIELD}{name}": list(own_fields[name]) for name in term_fields if own_fields.get(name)}
    for block in _blocks(content):
        key = BLOCK_KEYS.get(block["type"])
        if key and block["value"].get(key):
            slots[f"{BLOCK}{block['id']}"] = [block["value"][key]]
    return slots


def followed(slots: Slots, successors: Successors) -> Slots:
    """Return the slots that change, as they are afterwards: in the old order, no term twice.

    A slot that holds one term gets the first of its successors.
    """
    changed = {}
    for name, terms in slots.items():
        new = list(dict.fromkeys(one for term in terms for one in successors.get(term, (term,))))
        if name == ACTION or name.startswith(BLOCK):
            new = new[:1]
        if new != terms:
            changed[name] = new
    return changed


def with_slots(content: Content, changed: Slots) -> Content:
    """Return the content with other terms in some slots."""
    content = dict(content)
    if TAGS in changed:
        content["classification"] = _with_terms(content, changed[TAGS])
    if ACTION in changed:
        content["cta_action"] = changed[ACTION][0]
    fields = {name.removeprefix(FIELD): terms for name, terms in changed.items() if name.startswith(FIELD)}
    if fields:
        content["own_fields"] = {**content["own_fields"], **fields}
    blocks = {name.removeprefix(BLOCK): terms[0] for name, terms in changed.items() if name.startswith(BLOCK)}
    if blocks:
        body = _blocks(content)
        for block in body:
            if block["id"] in blocks:
                block["value"] = {**block["value"], BLOCK_KEYS[block["type"]]: blocks[block["id"]]}
        content["body"] = json.dumps(body)
    return content


def _with_terms(content: Content, terms: Sequence[int]) -> list[Content]:
    """Return the tags for these terms: a term keeps its tag, a new one takes that of one that goes."""
    tags = _tags(content)
    kept = {tag["term"]: tag for tag in tags if tag["term"] in terms}
    free = [tag for tag in tags if tag["term"] not in kept]
    places = [tag["sort_order"] for tag in tags] if len(terms) == len(tags) else range(len(terms))
    made = []
    for term, place in zip(terms, places, strict=True):
        tag = kept.get(term) or (free.pop(0) if free else {"pk": None, "item": content["pk"]})
        made.append({**tag, "term": term, "sort_order": place})
    return made


def _tags(content: Content) -> list[Content]:
    tags = content.get("classification") or []
    return sorted(tags, key=lambda tag: (tag["sort_order"] is None, tag["sort_order"] or 0, tag["pk"] or 0))


def _blocks(content: Content) -> list[Content]:
    body = content.get("body") or []
    return json.loads(body) if isinstance(body, str) else [dict(block) for block in body]
