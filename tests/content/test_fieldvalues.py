import math

import pytest
from django.core.exceptions import ValidationError

from contenthub.content.fieldvalues import clean_value


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", "a", "a"),
        ("number", 3, 3),
        ("number", -2.5, -2.5),
        ("boolean", False, False),
        ("date", "2026-12-01", "2026-12-01"),
        ("date", "20261201", "2026-12-01"),
        ("money", {"amount": "-12.50", "currency": "EUR"}, {"amount": "-12.50", "currency": "EUR"}),
        ("link", "item:page/one", "item:page/one"),
        ("image", [{"id": 3, "alt": "x", "more": 1}, {"id": 4}], [{"id": 3, "alt": "x"}, {"id": 4, "alt": ""}]),
        ("item", ["a", "b", "a"], ["a", "b"]),
        ("term", ["product:vpn"], ["product:vpn"]),
    ],
)
def test_a_value_is_kept_in_one_form(kind, value, kept):
    assert clean_value(kind, value) == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 5),
        ("number", "5"),
        ("number", True),
        ("number", math.nan),
        ("number", math.inf),
        ("boolean", 1),
        ("date", "1 December"),
        ("date", 20261201),
        ("money", "12.50 EUR"),
        ("money", {"amount": 12.5, "currency": "EUR"}),
        ("money", {"amount": "1e5", "currency": "EUR"}),
        ("money", {"amount": "1_000", "currency": "EUR"}),
        ("money", {"amount": "１２", "currency": "EUR"}),
        ("money", {"amount": "NaN", "currency": "EUR"}),
        ("money", {"amount": "12", "currency": "XYZ1"}),
        ("money", {"amount": "12", "currency": "EUR", "tax": "1"}),
        ("link", "javascript:alert(1)"),
        ("link", None),
        ("image", [{"file": "a"}]),
        ("image", {"id": 1}),
        ("item", "page/one"),
        ("item", [""]),
        ("term", [1]),
    ],
)
def test_what_is_no_such_value_is_refused(kind, value):
    with pytest.raises(ValidationError):
        clean_value(kind, value)
