"""The fields that channels begin with: by code where the code is known, else by kind. Editors change them freely.

Limits are not among them: they come from the file that is loaded, or from the editor.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from channels.codes import Need, Shape

FieldRow = tuple[Any, ...]


class Profile(NamedTuple):
    """What a new channel is given; ``links`` are columns of ``Channel``."""

    fields: tuple[FieldRow, ...] = ()
    links: Mapping[str, str] = {}


def starter(code: str, kind: str, *, is_root: bool) -> Profile:
    """Return the profile that a new channel begins with; below a parent all that is not its own is inherited."""
    return BY_CODE.get(code) or (BY_KIND.get(kind, TEXT) if is_root else Profile())


def _field(
    name: str,
    source: str,
    shape: Shape = Shape.PLAIN,
    need: Need = Need.OPTIONAL,
    ratio: str = "",
    minimum_width: int = 0,
) -> FieldRow:
    return (name, source, shape.value, need.value, ratio, minimum_width)


_LINK = (_field("link", "link", Shape.LINK), _field("link_label", "link_label"))
_IMAGE = _field("image", "image", Shape.IMAGE)
_MESSAGE = "summary + body + link_label + link + legal"  # of an e-mail, below its headline

TEXT = Profile((_field("title", "headline", need=Need.OBLIGATORY), _field("body", "body | summary"), *_LINK))

BY_KIND: dict[str, Profile] = {
    "web": Profile(
        (
            _field("title", "headline", need=Need.OBLIGATORY),
            _field("description", "summary", need=Need.ADVISED),
            _field("body", "body", Shape.HTML),
            _IMAGE,
            *_LINK,
        ),
    ),
    "email": Profile(
        (
            _field("subject", "text:subject | field:subject_hint | headline", need=Need.OBLIGATORY),
            _field("preheader", "text:preheader | field:preheader | summary", need=Need.ADVISED),
            _field("title", "headline", need=Need.OBLIGATORY),
            _field("html", f"headline + image + {_MESSAGE}", Shape.EMAIL_HTML, Need.OBLIGATORY),
            _field("text", f"headline + {_MESSAGE}", need=Need.OBLIGATORY),
            _IMAGE,
            *_LINK,
        ),
        {"utm_medium": "email"},
    ),
    "mobile": Profile(
        (
            _field("title", "text:push_title | headline", need=Need.OBLIGATORY),
            _field("body", "text:short | summary | body", need=Need.OBLIGATORY),
            _field("link", "link", Shape.LINK),
        ),
        links={"utm_medium": "mobile"},
    ),
    "sms": Profile(
        (
            _field(
                "text", "text:sms + link | text:short + link | summary + link | headline + link", need=Need.OBLIGATORY
            ),
        ),
    ),
    "social": Profile(
        (
            _field("text", "text:social | text:short | summary | headline", need=Need.OBLIGATORY),
            _field("link", "link", Shape.LINK),
            _field("image", "image", Shape.IMAGE, Need.ADVISED, minimum_width=600),
        ),
        {"utm_medium": "social"},
    ),
    "store": Profile(
        (
            _field("title", "headline", need=Need.OBLIGATORY),
            _field("body", "text:short | summary"),
            _field("image", "image", Shape.IMAGE, Need.ADVISED, "16:9", 1000),
        ),
    ),
    "voice": Profile(
        (
            _field("ssml", "text:voice | headline + summary + body", Shape.SSML, Need.OBLIGATORY),
            _field("text", "text:voice | headline + summary + body", need=Need.OBLIGATORY),
        ),
    ),
    "messaging": Profile(
        (
            _field("text", "text:messaging | text:short | summary | headline", need=Need.OBLIGATORY),
            *_LINK,
            _IMAGE,
        ),
        {"utm_medium": "messaging"},
    ),
    "call-centre": Profile(
        (
            _field("title", "headline", need=Need.OBLIGATORY),
            _field("script", "text:script | summary + body | headline", need=Need.OBLIGATORY),
            _field("legal", "legal"),
            _field("link", "link", Shape.LINK),
        ),
    ),
    "print": Profile(
        (
            _field("title", "headline", need=Need.OBLIGATORY),
            _field("body", "body | summary", Shape.BLOCKS, Need.OBLIGATORY),
            _field("text", "body | summary"),
            _field("image", "image", Shape.IMAGE, minimum_width=1200),
            _field("legal", "legal"),
            _field("link", "link", Shape.LINK),
        ),
    ),
}

BY_CODE: dict[str, Profile] = {
    "channel:web-banner": Profile(
        (
            _field("title", "text:banner_title | headline", need=Need.OBLIGATORY),
            _field("description", ""),
            _field("body", "text:banner | text:short | summary"),
            _field("image", "image", Shape.IMAGE, Need.ADVISED),
            _field("link", "link", Shape.LINK, Need.OBLIGATORY),
        ),
    ),
    "channel:email-transactional": Profile(
        (_field("html", f"headline + {_MESSAGE}", Shape.EMAIL_HTML, Need.OBLIGATORY), _field("image", "")),
        links={"utm_source": "service-mail"},
    ),
    "channel:email-marketing": Profile(
        (_field("link", "link", Shape.LINK, Need.ADVISED),), links={"utm_source": "newsletter"}
    ),
    "channel:mobile-push": Profile(links={"utm_source": "push"}),
    "channel:mobile-sms": Profile(
        (_field("title", ""), _field("body", ""), _field("link", ""), *BY_KIND["sms"].fields),
        {"utm_source": "sms"},
    ),
    "channel:mobile-in-app": Profile(
        (_IMAGE, _field("link_label", "link_label")),
        {"utm_source": "app"},
    ),
    "channel:print-flyer": Profile((_field("image", "image", Shape.IMAGE, Need.OBLIGATORY, "", 1200),)),
    "channel:print-letter": Profile((_field("image", ""), _field("body", "body", Shape.MARKDOWN, Need.OBLIGATORY))),
}
