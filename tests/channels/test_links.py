"""Where links of a channel lead."""

import pytest

from channels.links import address, refusal
from channels.registry import LinkPolicy

TRACKED = LinkPolicy(utm_source="newsletter", utm_medium="email")


@pytest.mark.parametrize(
    ("url", "campaign", "expected"),
    [
        ("https://a.example", None, "https://a.example?utm_source=newsletter&utm_medium=email"),
        (
            "https://a.example/x?utm_source=mine&b=%20#y",
            "campaign:spring-2027",
            "https://a.example/x?utm_source=mine&b=%20&utm_medium=email&utm_campaign=spring-2027#y",
        ),
        ("mailto:a@b.example", "campaign:x", "mailto:a@b.example"),
        ("tel:+4930", None, "tel:+4930"),
        ("item:offer/spring", None, "item:offer/spring"),
        ("https://[broken", None, "https://[broken"),
    ],
)
def test_tracking_is_added_to_addresses_on_the_web_alone(url, campaign, expected):
    assert address(url, TRACKED, campaign) == expected


def test_a_channel_without_tracking_leaves_addresses_as_they_are():
    assert address("https://a.example/?q", LinkPolicy(), "campaign:x") == "https://a.example/?q"


def test_an_app_opens_items_itself():
    policy = LinkPolicy(deep_link="norrlicht://open/{key}?from=push")

    assert address("item:offer/春", policy) == "norrlicht://open/offer/%E6%98%A5?from=push"


def test_a_deep_link_on_the_web_is_tracked_as_other_addresses_are():
    policy = LinkPolicy(deep_link="https://app.example/{key}", utm_source="push")

    assert address("item:offer/spring", policy) == "https://app.example/offer/spring?utm_source=push"


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://shop.example.org/a", None),
        ("https://example.org", None),
        ("https://EXAMPLE.org", None),
        ("https://notexample.org", "link_host"),
        ("https://example.org.evil.example", "link_host"),
        ("https://user@evil.example/example.org", "link_host"),
        ("http://example.org", "link_https"),
        ("https://[broken", "link_address"),
        ("mailto:a@b.example", None),
        ("item:offer/spring", None),
        ("tel:+4930", None),
        ("/offers#spring", None),
        ("app://open/spring", None),
        ("//evil.example/x", "link_address"),
        (" ///evil.example/x", "link_address"),
        ("https:evil.example", "link_address"),
        ("https://evil.example\\@example.org/", "link_address"),
        ("/\\evil.example", "link_address"),
        ("https://example.org\n", "link_address"),
        ("javascript:alert(1)", "link_address"),
        ("JavaScript:alert(1)", "link_address"),
        ("data:text/html,x", "link_address"),
        ("ftp://example.org", "link_address"),
        ("other://open/spring", "link_address"),
    ],
)
def test_links_that_may_not_be_followed_are_named_with_the_rule(url, rule):
    broken = refusal(url, LinkPolicy(allowed_hosts=("example.org",), deep_link="app://open/{key}"))

    assert (broken and broken[0]) == rule
