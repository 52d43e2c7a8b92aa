"""What an editor sees of a draft in Wagtail's preview panel: the neutral text, as no channel has shaped it yet."""

from typing import Any

from django.http import HttpResponse

from contenthub.delivery.documents import Json
from frontend_preview.neutral import render_neutral
from locales.cldr import direction

from .projection import document_of, variant_document_of


def preview_response(row: Any) -> HttpResponse:
    """Return a page that shows one row as it stands."""
    return _page(row, *document_of(row))


def preview_variant(variant: Any) -> HttpResponse:
    """Return a page that shows a variant over its base as both stand."""
    return _page(variant, *variant_document_of(variant))


def _page(row: Any, head: Json, body: Json) -> HttpResponse:
    language = row.locale.language_code
    page = render_neutral({**head, **body}, direction=direction(language), language=language)
    response = HttpResponse(page)
    response["Cache-Control"] = "no-store"
    return response
