import pytest
from django.core.exceptions import ValidationError

from contenthub.content.links import parse_link, validate_link


@pytest.mark.parametrize(
    ("link", "parsed"),
    [
        ("https://example.org/a?b=c#d", {"kind": "URL", "url": "https://example.org/a?b=c#d"}),
        ("http://例え.jp/", {"kind": "URL", "url": "http://例え.jp/"}),
        ("mailto:a@example.org?subject=Hi", {"kind": "EMAIL", "url": "mailto:a@example.org?subject=Hi"}),
        ("tel:+81 3 1234-5678", {"kind": "PHONE", "url": "tel:+81 3 1234-5678"}),
        ("item:offer/spring", {"kind": "ITEM", "key": "offer/spring"}),
    ],
)
def test_a_link_is_one_of_four_kinds(link, parsed):
    assert parse_link(link) == parsed


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.org",
        "//example.org",
        "/path",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "https://exa mple.org",
        "https://example.org/\nb",
        "mailto:nobody",
        "mailto:a@example.org\n",
        "tel:call-me",
        "tel:123\n",
        "item:",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_anything_else_is_no_link(link):
    with pytest.raises(ValidationError):
        validate_link(link)
