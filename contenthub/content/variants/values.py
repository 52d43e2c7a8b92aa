"""Values of fields as editors read them beside each other: plain text, whatever the field holds."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.images import get_image_model

from contenthub.delivery.resolving import BODY, CALL_TO_ACTION, FIELD_PREFIX, IMAGE
from contenthub.delivery.search import plain_text
from taxonomy.snapshot import taxonomy_snapshot

from .overriding import value_of


def readable(row: Any, name: str) -> str:
    """Return what a row, base or variant, has in a field."""
    return shown(name, value_of(row, name))


def shown(name: str, value: Any) -> str:
    """Return a value of a field, in the form of ``overriding.value_of``, as text."""
    if name == BODY:
        return "\n".join(filter(None, (_block(block) for block in value or ())))
    if name == CALL_TO_ACTION:
        label, link, action = value or ("", "", None)
        term = taxonomy_snapshot().find_id(action) if action else None
        return " → ".join(filter(None, (label, link, term.code if term else "")))
    if name == IMAGE:
        image_id, alt, caption, credit = value or (None, "", "", "")
        image = get_image_model().objects.filter(pk=image_id).first() if image_id else None
        return "\n".join(filter(None, (image.title if image else "", alt, caption, credit)))
    if name.startswith(FIELD_PREFIX) or not isinstance(value, str):
        return _own(value)
    return value


def _block(block: dict[str, Any]) -> str:
    return "\n".join(_texts(block.get("value"), block.get("type") in ("rich_text", "question")))


def _texts(value: Any, is_html: bool) -> list[str]:
    """Return the texts within a block's value, whatever its form."""
    if isinstance(value, str):
        text = plain_text(value) if is_html or "<" in value else value
        return [text.strip()] if text.strip() else []
    if isinstance(value, dict):
        parts = value["value"] if set(value) >= {"value", "type"} else list(value.values())
        return _texts(parts, is_html)
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part, is_html)]
    return []


def _own(value: Any) -> str:
    """Return the value of one of the type's own fields."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    if isinstance(value, list):
        return ", ".join(
            str(part.get("alt") or part.get("id")) if isinstance(part, dict) else str(part) for part in value
        )
    return "" if value is None else str(value)
