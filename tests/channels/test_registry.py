import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.registry import ChannelEntry, LimitEntry, UnknownChannel, channel_registry
from tests.channels.factories import ChannelFactory, LimitFactory

tags = st.sampled_from(["en", "ja", "ko", "de", "pt-BR"])


@pytest.mark.django_db
@pytest.mark.parametrize("children", [1, 25])
def test_the_registry_costs_two_queries_whatever_its_size(django_assert_num_queries, children):
    root = ChannelFactory(code="channel:web", position=0)
    for child in ChannelFactory.create_batch(children, parent=root):
        LimitFactory(channel=child)

    with django_assert_num_queries(2):
        registry = channel_registry()

    assert len(registry.by_code) == children + 1
    assert {entry.parent for entry in registry.by_code.values()} == {None, "channel:web"}


@pytest.mark.django_db
def test_channels_stand_in_tree_order_with_their_ancestors():
    email = ChannelFactory(code="channel:email", position=2)
    web = ChannelFactory(code="channel:web", position=1)
    ChannelFactory(code="channel:web-b", parent=web, position=2)
    ChannelFactory(code="channel:web2", parent=web, position=1)
    page = ChannelFactory(code="channel:web-a", parent=web, position=1)
    ChannelFactory(code="channel:web-a-amp", parent=page)
    ChannelFactory(code="channel:email-news", parent=email)

    registry = channel_registry()

    assert [(entry.code, entry.ancestors, entry.depth) for entry in registry.by_code.values()] == [
        ("channel:web", (), 1),
        ("channel:web-a", ("channel:web",), 2),
        ("channel:web-a-amp", ("channel:web-a", "channel:web"), 3),
        ("channel:web2", ("channel:web",), 2),
        ("channel:web-b", ("channel:web",), 2),
        ("channel:email", (), 1),
        ("channel:email-news", ("channel:email",), 2),
    ]
    assert registry.by_id[page.pk] is registry.get("channel:web-a")


@pytest.mark.django_db
def test_a_limit_is_the_own_one_else_that_of_the_nearest_ancestor():
    root = ChannelFactory(code="channel:mobile")
    push = ChannelFactory(code="channel:mobile-push", parent=root)
    ChannelFactory(code="channel:mobile-push-silent", parent=push)
    LimitFactory(channel=root, field="title", maximum=100)
    LimitFactory(channel=root, field="body", maximum=500)
    LimitFactory(channel=push, field="title", maximum=50)

    registry = channel_registry()

    narrow = (LimitEntry("body", "characters", 500), LimitEntry("title", "characters", 50))
    assert registry.get("channel:mobile-push").limits == narrow
    assert registry.get("channel:mobile-push-silent").limits == narrow
    assert registry.get("channel:mobile").limits[1].maximum == 100


@pytest.mark.django_db
def test_a_retired_channel_answers_but_is_not_current():
    ChannelFactory(code="channel:web")
    ChannelFactory(code="channel:fax", is_retired=True)

    registry = channel_registry()

    assert registry.get("channel:fax").is_retired
    assert [entry.code for entry in registry.current] == ["channel:web"]


@pytest.mark.django_db
def test_a_code_that_no_channel_has_is_named():
    registry = channel_registry()

    assert registry.find("channel:fax") is None
    with pytest.raises(UnknownChannel) as missing:
        registry.get("channel:fax")

    assert missing.value.code == "channel:fax"
    assert str(missing.value) == "There is no channel 'channel:fax'."


def test_a_label_is_the_first_of_the_chain_then_english_then_any():
    entry = ChannelEntry(1, "channel:web", None, (), "web", (), {"ja": "ウェブ", "en": "Web", "de": "Netz"}, False)
    without_english = ChannelEntry(1, "channel:web", None, (), "web", (), {"ja": "ウェブ", "de": "Netz"}, False)

    assert entry.label(["pt-BR", "de", "en"]) == "Netz"
    assert entry.label(["ko"]) == "Web"
    assert without_english.label(["ko"]) == "Netz"


@given(st.dictionaries(tags, st.text(min_size=1), min_size=1), st.lists(tags, max_size=4))
def test_a_label_is_always_one_of_those_there_are(labels, chain):
    entry = ChannelEntry(1, "channel:web", None, (), "web", (), labels, False)

    assert entry.label(chain) in labels.values()
    assert entry.label(chain) == entry.label(tuple(chain))
