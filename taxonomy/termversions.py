"""Which parts of a term changed since somebody looked at it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from taxonomy.models import Term


def seen_parts(term: Term) -> dict[str, str]:
    """Return a digest of each part of a term as it is stored, by the name of the part."""
    columns = Term.objects.filter(pk=term.pk).values("parent_id", "position", "status", "uri", "attributes").get()
    place = [columns[name] for name in ("parent_id", "position", "status")]
    links = [
        list(term.further_parents.model.objects.filter(term=term.pk).order_by("pk").values_list("parent_id")),
        sorted(Term.related.through.objects.filter(from_term=term.pk).values_list("to_term_id")),
        sorted(Term.replaced_by.through.objects.filter(from_term=term.pk).values_list("to_term_id")),
    ]
    parts: dict[str, Any] = {"labels": _rows(term, "labels", "language", "kind", "text")}
    parts["notes"] = _rows(term, "notes", "language", "kind", "text")
    parts["place"] = [place, links]
    parts["windows"] = _rows(term, "windows", "start", "end", "label", "event_start", "event_end")
    parts["ids"] = _rows(term, "external_ids", "system", "identifier")
    parts["mappings"] = _rows(term, "mappings", "kind", "uri")
    parts["notations"] = _rows(term, "notations", "text", "datatype")
    parts["attributes"] = [columns["uri"], columns["attributes"]]
    return {name: _digest(content) for name, content in parts.items()}


def changed_parts(seen: Mapping[str, Any], now: Mapping[str, str]) -> list[str]:
    """Return what changed, in words for the editor."""
    words = {
        "labels": _("names and synonyms"),
        "notes": _("meaning and use"),
        "place": _("place in the tree and relations"),
        "windows": _("when it is in use"),
        "ids": _("names in other systems"),
        "mappings": _("mappings"),
        "notations": _("notations"),
        "attributes": _("attributes"),
    }
    return [words[name] for name, digest in now.items() if seen.get(name) != digest]


def last_editor(term: Term) -> str:
    """Return who changed the term last and when, as far as the log knows; else an empty text."""
    entry = ModelLogEntry.objects.for_instance(term).select_related("user").order_by("-timestamp", "-pk").first()
    return f"{entry.user_display_name}, {entry.timestamp:%Y-%m-%d %H:%M} UTC" if entry else ""


def _rows(term: Term, relation: str, *columns: str) -> list[Any]:
    model = term._meta.get_field(relation).related_model
    return list(model.objects.filter(term=term.pk).order_by("pk").values_list(*columns))


def _digest(content: Any) -> str:
    return hashlib.blake2b(json.dumps(content, default=str, sort_keys=True).encode(), digest_size=8).hexdigest()
