import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales.tags import (
    MalformedTag,
    UnknownLanguage,
    canonical_tag,
    content_tags,
    negotiate,
    parent_tags,
    supported_tag,
)

TAGS = content_tags()
tags = st.sampled_from(TAGS)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("PT_br", "pt-BR"),
        (" ja ", "ja"),
        ("zh-Hans-CN", "zh-CN"),
        ("zh_hant_tw", "zh-TW"),
        ("zh-Hant", "zh-Hant"),
        ("sr-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("iw", "he"),
        ("en-UK", "en-GB"),
        ("ja-JP-u-ca-japanese", "ja-JP"),
        ("en-US-x-private", "en-US"),
        ("ca-ES-valencia", "ca-ES"),
    ],
)
def test_a_tag_has_one_canonical_form(written, canonical):
    assert canonical_tag(written) == canonical


@pytest.mark.parametrize("text", ["", " ", "!", "e", "english", "en us", "en-", "-en", "en@x=y", "日本語", "12"])
def test_text_that_is_no_tag_is_refused_by_name(text):
    with pytest.raises(MalformedTag) as refused:
        canonical_tag(text)

    assert str(refused.value) == f"'{text}' is not a language tag such as en, ja or pt-BR."


@given(st.text(max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_text_is_canonical_after_one_pass_or_refused(text):
    try:
        once = canonical_tag(text)
    except MalformedTag:
        return

    assert canonical_tag(once) == once


@given(tags)
def test_every_content_language_is_canonical(tag):
    assert canonical_tag(tag) == tag


def test_a_language_without_data_is_refused_by_name():
    assert supported_tag("PT_br") == "pt-BR"

    with pytest.raises(UnknownLanguage) as refused:
        supported_tag("tlh")

    assert str(refused.value) == "'tlh' names no language that CLDR has data for."


@pytest.mark.parametrize(
    ("tag", "parents"),
    [
        ("de-CH", ("de",)),
        ("es-MX", ("es-419", "es")),
        ("pt-AO", ("pt-PT", "pt")),
        ("zh-HK", ("zh-Hant",)),
        ("zh-MO", ("zh-HK", "zh-Hant")),
        ("zh-CN", ("zh",)),
        ("sr-Latn-RS", ("sr-Latn",)),
        ("sr-Latn", ()),
        ("nb", ("no",)),
        ("ja", ()),
    ],
)
def test_a_tag_inherits_from_its_language_in_its_own_script(tag, parents):
    assert parent_tags(tag) == parents


@given(tags)
def test_no_tag_is_its_own_parent(tag):
    parents = parent_tags(tag)

    assert tag not in parents
    assert len(parents) == len(set(parents))


@pytest.mark.parametrize(
    ("asked", "available", "answer"),
    [
        ("PT_br", ["pt-PT", "pt-BR"], "pt-BR"),
        ("pt", ["pt-PT", "pt-BR"], "pt-BR"),
        ("pt-AO", ["pt-BR", "pt-PT"], "pt-PT"),
        ("de-AT", ["en", "de"], "de"),
        ("es-AR", ["es", "es-419"], "es-419"),
        ("zh", ["zh-TW", "zh-CN"], "zh-CN"),
        ("zh-Hant", ["zh-CN", "zh-TW"], "zh-TW"),
        ("zh-HK", ["zh-CN", "zh-TW"], "zh-TW"),
        ("zh-HK", ["zh-CN"], None),
        ("no", ["en", "nb"], "nb"),
        ("nb-NO", ["en", "no"], "no"),
        ("iw", ["he"], "he"),
        ("tlh", ["en"], None),
        ("ja", [], None),
    ],
)
def test_the_nearest_tag_of_the_same_language_and_script_answers(asked, available, answer):
    assert negotiate(asked, available) == answer


@given(tags, st.sets(tags, max_size=15))
@settings(max_examples=60, deadline=None)
def test_negotiation_answers_with_what_there_is_and_with_the_tag_itself_first(asked, available):
    answer = negotiate(asked, available)

    assert answer is None or answer in available
    assert negotiate(asked, available | {asked}) == asked


@given(tags, st.lists(tags, max_size=8, unique=True))
@settings(max_examples=60, deadline=None)
def test_negotiation_ignores_the_order_of_what_there_is(asked, available):
    assert negotiate(asked, available) == negotiate(asked, available[::-1])
