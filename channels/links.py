"""Where the links of a channel lead: into its app, with tracking, and only where they may."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext as _

from channels.registry import LinkPolicy

ITEM_PREFIX = "item:"
FOLLOWED = ("https", "mailto", "tel", "item", "")  # without a scheme it stays within the site

# Browsers read a backslash as a slash and leave control characters out: what they open is not what is judged.
_MISREAD = re.compile(r"[\\\x00-\x1f\x7f]")


def address(url: str, policy: LinkPolicy, campaign: str | None = None) -> str:
    """Return where a link leads in a channel. ``item:KEY`` is a link to an item; ``campaign`` is a term's code.

    Parameters that the address has already are kept.

    >>> address("item:offer/spring", LinkPolicy(deep_link="norrlicht://item/{key}"))
    'norrlicht://item/offer/spring'
    >>> address("https://a.example/?x=1#top", LinkPolicy(utm_source="news"), "campaign:spring-2027")
    'https://a.example/?x=1&utm_source=news&utm_campaign=spring-2027#top'
    """
    if url.startswith(ITEM_PREFIX):
        if not policy.deep_link:
            return url
        url = policy.deep_link.replace("{key}", quote(url.removeprefix(ITEM_PREFIX)))
    parts = _split(url)
    if parts is None or parts.scheme not in ("http", "https"):
        return url
    there = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = {name: value for name, value in _tracking(policy, campaign).items() if name not in there}
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))


def refusal(url: str, policy: LinkPolicy) -> tuple[str, str] | None:
    """Return the rule that a link breaks and the reason; None: it may be followed."""
    parts = _split(url)
    if parts is None or _MISREAD.search(url) or _lacks_half(url, parts):
        return "link_address", _("'%(url)s' is no address.") % {"url": url}
    if parts.scheme == "http":
        return "link_https", _("'%(url)s' is not encrypted: write https.") % {"url": url}
    if parts.scheme not in (*FOLLOWED, policy.deep_link.partition(":")[0]):
        return "link_address", _("'%(url)s' is followed by no reader: write https, mailto or tel.") % {"url": url}
    host = (parts.hostname or "").lower()
    if parts.scheme == "https" and policy.allowed_hosts and not _is_allowed(host, policy.allowed_hosts):
        return "link_host", _("'%(url)s' leads to %(host)s; allowed are %(allowed_hosts)s.") % {
            "url": url,
            "host": host,
            "allowed_hosts": ", ".join(policy.allowed_hosts),
        }
    return None


def _tracking(policy: LinkPolicy, campaign: str | None) -> dict[str, str]:
    if not (policy.utm_source or policy.utm_medium):
        return {}
    given = {
        "utm_source": policy.utm_source,
        "utm_medium": policy.utm_medium,
        "utm_campaign": campaign.partition(":")[2] if campaign else "",
    }
    return {name: value for name, value in given.items() if value}


def _lacks_half(url: str, parts: SplitResult) -> bool:
    """Return whether a host stands there without a scheme, or https without a host: browsers add what is missing."""
    return url.lstrip().startswith("//") or (parts.scheme == "https" and not parts.hostname)


def _is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in allowed)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
