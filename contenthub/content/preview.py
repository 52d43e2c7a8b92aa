"""What an editor sees of a draft in Wagtail's preview panel: the neutral text, as no channel has shaped it yet."""

from typing import Any

from django.http import HttpResponse

from frontend_preview.neutral import render_neutral
from locales.cldr import direction

from .projection import document_of


def preview_response(row: Any) -> HttpResponse:
    """Return a page that shows one row as it stands."""
    head, body = document_of(row)
    language = row.locale.language_code
    page = render_neutral({**head, **body}, direction=direction(language), language=language)
    response = HttpResponse(page)
    response["Cache-Control"] = "no-store"
    return response
