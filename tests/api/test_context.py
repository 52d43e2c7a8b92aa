import pytest

from contenthub.api.context import MOST_ENTRIES, RequestContext
from contenthub.api.errors import HubError
from tests.delivery.published import DAY, NOW, project, publish, text

ITEM = 'query ($context: ContextInput) { item(key: "welcome", context: $context) { headline requestedLocale } }'


@pytest.fixture
def welcome(hub):
    publish(project("welcome", {"en": text("Welcome"), "de": text("Willkommen"), "ja": text("ようこそ")}))


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ({"locale": "DE"}, []),
        ({"locale": "de_ch"}, []),
        ({"locale": "de-AT"}, [("LOCALE_NEGOTIATED", "context.locale")]),
        ({"locale": "fr"}, [("UNKNOWN_CODE", "context.locale")]),
        ({"locale": "!!"}, [("UNKNOWN_CODE", "context.locale")]),
        ({"channel": "channel:nope"}, [("UNKNOWN_CODE", "context.channel")]),
        ({"market": "market:XX"}, [("UNKNOWN_CODE", "context.market")]),
        ({"market": "segment:young"}, [("UNKNOWN_CODE", "context.market")]),
        ({"segments": ["segment:young", "segment:nope"]}, [("UNKNOWN_CODE", "context.segments")]),
        (
            {"externalSegments": [{"system": "crm", "identifier": "7"}]},
            [("UNKNOWN_CODE", "context.externalSegments")],
        ),
    ],
)
def test_what_the_hub_does_not_know_is_told_and_does_not_stop_the_answer(welcome, ask, notices, context, told):
    assert notices(ITEM, context=context) == told
    assert ask(ITEM, context=context)["item"] is not None


@pytest.mark.parametrize(
    ("context", "code", "argument"),
    [
        ({"locale": "de-AT"}, "UNKNOWN_CODE", "context.locale"),
        ({"locale": "fr"}, "UNKNOWN_CODE", "context.locale"),
        ({"locale": "!!"}, "BAD_ARGUMENT", "context.locale"),
        ({"channel": "channel:nope"}, "UNKNOWN_CODE", "context.channel"),
        ({"market": "market:XX"}, "UNKNOWN_CODE", "context.market"),
        ({"segments": ["segment:nope"]}, "UNKNOWN_CODE", "context.segments"),
    ],
)
def test_a_strict_context_refuses_what_the_hub_does_not_know(welcome, refused, context, code, argument):
    refusal = refused(ITEM, context={**context, "strict": True})

    assert (refusal[0], refusal[2]) == (code, argument)


def test_the_locale_is_negotiated(welcome, ask):
    answers = {tag: ask(ITEM, context={"locale": tag})["item"] for tag in ("de-AT", "fr", "ja-JP")}

    assert answers == {
        "de-AT": {"headline": "Willkommen", "requestedLocale": "de"},
        "fr": {"headline": "Welcome", "requestedLocale": "en"},
        "ja-JP": {"headline": "ようこそ", "requestedLocale": "ja"},
    }


def test_the_future_is_shown_to_those_who_may_see_it(hub, ask, refused, settings):
    publish(project("welcome", {"en": [text("Now", end=NOW + DAY), text("Then", start=NOW + DAY)]}))
    tomorrow = {"at": (NOW + DAY).isoformat()}

    assert ask(ITEM)["item"]["headline"] == "Now"
    assert ask(ITEM, context=tomorrow)["item"]["headline"] == "Then"

    settings.HUB_ANONYMOUS_RIGHTS = []
    assert refused(ITEM, context=tomorrow) == (
        "FORBIDDEN",
        "'at' wants the right 'time', which this caller does not have.",
        "context.at",
    )


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("2026-12-01T00:00:00", "'2026-12-01T00:00:00' has no offset: write it as 2026-12-01T00:00:00Z."),
        (
            "9999-12-31T23:00:00-05:00",
            "'9999-12-31T23:00:00-05:00' is outside the years 1 to 9999: choose a nearer instant.",
        ),
    ],
)
def test_an_instant_that_cannot_be_answered_is_refused(welcome, refused, at, message):
    assert refused(ITEM, context={"at": at}) == ("BAD_ARGUMENT", message, "context.at")


def test_a_notice_is_told_once():
    around = RequestContext()

    around.notice("UNKNOWN_CODE", "There is none.", "context.channel")
    around.notice("UNKNOWN_CODE", "There is none.", "context.channel")

    assert around.notices == [{"code": "UNKNOWN_CODE", "message": "There is none.", "argument": "context.channel"}]


def test_an_answer_that_would_hold_too_much_is_refused():
    around = RequestContext()
    around.spend(MOST_ENTRIES)

    with pytest.raises(HubError, match="more than 50,000 list entries"):
        around.spend(1)
