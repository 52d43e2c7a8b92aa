"""The page of the preview front end: a frame of HTML; what is in it, its scripts ask of the API."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Styles may stand on elements, as e-mails have them; scripts are ours alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def preview(request: HttpRequest) -> HttpResponse:
    """Return the page; it is the same for everybody, since the token is behind the # of its address."""
    response = render(request, "frontend_preview/preview.html")
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = _POLICY
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
