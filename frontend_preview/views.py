"""The page of the preview front end, a frame of HTML whose scripts ask the API, and previews without scripts."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

# Styles may stand on elements, as e-mails have them; scripts are ours alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_SCAN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
_PLAIN_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def preview(request: HttpRequest) -> HttpResponse:
    """Return the page; it is the same for everybody, since the token is behind the # of its address."""
    return _closed(render(request, "frontend_preview/preview.html"), _POLICY)


def scan(request: HttpRequest, address: str) -> HttpResponse:
    """Return a page with the address of an app's preview as a QR code (ISO/IEC 18004), for a telephone to scan."""
    code = segno.make(address, micro=False).svg_inline(omitsize=True, dark="#1c1b22", light="#fff", title=None)
    context = {"code": mark_safe(code), "address": address}
    return _closed(render(request, "frontend_preview/scan.html", context), _SCAN_POLICY)


def plain(page: str) -> HttpResponse:
    """Return a page of ``neutral``, in which no script runs: it has the origin of the admin."""
    return _closed(HttpResponse(page), _PLAIN_POLICY)


def _closed(response: HttpResponse, policy: str) -> HttpResponse:
    """Let nobody keep, find or follow a page of previews."""
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = policy
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
