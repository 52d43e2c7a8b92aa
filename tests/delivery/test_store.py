"""Writing the store: only what differs is touched, and what was served stays to be told."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contenthub.delivery import bulk, store
from contenthub.delivery.checking import differences
from contenthub.delivery.models import (
    FOREVER,
    ChannelRow,
    Document,
    IndexRow,
    PastSlug,
    PublishedItem,
    SearchText,
    TermRow,
)
from taxonomy.snapshot import taxonomy_snapshot
from tests.delivery.published import DAY, NOW, project, publish, text
from tests.delivery.world import build_world

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _hub(db, settings):
    settings.TAXONOMY_DEPENDANTS = settings.LOCALES_DEPENDANTS = None
    build_world()
    with time_machine.travel(NOW, tick=False):
        yield


def rows(key="a"):
    found = IndexRow.objects.filter(key=key).order_by("locale__language_code", "starts_at")
    return list(found.values_list("locale__language_code", "document__locale_code", "starts_at", "ends_at"))


def statements(action):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        action()
    return [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "SELECT"))]


def test_an_item_is_served_by_its_chains():
    publish(project("a", {"de": text(start=NOW), "ja": text(start=NOW, end=NOW + HOUR)}))

    assert rows() == [
        ("de", "de", NOW, FOREVER),
        ("de-CH", "de", NOW, FOREVER),
        ("ja", "ja", NOW, NOW + HOUR),
    ]


def test_terms_stand_with_all_above_them_and_channels_as_named():
    publish(project("a", terms=["journey:compare", "journey:consider"], channels=["channel:email"]))

    english = IndexRow.objects.get(locale__language_code="en")
    assert set(TermRow.objects.filter(row=english).values_list("term__code", "is_own")) == {
        ("journey:compare", True),
        ("journey:consider", True),
    }
    assert ChannelRow.objects.get(row=english).channel.code == "channel:email"
    publish(project("a", terms=["journey:compare"]))
    english = IndexRow.objects.get(locale__language_code="en")
    assert set(TermRow.objects.filter(row=english).values_list("term__code", "is_own")) == {
        ("journey:compare", True),
        ("journey:consider", False),
    }
    assert not ChannelRow.objects.exists()


def test_writing_the_same_again_writes_nothing():
    again = project("a", {"en": text(slug="a"), "de": text(slug="b", start=NOW + DAY)}, terms=["journey:buy"])
    publish(again)

    written = statements(lambda: store.write([again], now=NOW))

    assert [sql for sql in written if not sql.startswith("SELECT")] == []
    assert differences([again], now=NOW) == []


def test_documents_are_kept_with_the_time_they_were_served():
    publish(project("a", {"en": text("Old", start=NOW)}))
    publish(project("a", {"en": text("New", start=NOW + HOUR)}), now=NOW + HOUR)

    kept = Document.objects.order_by("served_from").values_list("served_from", "served_until")
    assert list(kept) == [(NOW, NOW + HOUR), (NOW + HOUR, None)]
    assert SearchText.objects.get().headline == "new"


def test_a_document_that_comes_back_is_served_again_under_its_version():
    first = project("a", {"en": text("Old", start=NOW)})
    publish(first)
    version = Document.objects.get().version
    publish(project("a", {}), now=NOW + HOUR)
    publish(ItemGone, now=NOW + HOUR)

    publish(first, now=NOW + 2 * HOUR)

    document = Document.objects.get(version=version)
    assert (document.served_from, document.served_until) == (NOW, None)


ItemGone = project("a", {"en": []})


def test_a_scheduled_document_that_is_called_off_leaves_no_trace():
    publish(project("a", {"en": text("Now", slug="now", start=NOW)}))
    publish(
        project(
            "a",
            {"en": [text("Now", slug="now", start=NOW, end=NOW + DAY), text("Later", slug="later", start=NOW + DAY)]},
        )
    )
    assert Document.objects.count() == 2

    publish(project("a", {"en": text("Now", slug="now", start=NOW)}))

    assert Document.objects.get().served_until is None
    assert SearchText.objects.count() == 1
    assert PastSlug.objects.get().slug == "now"


def test_a_document_ends_when_it_was_last_served_not_when_that_was_noticed():
    publish(project("a", {"en": text(start=NOW, end=NOW + HOUR)}))

    publish(ItemGone, now=NOW + DAY)

    assert Document.objects.get().served_until == NOW + HOUR


def test_what_becomes_stale_on_its_instant_is_two_rows_of_one_document():
    fresh, stale = (
        text(start=NOW, end=NOW + HOUR),
        text(start=NOW + HOUR, updated_at=NOW, published_at=NOW, is_stale=True),
    )

    publish(project("a", {"ja": [fresh, stale]}))

    assert list(IndexRow.objects.order_by("starts_at").values_list("starts_at", "is_stale")) == [
        (NOW, False),
        (NOW + HOUR, True),
    ]
    assert Document.objects.count() == 1


def test_slugs_are_remembered_from_the_instant_they_are_served():
    publish(project("a", {"en": [text(slug="one", start=NOW, end=NOW + DAY), text(slug="two", start=NOW + DAY)]}))

    noted = PastSlug.objects.order_by("since").values_list("slug", "since")
    assert list(noted) == [("one", NOW), ("two", NOW + DAY)]


def test_of_one_slug_the_owners_follow_each_other():
    publish(project("a", {"en": text(slug="x", start=NOW)}))
    publish(project("a", {"en": text(slug="y", start=NOW + HOUR)}), now=NOW + HOUR)
    publish(project("b", {"en": text(slug="x", start=NOW + HOUR)}), now=NOW + HOUR)
    publish(project("b", {"en": text(slug="x", start=NOW + 2 * HOUR)}), now=NOW + 2 * HOUR)

    noted = PastSlug.objects.filter(slug="x").order_by("since").values_list("item__key", "since")
    assert list(noted) == [("a", NOW), ("b", NOW + HOUR)]


def test_documents_go_after_their_retention_and_no_others():
    publish(project("a", {"en": text("Old", start=NOW)}), project("b", {"en": text(start=NOW)}))
    publish(project("a", {"en": text("New", start=NOW + DAY)}), now=NOW + DAY)
    publish(project("a", {"en": text("Newest", start=NOW + 3 * DAY)}), now=NOW + 3 * DAY)

    assert store.purge_documents(NOW + 2 * DAY) == 1

    assert Document.objects.count() == 3
    assert store.purge_documents(NOW + 2 * DAY) == 0
    assert store.purge_documents(NOW + 9 * DAY) == 1
    assert sorted(Document.objects.values_list("item__key", "served_until")) == [("a", None), ("b", None)]


def test_items_are_locked_in_order_and_made_where_missing():
    found = store.lock_items(["b", "a", "b"])

    assert list(found) == ["a", "b"]
    assert list(PublishedItem.objects.order_by("key").values_list("key", "export_key")) == [("a", "a"), ("b", "b")]
    assert list(store.lock_items([])) == []


def test_a_chunk_costs_the_same_number_of_statements_whatever_its_size(monkeypatch):
    monkeypatch.setattr(bulk, "WORTH_A_COPY", 1)
    taxonomy_snapshot()
    costs = []
    for size in (1, 25):
        texts = {"en": text(slug="s"), "de": text(), "ja": text()}
        keys = [f"item-{size}-{number}" for number in range(size)]
        items = [project(key, texts, terms=["journey:compare"], channels=["channel:web"]) for key in keys]
        store.lock_items(keys)
        written = statements(lambda items=items: store.write(items, now=NOW))
        # SQLite takes long lists of rows in several statements; what is asked does not depend on how many there are.
        reads = [sql for sql in written if sql.startswith("SELECT")]
        costs.append((len(reads), {tuple(sql.split()[:3]) for sql in written if not sql.startswith("SELECT")}))

    assert costs[0] == costs[1]
    assert costs[0][0] <= 13
