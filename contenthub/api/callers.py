"""Who asks: the key that comes with a request, and whom it belongs to."""

import base64
import binascii
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from contenthub.content.preview import find_preview
from contenthub.content.reviewing import find_link
from contenthub.delivery.consumers.codes import Kind
from contenthub.delivery.consumers.directory import Caller, find_caller, may_call_from
from contenthub.delivery.consumers.scope import Scope
from frontend_preview.tokens import is_review, looks_like_token

from .errors import ErrorCode, HubError
from .previewing import told

KEY_PARAMETER = "access_key"
CHALLENGE = 'Bearer realm="hub", Basic realm="hub", charset="UTF-8"'
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin, Access-Control-Request-Headers",
}


def identify(request: HttpRequest, *, operation: str | None = None) -> Caller:
    """Return who asks; ``operation`` names the persisted operation that the address asks for.

    Raises:
        HubError: UNAUTHENTICATED, for a key that opens nothing or none where one is wanted; FORBIDDEN, for a key
            that came in an address and may not, or from a page that may not use it.
    """
    key, in_address = _find_key(request)
    if key is None:
        return _anonymous()
    if looks_like_token(key):
        return _reviewing(key) if is_review(key) else _previewing(key)
    caller = find_caller(key, now=timezone.now())
    if caller is None:
        message = "The key opens nothing: it is unknown, revoked or expired, or its connection is switched off."
        raise HubError(ErrorCode.UNAUTHENTICATED, message)
    if in_address and not (caller.key_in_address and operation is not None):
        message = "This key may not stand in an address: send it as 'Authorization: Bearer …'."
        raise HubError(ErrorCode.FORBIDDEN, message)
    _check_origin(request, caller)
    return caller


def preflight(request: HttpRequest) -> dict[str, str]:
    """Return the headers that answer a browser asking whether a page may call; none of CORS if it may not."""
    origin = request.headers.get("Origin")
    if not origin or not (may_call_from(origin) or origin in _preview_origins()):
        return {}
    asked = request.headers.get("Access-Control-Request-Headers", "")
    own = {"authorization", "content-type", "accept", settings.HUB_KEY_HEADER.lower()}
    allowed = [name for name in (each.strip().lower() for each in asked.split(",")) if name in own]
    return {
        **_PREFLIGHT,
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Headers": ", ".join(allowed or sorted(own)),
    }


def origin_headers(request: HttpRequest, caller: Caller) -> dict[str, str]:
    """Return the headers that let a page of an allowed origin read the answer."""
    origin = request.headers.get("Origin")
    if not origin or not _allows(caller, origin):
        return {}
    exposed = "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed}


def _find_key(request: HttpRequest) -> tuple[str | None, bool]:
    """Return the key that came with a request, and whether it stood in the address."""
    if key := request.headers.get(settings.HUB_KEY_HEADER):
        return key.strip(), False
    if given := request.headers.get("Authorization"):
        return _read_authorization(given), False
    if key := request.GET.get(KEY_PARAMETER):
        return key.strip(), True
    return None, False


def _read_authorization(given: str) -> str:
    scheme, _, value = given.strip().partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            user = password = ""
        if user or password:
            return password or user
    raise HubError(ErrorCode.UNAUTHENTICATED, "'Authorization' is read as 'Bearer KEY', or Basic with the key in it.")


def _anonymous() -> Caller:
    if not settings.HUB_ANONYMOUS_ACCESS:
        raise HubError(ErrorCode.UNAUTHENTICATED, "The hub wants to know who asks: send the key of a consumer.")
    return Caller(
        kind=Kind.PUBLISHABLE,  # counted per client address, as whoever has a key that anybody can read
        rights=frozenset(settings.HUB_ANONYMOUS_RIGHTS),
        requests_per_minute=settings.HUB_ANONYMOUS_REQUESTS_PER_MINUTE,
        cache_seconds=settings.HUB_ANONYMOUS_CACHE_SECONDS,
    )


def _previewing(token: str) -> Caller:
    """Return who shows a draft: a preview token opens what is published too, as the user who made it sees that."""
    with told():
        ticket, _ = find_preview(token)
    return Caller(
        name=f"preview of {ticket.model}",
        kind=Kind.PUBLISHABLE,  # counted per client address
        rights=frozenset({"time", "variants"}),
        requests_per_minute=settings.HUB_ANONYMOUS_REQUESTS_PER_MINUTE,
        allowed_origins=_preview_origins(),
    )


def _reviewing(token: str) -> Caller:
    """Return who looks at one item in one language, without an account: of everything else there is nothing to see."""
    with told():
        link = find_link(token)
    nothing = frozenset({""})
    return Caller(
        name="review",
        kind=Kind.PUBLISHABLE,  # counted per client address
        scope=Scope(locales=(link.item.locale.language_code,), facets=nothing, keys=frozenset({link.item.key})),
        rights=frozenset({"time"}),
        requests_per_minute=settings.HUB_ANONYMOUS_REQUESTS_PER_MINUTE,
        allowed_origins=_preview_origins(),
    )


def _preview_origins() -> frozenset[str]:
    """Return the origins of the front ends of others that show previews."""
    parts = map(urlsplit, settings.HUB_PREVIEW_CLIENTS.values())
    return frozenset(f"{each.scheme}://{each.netloc}" for each in parts)


def _check_origin(request: HttpRequest, caller: Caller) -> None:
    origin = request.headers.get("Origin")
    if not origin or not caller.is_publishable or _allows(caller, origin):
        return
    if origin == f"{request.scheme}://{request.get_host()}":
        return
    raise HubError(ErrorCode.FORBIDDEN, f"Pages of {origin} may not use this key: its connection does not name them.")


def _allows(caller: Caller, origin: str) -> bool:
    return origin in caller.allowed_origins or "*" in caller.allowed_origins
