import json

import pytest
from django.core.management import CommandError, call_command

from channels.channelfiles import UnloadableFile
from channels.loading import LoadReport, load_channels
from channels.models import Channel, ChannelField, Limit
from channels.registry import channel_registry
from tests.channels.factories import ChannelFactory, LimitFactory

pytestmark = pytest.mark.django_db

WEB = {"code": "channel:web", "parent": None, "labels": {"en": "Web site", "ja": "ウェブサイト"}, "order": 1}
BANNER = {
    "code": "channel:web-banner",
    "parent": "channel:web",
    "labels": {"en": "Web banner"},
    "label_origin": "project",
    "max_title": 60,
    "max_body": 120,
    "note": "Above the fold.",
    "depth": 2,
    "order": 1,
}


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of channels and returns its path."""

    def write_file(*terms, facet="channel"):
        path = tmp_path / "channel.json"
        path.write_text(json.dumps({"facet": facet, "terms": terms}), encoding="utf-8")
        return path

    return write_file


def stored():
    return {channel.code: channel for channel in Channel.objects.all()}


def test_a_file_becomes_channels_with_kinds_limits_and_attributes(write):
    report = load_channels(write(WEB, BANNER))

    assert report == LoadReport(added=2, changed=0, removed=0, unchanged=0)
    entry = channel_registry().get("channel:web-banner")
    assert (entry.parent, entry.kind) == ("channel:web", "web")
    assert [(limit.field, limit.measure, limit.maximum) for limit in entry.limits] == [
        ("body", "characters", 120),
        ("title", "characters", 60),
    ]
    assert stored()["channel:web-banner"].attributes == {"label_origin": "project", "note": "Above the fold."}
    assert stored()["channel:web"].labels == {"en": "Web site", "ja": "ウェブサイト"}


def test_loading_again_changes_nothing(write):
    path = write(WEB, BANNER)
    load_channels(path)
    rows = list(Channel.objects.values()), list(Limit.objects.values())

    report = load_channels(path)

    assert report == LoadReport(added=0, changed=0, removed=0, unchanged=2)
    assert (list(Channel.objects.values()), list(Limit.objects.values())) == rows


def test_a_changed_entry_is_brought_in_step(write):
    load_channels(write(WEB, BANNER))

    report = load_channels(write(WEB, BANNER | {"labels": {"en": "Banner"}, "max_title": 40, "max_body": 120}))

    assert report == LoadReport(added=0, changed=1, removed=0, unchanged=1)
    entry = channel_registry().get("channel:web-banner")
    assert entry.labels == {"en": "Banner"}
    assert [limit.maximum for limit in entry.limits] == [120, 40]


def test_a_limit_that_is_gone_from_the_file_is_gone(write):
    load_channels(write(WEB, BANNER))
    without = {key: value for key, value in BANNER.items() if key != "max_body"}

    load_channels(write(WEB, without))

    assert [(limit.field, limit.maximum) for limit in channel_registry().get("channel:web-banner").limits] == [
        ("title", 60)
    ]


def test_a_channel_that_is_gone_from_the_file_is_retired_and_comes_back(write):
    load_channels(write(WEB, BANNER))

    retired = load_channels(write(WEB))
    again = load_channels(write(WEB))
    is_retired = stored()["channel:web-banner"].is_retired
    restored = load_channels(write(WEB, BANNER))

    assert retired == LoadReport(added=0, changed=0, removed=1, unchanged=1, retired=("channel:web-banner",))
    assert again == LoadReport(added=0, changed=0, removed=0, unchanged=1)
    assert is_retired
    assert restored == LoadReport(added=0, changed=1, removed=0, unchanged=1)
    assert not stored()["channel:web-banner"].is_retired


def test_children_may_stand_before_their_parents(write):
    load_channels(write(BANNER, WEB))

    assert list(channel_registry().by_code) == ["channel:web", "channel:web-banner"]


def test_a_channel_can_move_to_another_parent(write):
    load_channels(write(WEB, BANNER))
    other = {"code": "channel:other", "labels": {"en": "Other"}}

    load_channels(write(WEB, other, BANNER | {"parent": "channel:other"}))

    assert channel_registry().get("channel:web-banner").kind == "other"
    assert channel_registry().get("channel:web-banner").ancestors == ("channel:other",)


def test_a_kind_in_the_file_stands_over_the_root(write):
    load_channels(write(WEB | {"kind": "site"}, BANNER, BANNER | {"code": "channel:web-app", "kind": "app"}))

    kinds = {entry.code: entry.kind for entry in channel_registry().by_code.values()}
    assert kinds == {"channel:web": "site", "channel:web-banner": "site", "channel:web-app": "app"}


def test_names_are_composed_but_keep_their_direction_marks(write):
    load_channels(write(WEB | {"labels": {"en": "Cafe\u0301", "ar": "\u200fقناة"}}))

    assert stored()["channel:web"].labels == {"en": "Café", "ar": "\u200fقناة"}


def test_every_problem_is_named_and_nothing_is_changed(write):
    ChannelFactory(code="channel:old")
    path = write(
        WEB | {"labels": {"xx!": "Web"}, "kind": "Web Site"},
        BANNER | {"parent": "channel:gone", "max_title": 0, "max_body": "120", "order": -1},
        BANNER | {"code": "banner"},
        {"code": "channel:bare"},
    )

    with pytest.raises(UnloadableFile) as refused:
        load_channels(path)

    assert refused.value.problems == [
        "channel:web: labels: 'xx!' is no canonical language tag such as en, ja or pt-BR.",
        "channel:web: kind: Write a kind like web, email or mobile.",
        "channel:web-banner: the parent 'channel:gone' is not in the file.",
        "channel:web-banner: order is -1, not a whole number from 0 up.",
        "channel:web-banner: max_title is 0, not a whole number from 1 up.",
        'channel:web-banner: max_body is "120", not a whole number from 1 up.',
        "banner: code: Write a code like channel:web-page.",
        "channel:bare: labels: This field cannot be null.",
    ]
    assert list(stored()) == ["channel:old"]
    assert not stored()["channel:old"].is_retired


def test_entries_without_a_code_of_their_own_are_named(write):
    with pytest.raises(UnloadableFile) as refused:
        load_channels(write(WEB, WEB, {"labels": {}}, "channel:web"))

    assert refused.value.problems == [
        "channel:web: the code stands there twice.",
        "Channel 3 has no code.",
        "Channel 4 has no code.",
    ]


def test_a_circle_of_parents_is_refused(write):
    first, second = WEB | {"parent": "channel:web-banner"}, BANNER

    with pytest.raises(UnloadableFile) as refused:
        load_channels(write(first, second))

    assert refused.value.problems == [
        "These channels stand under each other in a circle: channel:web, channel:web-banner."
    ]


def test_a_file_of_terms_is_refused_with_the_command_for_it(write):
    path = write({"code": "journey:aware", "labels": {"en": "Aware"}}, facet="journey")

    with pytest.raises(UnloadableFile) as refused:
        load_channels(path)

    assert refused.value.problems == [
        f"{path} holds terms of the facet 'journey', not channels: load it with load_terms."
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"facet": "channel"}', '{"facet": "channel", "terms": {}}'])
def test_a_file_of_another_form_is_refused(tmp_path, text):
    path = tmp_path / "channel.json"
    path.write_text(text)

    with pytest.raises(UnloadableFile):
        load_channels(path)

    assert not Channel.objects.exists()


def test_limits_set_in_the_admin_are_brought_back_to_the_file(write):
    load_channels(write(WEB))
    LimitFactory(channel=stored()["channel:web"])

    report = load_channels(write(WEB))

    assert report.changed == 1
    assert not Limit.objects.exists()


def test_the_command_reports_in_one_line(write, capsys):
    call_command("load_channels", write(WEB, BANNER))

    assert capsys.readouterr().out == "2 added, 0 changed, 0 removed, 0 unchanged\n"


def test_the_command_says_that_nothing_was_loaded(write):
    with pytest.raises(CommandError) as refused:
        call_command("load_channels", write(BANNER))

    assert str(refused.value) == (
        "Nothing was loaded.\nchannel:web-banner: the parent 'channel:web' is not in the file."
    )


PROFILED = BANNER | {
    "limits": [
        {"field": "title", "measure": "graphemes", "maximum": 35, "placement": "sidebar", "severity": "warning"}
    ],
    "fields": [{"name": "title", "source": "text:banner | headline", "need": "obligatory"}, {"name": "description"}],
    "links": {"allowed_hosts": "example.org", "utm_source": "banner"},
}


def profile(code):
    entry = channel_registry().get(code)
    fields = [(field.name, field.need) for field in entry.fields if field.sources]
    return fields, [tuple(getattr(limit, name) for name in limit.__slots__) for limit in entry.limits], entry.links


def test_a_file_may_say_fields_limits_and_links_itself(write):
    path = write(WEB | {"fields": []}, PROFILED)

    load_channels(path)

    fields, limits, links = profile("channel:web-banner")
    assert fields == [("title", "obligatory")]
    assert limits == [
        ("body", "characters", 120, "", "error"),
        ("title", "characters", 60, "", "error"),
        ("title", "graphemes", 35, "sidebar", "warning"),
    ]
    assert (links.allowed_hosts, links.utm_source, links.utm_medium) == (("example.org",), "banner", "")
    assert load_channels(path).unchanged == 2
    assert stored()["channel:web-banner"].attributes == {"label_origin": "project", "note": "Above the fold."}


def test_new_channels_begin_with_the_fields_of_their_code_or_kind_and_keep_what_editors_made_of_them(write):
    path = write(WEB, BANNER)
    load_channels(path)
    assert [name for name, _ in profile("channel:web")[0]] == [
        "title",
        "description",
        "body",
        "image",
        "link",
        "link_label",
    ]
    assert ("link", "obligatory") in profile("channel:web-banner")[0]
    ChannelField.objects.filter(channel__code="channel:web-banner", name="link").update(need="optional")

    report = load_channels(write(WEB, BANNER | {"labels": {"en": "Banner"}}))

    assert report.changed == 1
    assert ("link", "optional") in profile("channel:web-banner")[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"limits": {"title": 3}}, "limits is no list of objects."),
        ({"limits": [{"field": "title"}]}, "limits 1 has no maximum."),
        ({"limits": [{"field": "title", "maximum": 3, "max": 4}]}, "limits 1 has max, which nobody reads."),
        ({"limits": [{"field": "title", "maximum": 3}] * 2}, "limits 2 says what stands there before."),
        (
            {"limits": [{"field": "title", "maximum": 3, "measure": "miles"}]},
            "limits 1: measure: Value 'miles' is not a valid",
        ),
        ({"fields": [{"name": "a", "source": "titel"}]}, "fields 1: source: 'titel' is none of headline,"),
        ({"fields": [{"name": "a", "source": "kind:x"}]}, "fields 1: source: 'kind:x' is none of headline,"),
        (
            {"fields": [{"name": "a", "source": "image | text:x", "shape": "image"}]},
            "fields 1: source: 'text:x' cannot feed a field of the shape picture.",
        ),
        ({"limits": [{"field": "titel", "maximum": 5}]}, "limits: The channel has no field 'titel'."),
        (
            {"fields": [{"name": "a"}], "limits": [{"field": "a", "maximum": 5}]},
            "limits: The channel has no field 'a'.",
        ),
        ({"fields": [{"name": "a", "shape": "round"}]}, "fields 1: shape: Value 'round' is not a valid choice."),
        ({"limits": [{"field": ["title"], "maximum": 3}]}, 'limits 1: field is ["title"], not a text.'),
        (
            {"limits": [{"field": "title", "maximum": 3, "measure": ["words"]}]},
            'limits 1: measure is ["words"], not a text.',
        ),
        ({"limits": [{"field": "title", "maximum": "500"}]}, 'limits 1: maximum is "500", not a whole number from 1'),
        ({"limits": [{"field": "title", "maximum": 1.5}]}, "limits 1: maximum is 1.5, not a whole number from 1"),
        ({"limits": [{"field": "title", "maximum": True}]}, "limits 1: maximum is true, not a whole number from 1"),
        ({"limits": [{"field": "title", "maximum": 10**12}]}, "limits 1: maximum is 1000000000000, not a whole"),
        ({"limits": [{"field": "title", "maximum": 0}]}, "limits 1: maximum is 0, not a whole number from 1"),
        ({"max_title": 10**12}, "max_title is 1000000000000, not a whole number from 1"),
        ({"fields": [{"name": "a"}, {"name": "b", "source": None}]}, "fields 2: source is null, not a text."),
        (
            {"fields": [{"name": "a", "minimum_width": "9"}]},
            'fields 1: minimum_width is "9", not a whole number from 0',
        ),
        ({"limtis": []}, "limtis is read by nobody: limits is."),
        ({"Label": {}}, "Label is read by nobody: labels is."),
        ({"labels": {"en": "We\0b"}}, 'labels: en holds a control character: "We\\u0000b".'),
        ({"labels": {"en": "We\ud800b"}}, "labels: en holds a control character"),
        ({"note": {"x\0": 1}}, "note holds a control character"),
        ({"fields": [{"name": "title\n"}]}, "fields 1: name holds a control character"),
        ({"links": {"utm": "x"}}, "links has utm, which nobody reads."),
        ({"links": {"deep_link": "nowhere"}}, "deep_link: Write an address with {key} in it"),
        ({"links": []}, "links is no object of texts."),
    ],
)
def test_a_profile_that_cannot_be_read_is_told_and_changes_nothing(write, change, told):
    with pytest.raises(UnloadableFile) as refused:
        load_channels(write(WEB, BANNER | change))

    assert refused.value.problems[0].startswith(f"channel:web-banner: {told}")
    assert not Channel.objects.exists()


@pytest.mark.parametrize("depth", [30, 100_000])
def test_a_file_that_is_nested_too_deeply_is_refused(tmp_path, depth):
    path = tmp_path / "channel.json"
    path.write_text(f'{{"facet": "channel", "terms": {"[" * depth}{"]" * depth}}}')

    with pytest.raises(UnloadableFile) as refused:
        load_channels(path)

    assert refused.value.problems == [f"{path} is nested too deeply."]


def test_remarks_are_kept_as_they_came(write):
    remarks = {"note": "Above\nthe fold.", "label_origin": {"en": "project"}, "models": [1, None]}

    load_channels(write(WEB | remarks))

    assert stored()["channel:web"].attributes == remarks


def test_limits_are_judged_by_the_fields_that_editors_gave_a_channel(write):
    load_channels(write(WEB, BANNER))
    ChannelField.objects.create(channel=stored()["channel:web"], name="teaser", source="summary", sort_order=9)
    ChannelField.objects.filter(channel__code="channel:web-banner", name="body").update(source="")
    teaser, body = ({"limits": [{"field": name, "maximum": 9}]} for name in ("teaser", "body"))

    assert load_channels(write(WEB, BANNER | teaser)).changed == 1
    with pytest.raises(UnloadableFile, match="The channel has no field 'body'"):
        load_channels(write(WEB, BANNER | body))


def test_usual_limits_of_fields_that_a_channel_does_not_have_are_kept(write):
    path = write({"code": "channel:voice", "labels": {"en": "Voice"}, "max_body": 400})

    assert load_channels(path).added == 1
    assert load_channels(path).unchanged == 1
    assert [limit.field for limit in channel_registry().get("channel:voice").limits] == ["body"]


def test_the_channels_that_ship_with_the_hub_have_profiles(capsys):
    call_command("load_channels")

    assert capsys.readouterr().out.startswith("20 added")
    registry = channel_registry()
    assert all(any(field.sources for field in entry.fields) for entry in registry.current)
    assert registry.get("channel:web-banner").placements == ("sidebar",)
    assert [field.name for field in registry.get("channel:mobile-sms").fields if field.sources] == ["text"]
    for entry in registry.current:
        known = {field.name for field in entry.fields if field.sources}
        assert {limit.field for limit in entry.limits} <= known, entry.code


def test_others_are_kept_where_a_file_only_adds(write):
    load_channels(write(WEB, BANNER))

    report = load_channels(write(WEB), keep_others=True)

    assert report == LoadReport(added=0, changed=0, removed=0, unchanged=1)
    assert not stored()["channel:web-banner"].is_retired


def test_a_dry_run_names_what_would_be_retired_and_changes_nothing(write, capsys):
    load_channels(write(WEB, BANNER))

    call_command("load_channels", write(WEB | {"labels": {"en": "Site"}}), dry_run=True)

    told = (
        "0 added, 1 changed, 1 removed, 0 unchanged\n  retired: channel:web-banner\nNothing was changed (--dry-run).\n"
    )
    assert capsys.readouterr().out == told
    assert (stored()["channel:web"].labels, stored()["channel:web-banner"].is_retired) == (WEB["labels"], False)
