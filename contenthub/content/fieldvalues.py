"""What a type's own field may hold, by kind, as it is kept on the item."""

import re
from collections.abc import Callable
from datetime import date
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from locales.cldr import is_currency

from .codes import FieldKind
from .links import parse_link

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


def clean_value(kind: str, value: Any) -> Any:
    """Return ``value`` as it is kept for a field of this kind.

    Kept are: text str, number int or float, boolean bool, date "2026-12-01", money {"amount": "12.50",
    "currency": "EUR"}, link as an editor writes it, image [{"id", "alt"}], item [keys], term [codes].

    Raises:
        ValidationError: it is no such value; the message says what is expected.
    """
    return _CLEANERS[FieldKind(kind)](value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("Expected text."))
    return value


def _number(value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValidationError(_("Expected a number."))
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(_("Expected true or false."))
    return value


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise ValidationError(_("Expected a date such as 2026-12-01.")) from error


def _money(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or set(value) != {"amount", "currency"}:
        raise ValidationError(_('Expected an amount of money such as {"amount": "12.50", "currency": "EUR"}.'))
    if not isinstance(value["amount"], str) or not _AMOUNT.fullmatch(value["amount"]):
        raise ValidationError(_('Expected the amount as text with digits and a point, for example "12.50".'))
    if not isinstance(value["currency"], str) or not is_currency(value["currency"]):
        raise ValidationError(
            _("'%(currency)s' is no ISO 4217 currency such as EUR.") % {"currency": value["currency"]}
        )
    return {"amount": value["amount"], "currency": value["currency"]}


def _link(value: Any) -> str:
    parse_link(_text(value))
    return value


def _images(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(
        isinstance(one, dict) and isinstance(one.get("id"), int) for one in value
    ):
        raise ValidationError(_("Expected a list of images."))
    return [{"id": one["id"], "alt": str(one.get("alt") or "")} for one in value]


def _list_of_text(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        raise ValidationError(_("Expected a list of keys or codes."))
    return list(dict.fromkeys(value))


_CLEANERS: dict[FieldKind, Callable[[Any], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.DATE: _date,
    FieldKind.MONEY: _money,
    FieldKind.LINK: _link,
    FieldKind.IMAGE: _images,
    FieldKind.ITEM: _list_of_text,
    FieldKind.TERM: _list_of_text,
}
