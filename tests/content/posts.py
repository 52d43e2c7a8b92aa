"""Whole posts of the item form, made without asking for the form, and what came of them."""

from typing import Any

from contenthub.content.models import ContentItem

EMPTY_FORMSETS = {
    f"{name}-{count}": "0" for name in ("texts", "references") for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def item_form(**fields: Any) -> dict[str, Any]:
    """Return a whole form of an item with a headline and nothing else, but for ``fields``."""
    return {"headline": "A headline", "body-count": "0", **EMPTY_FORMSETS, **fields}


def formset(name: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of new rows in a formset."""
    inputs = {f"{name}-TOTAL_FORMS": str(len(rows)), f"{name}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        inputs |= {f"{name}-{number}-ORDER": str(number + 1), f"{name}-{number}-id": ""}
        inputs |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return inputs


def draft_of(item: ContentItem) -> ContentItem:
    """Return the newest draft of an item."""
    return ContentItem.objects.get(pk=item.pk).get_latest_revision_as_object()


def errors_of(response: Any) -> dict[str, list[str]]:
    """Return the messages on the form of a refused post, by field."""
    form = response.context["form"]
    found = {name: list(messages) for name, messages in form.errors.items()}
    for name, rows in form.formsets.items():
        messages = [*rows.non_form_errors(), *(str(one) for row in rows.errors for one in row.values())]
        if messages:
            found[name] = messages
    return found
