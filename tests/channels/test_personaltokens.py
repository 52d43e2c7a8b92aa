"""Personal tokens: found in texts, measured at their longest, and written as tools write them."""

import orjson
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from channels.codes import Measure, Shape
from channels.markup import as_markdown, escape_markdown
from channels.models import PersonalToken
from channels.personaltokens import (
    Syntax,
    TokenEntry,
    broken_tokens,
    codes_in,
    refusal,
    texts_in,
    with_values,
    written_for,
)
from channels.registry import LimitEntry
from channels.shaping import shape
from tests.channels.test_shaping import AROUND, DOCUMENT, channel, field

NAME = TokenEntry("first_name", "Akiko", 12, "friend", {"journey_optimizer": "profile.person.name.firstName"})
POINTS = TokenEntry("points", "250", 6, "", {"braze": "custom_attribute.${points}", "handlebars": "pointsBalance"})
KNOWN = {"first_name": NAME, "points": POINTS}


def known():
    return KNOWN


@pytest.mark.parametrize(
    ("syntax", "name", "points"),
    [
        (Syntax.NEUTRAL, "{{first_name}}", "{{points}}"),
        (Syntax.LIQUID, "{{ first_name | default: 'friend' }}", "{{ points }}"),
        (Syntax.BRAZE, "{{${first_name} | default: 'friend'}}", "{{custom_attribute.${points}}}"),
        (
            Syntax.HANDLEBARS,
            "{{#if first_name includeZero=true}}{{first_name}}{{else}}friend{{/if}}",
            "{{#if pointsBalance includeZero=true}}{{pointsBalance}}{{/if}}",
        ),
        (
            Syntax.AMPSCRIPT,
            "%%=IIF(EMPTY(AttributeValue('first_name')),'friend',AttributeValue('first_name'))=%%",
            "%%=IIF(EMPTY(AttributeValue('points')),'',AttributeValue('points'))=%%",
        ),
        (Syntax.JOURNEY_OPTIMIZER, "{%=profile.person.name.firstName ?: 'friend'%}", "{{profile.points}}"),
    ],
)
def test_each_tool_gets_its_own_syntax_default_and_name(syntax, name, points):
    assert (NAME.written(syntax), POINTS.written(syntax)) == (name, points)


def test_tokens_are_known_by_their_form_alone():
    assert codes_in(["Hi {{first_name}}{{points}}", None, "", "{{first_name}} {{ points }} {{Points}} {{a__b}}"]) == [
        "first_name",
        "points",
    ]


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("Hi {{first_name}}, { {points} }", []),
        ("{{ first_name }}", ["{{ first_name }}"]),
        ("{{nickname}} and {{points}}", ["{{nickname}}"]),
        ("{{first_name", ["{{first_name"]),
        ("points}} left", ["points}}"]),
        ("{{<b>points</b>}}", ["{{<b>points</b>}}"]),
    ],
)
def test_what_looks_like_a_token_and_is_none_is_found(text, broken):
    assert broken_tokens(text, known) == broken


def test_a_refusal_names_what_there_is():
    assert refusal(["{{nick}}", "{{nick}} {{x"], known) == (
        "No personal token: {{nick}}, {{x. There are: {{first_name}}, {{points}}."
    )
    assert refusal(["{{first_name}}"], known) is None
    assert refusal(["{{x}}"], dict) == "No personal token: {{x}}. There are: none yet."


def test_the_catalogue_is_not_asked_for_texts_without_tokens():
    def asked():
        raise AssertionError

    assert with_values("{ } {{ }}", lambda token: token.sample, asked) == "{ } {{ }}"
    assert broken_tokens("{ plain }", asked) == []
    assert written_for(b'{"a": {"b": {}}}', Syntax.BRAZE, asked) == b'{"a": {"b": {}}}'


def test_the_longest_value_has_the_characters_of_the_sample():
    assert NAME.longest == "AkikoAkikoAk"
    assert TokenEntry("name", "太郎", 3).longest == "太郎太"


TEXTS = st.lists(st.sampled_from(["{{first_name}}", "{{points}}", "{{x}}", "{{", "}}", '"', "\\", "é", "\n", "{"])).map(
    "".join
)
JSON = st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))


