"""Links as editors write them: an address, an e-mail address, a telephone number, or another item."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

ITEM_PREFIX = "item:"
LONGEST = 2000
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{1,30}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_is_url = URLValidator(schemes=["http", "https"])


def parse_link(link: str) -> dict[str, Any]:
    """Return a link in the form of published documents.

    Raises:
        ValidationError: it is none of ``https://…``, ``mailto:…``, ``tel:…``, ``item:<key>``.

    >>> parse_link("item:offer/spring"), parse_link("tel:+81 3 1234 5678")
    ({'kind': 'ITEM', 'key': 'offer/spring'}, {'kind': 'PHONE', 'url': 'tel:+81 3 1234 5678'})
    """
    if len(link) > LONGEST:
        raise ValidationError(_("A link has at most %(longest)s characters.") % {"longest": LONGEST})
    if _CONTROLS.search(link):
        raise ValidationError(_("A link holds no control characters."))
    if link.startswith(ITEM_PREFIX) and len(link) > len(ITEM_PREFIX):
        return {"kind": "ITEM", "key": link.removeprefix(ITEM_PREFIX)}
    if link.startswith("mailto:"):
        validate_email(urlsplit(link).path)
        return {"kind": "EMAIL", "url": link}
    if link.startswith("tel:") and _PHONE.fullmatch(link.removeprefix("tel:")):
        return {"kind": "PHONE", "url": link}
    if link.startswith(("http://", "https://")):
        _is_url(link)
        return {"kind": "URL", "url": link}
    raise ValidationError(
        _("Write a full address (https://…), mailto:name@example.com, tel:+49 30 1234 or item: and the key of an item.")
    )


def validate_link(link: str) -> None:
    """Raise ValidationError where ``link`` is no link that channels could follow."""
    parse_link(link)
