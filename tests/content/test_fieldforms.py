"""Between what the form of a type's own field posts and what the item keeps."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from contenthub.content.fieldforms import form_field, from_form, to_form
from contenthub.content.models import FieldDefinition
from tests.taxonomy.factories import TermFactory


def field_of(kind, value=None):
    return form_field(FieldDefinition(name="own", kind=kind, labels={"en": "Own"}), value)


def kept(kind, posted, before=None):
    """Return what an item keeps of a post."""
    return from_form(kind, field_of(kind).clean(posted), before)


@pytest.mark.parametrize(
    ("kind", "posted", "value"),
    [
        ("text", " A text ", "A text"),
        ("text", "", None),
        ("number", "12", 12),
        ("number", "12.50", 12.5),
        ("number", "0", 0),
        ("number", "", None),
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("boolean", "unknown", None),
        ("date", "2027-05-01", "2027-05-01"),
        ("date", "", None),
        ("money", ["1250", "USD"], {"amount": "1250", "currency": "USD"}),
        ("money", ["12,50", "eur"], {"amount": "12.50", "currency": "EUR"}),
        ("money", ["１２８０", "ｊｐｙ"], {"amount": "1280", "currency": "JPY"}),
        ("money", ["-5.00", "EUR"], {"amount": "-5.00", "currency": "EUR"}),
        ("money", ["", ""], None),
        ("link", "item:legal/terms", "item:legal/terms"),
        ("link", "", None),
        ("item", "a b\nb  c", ["a", "b", "c"]),
        ("item", "", None),
    ],
)
def test_what_is_posted_is_kept(kind, posted, value):
    assert kept(kind, posted) == value


@pytest.mark.parametrize(
    ("kind", "posted"),
    [
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e400"),
        ("date", "2027-02-30"),
        ("money", ["1,250", "USD"]),
        ("money", ["1.250.000", "USD"]),
        ("money", ["1e5", "USD"]),
        ("money", ["1_000", "USD"]),
        ("money", ["12", ""]),
        ("money", ["", "USD"]),
        ("money", ["12", "ZZZ"]),
        ("link", "javascript:alert(1)"),
        ("link", "item:"),
    ],
)
def test_what_cannot_be_meant_is_refused(kind, posted):
    with pytest.raises(ValidationError):
        kept(kind, posted)


def test_terms_are_kept_as_codes_in_the_order_chosen(db):
    first, second = TermFactory(), TermFactory()

    codes = kept("term", f"{second.pk},{first.pk}")

    assert codes == [second.code, first.code]
    assert to_form("term", codes) == [second.pk, first.pk]


def test_a_term_that_is_gone_is_not_shown(db):
    assert to_form("term", ["journey:none"]) == []


def test_a_picture_keeps_its_alternative_text_while_it_stays(db):
    image = Image.objects.create(title="One", file=get_test_image_file())
    other = Image.objects.create(title="Other", file=get_test_image_file())
    before = [{"id": image.pk, "alt": "A bicycle"}, {"id": other.pk, "alt": "A lamp"}]

    assert to_form("image", before) == image.pk
    assert kept("image", str(image.pk), before) == before
    assert kept("image", str(other.pk), before) == [{"id": other.pk, "alt": "A lamp"}]


def test_a_text_of_one_line_is_written_in_one_line():
    assert field_of("text", "short").widget.input_type == "text"
    assert field_of("text", "two\nlines").widget.render("own", "two\nlines").startswith("<textarea")


def test_amount_and_currency_stand_side_by_side_each_with_a_name():
    html = field_of("money").widget.render("own", {"amount": "12.50", "currency": "EUR"})

    assert 'aria-label="Own: amount"' in html
    assert 'aria-label="Own: currency"' in html
    assert html.count('class="content-money"') == 1