@given(JSON, st.sampled_from(Syntax))
def test_json_is_written_as_text_by_text(value, syntax):
    def write(one):
        if isinstance(one, str):
            return with_values(one, lambda token: token.written(syntax), known)
        if isinstance(one, list):
            return [write(each) for each in one]
        return {write(name): write(each) for name, each in one.items()}

    assert orjson.loads(written_for(orjson.dumps(value), syntax, known)) == write(value)


def test_markdown_leaves_tokens_whole():
    assert escape_markdown("_Hi_ {{first_name}}*") == "\\_Hi\\_ {{first_name}}\\*"
    assert as_markdown("<p>Hi <b>{{first_name}}</b> a_b</p>") == "Hi **{{first_name}}** a\\_b"


@pytest.mark.parametrize("form", [Shape.PLAIN, Shape.HTML, Shape.EMAIL_HTML, Shape.MARKDOWN, Shape.SSML])
def test_every_shape_hands_tokens_over_as_they_are(form):
    block = {"type": "rich_text", "id": "r", "html": "<p>Hello {{first_name}}, {{points}} points</p>"}
    shown = shape({**DOCUMENT, "blocks": [block]}, channel(field("text", "body", form)), AROUND).fields["text"]

    assert codes_in([shown]) == ["first_name", "points"]


@pytest.mark.parametrize(
    ("by", "sample", "text", "measured"),
    [
        (Measure.CHARACTERS, "Jo", "Hi {{name}}!", 24),
        (Measure.SMS_SEGMENTS, "Jo", "x" * 150 + "{{name}}", 2),
        (Measure.SMS_SEGMENTS, "太郎", "x" * 60 + "{{name}}", 2),
        (Measure.WIDTH, "太郎", "{{name}}", 40),
        (Measure.BYTES, "é", "{{name}}", 40),
    ],
)
def test_texts_are_measured_with_the_longest_value(by, sample, text, measured):
    around = AROUND.__class__(
        **{**AROUND.__dict__, "tokens": lambda: {"name": TokenEntry("name", sample, 20)}},
    )
    limit = LimitEntry("text", by, measured - 1)
    found = shape({**DOCUMENT, "headline": text}, channel(field("text", "headline"), limits=[limit]), around)

    assert [(each.rule, each.measured) for each in found.findings] == [(by, measured)]
    assert found.fields["text"] == text


def test_texts_of_a_document_are_found_however_deep():
    assert set(texts_in({"a": ["b", {"c": ("d", 1, None)}], "e": "f"})) == {"b", "d", "f"}


@pytest.mark.parametrize("name", ["first_name", "profile.person.firstName", "${points}", "custom_attribute.${points}"])
def test_names_as_tools_write_them_are_taken(db, name):
    PersonalToken(code="points", sample="250", max_length=6, names={"braze": name}).full_clean()


@pytest.mark.parametrize(
    ("changes", "field_name"),
    [
        ({"code": "First"}, "code"),
        ({"code": "a__b"}, "code"),
        ({"default": "it's"}, "default"),
        ({"default": "{{x}}"}, "default"),
        ({"default": "much too long a text"}, "default"),
        ({"sample": "<b>"}, "sample"),
        ({"sample": ""}, "sample"),
        ({"max_length": 0}, "max_length"),
        ({"names": {"sql": "x"}}, "names"),
        ({"names": {"liquid": "a b"}}, "names"),
        ({"names": {"ampscript": "x') or ('"}}, "names"),
        ({"names": {"handlebars": "a}}b{{"}}, "names"),
        ({"names": {"braze": "${a"}}, "names"),
        ({"names": {"braze": "a" * 101}}, "names"),
        ({"code": "a}}b{{"}, "code"),
    ],
)
def test_a_token_that_would_break_a_template_is_refused(db, changes, field_name):
    given_ = {"code": "first_name", "sample": "Ada", "max_length": 10, "default": "friend", **changes}

    with pytest.raises(ValidationError) as refused:
        PersonalToken(**given_).full_clean()

    assert list(refused.value.error_dict) == [field_name]
