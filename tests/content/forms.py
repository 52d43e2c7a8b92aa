"""What a browser does with the editor's form: it posts every field it was given, changed or not."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from contenthub.content.models import ContentItem


def edit_url(item: ContentItem) -> str:
    return reverse("items:edit", args=[item.pk])


def post_item(client: Client, item: ContentItem, *, action: str = "publish", **changes: Any) -> HttpResponse:
    """Open the form of ``item``, change fields by name, and press a button: publish, submit or (empty) save draft."""
    return post_form(client, edit_url(item), action=action, **changes)


def post_form(client: Client, url: str, *, action: str = "publish", **changes: Any) -> HttpResponse:
    """Open the form at ``url``, change fields by name, and press a button.

    The browser builds the body with a script: here it is empty unless the changes hold its fields.
    """
    data = {**filled_in(client.get(url)), "body-count": "0", **changes}
    if action:
        data[f"action-{action}"] = "1"
    return client.post(url, data)


def filled_in(page: HttpResponse) -> dict[str, Any]:
    """Return what the main form of a page would post as it stands."""
    assert page.status_code == 200, page
    soup = BeautifulSoup(page.content, "html.parser")
    form = soup.find("form", attrs={"data-edit-form": True}) or soup.find("form", id="w-editor-form")
    data: dict[str, list[str]] = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name")
        if not name or field.has_attr("disabled") or field.get("type") in ("submit", "button", "file"):
            continue
        if field.name == "select":
            chosen = [option.get("value", "") for option in field.find_all("option") if option.has_attr("selected")]
            data.setdefault(name, []).extend(chosen)
        elif field.get("type") not in ("checkbox", "radio") or field.has_attr("checked"):
            data.setdefault(name, []).append(_value(field))
    return data


def _value(field: Tag) -> str:
    if field.name == "textarea":
        return field.text.lstrip("\n")
    return field.get("value", "on" if field.get("type") == "checkbox" else "")
