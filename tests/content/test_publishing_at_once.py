"""Several writers at the same time: the published store ends in step, and nobody waits for ever."""

import threading

import orjson
import pytest
from django.db import connection, connections, transaction

from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences, publish_due, sync
from contenthub.delivery.models import Document, IndexRow, PublishedItem
from contenthub.delivery.store import lock_items
from locales.changes import ensure_locale, set_next
from taxonomy.changing import create_term, move_term, retire_term
from taxonomy.models import Facet
from tests.content.editing import draft, localize
from tests.content.factories import ItemFactory

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def at_once(*actions):
    """Run the actions in threads that start together; raise what one of them raised."""
    start, errors = threading.Barrier(len(actions)), []

    def run(action):
        try:
            start.wait(timeout=10)
            action()
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[action]) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


def agreed():
    return [str(difference) for difference in differences()] == []


def test_languages_of_one_item_published_at_once():
    for tag in ("en", "de", "ja", "ko"):
        ensure_locale(tag)
    for _ in range(3):
        item = ItemFactory(published=True)
        revisions = [draft(localize(item, tag), headline=f"In {tag}") for tag in ("de", "ja", "ko")]

        at_once(*(revision.publish for revision in [draft(item, headline="In en"), *revisions]))

        rows = IndexRow.objects.filter(key=item.key)
        assert sorted(rows.values_list("locale__language_code", "document__locale_code", "is_fallback")) == [
            (tag, tag, False) for tag in ("de", "en", "ja", "ko")
        ]
        assert ContentItem.objects.filter(key=item.key, live=True).count() == 4
    assert agreed()


def test_the_same_language_published_twice_at_once():
    ensure_locale("en")
    item = ItemFactory()
    revisions = [draft(item, headline=name) for name in ("One", "Two")]

    at_once(*(revision.publish for revision in revisions))

    live = ContentItem.objects.get()
    assert IndexRow.objects.get().document.head.count(f'"headline":"{live.headline}"') == 1
    assert Document.objects.filter(served_until=None).count() == 1
    assert agreed()


def test_publishing_while_terms_move_and_chains_change():
    english, german, japanese = (ensure_locale(tag) for tag in ("en", "de", "ja"))
    Facet.objects.get_or_create(code="journey", defaults={"names": {"en": "Journey"}})
    old, new, other = (create_term(f"journey:{name}", labels={"en": name}) for name in ("old", "new", "other"))
    items = [ItemFactory(terms=[old]) for _ in range(6)]
    revisions = [item.latest_revision for item in items]

    def publish_all():
        for revision in revisions:
            revision.publish()

    def change_terms():
        move_term(old, parent=other)
        retire_term(old, successors=[new])

    def change_chains():
        set_next(japanese, german)
        set_next(japanese, english)
        set_next(german, None)

    at_once(publish_all, change_terms, change_chains)

    assert agreed()
    assert set(IndexRow.objects.values_list("locale__language_code", flat=True)) == {"en", "ja"}
    assert {code for row in Document.objects.filter(served_until=None) for code in _terms(row)} == {"journey:new"}


def test_two_schedulers_at_once_do_everything_once(settings):
    ensure_locale("en")
    items = [ItemFactory(published=True) for _ in range(4)]
    ContentItem.objects.update(expire_at="2020-01-01T00:00:00Z")
    sync(*(item.key for item in items))
    done = []

    at_once(*(lambda: done.extend(what for _, what in publish_due()) for _ in range(2)))

    assert not ContentItem.objects.filter(live=True).exists()
    assert set(done) == {"expired"}
    assert agreed()


def test_new_items_locked_at_once_are_made_once_whatever_their_order():
    keys = [f"key-{number}" for number in range(20)]

    def lock(order):
        with transaction.atomic():
            assert list(lock_items(order)) == sorted(keys)

    at_once(*(lambda order=order: lock(order) for order in (keys, keys[::-1], keys[10:] + keys[:10])))

    assert PublishedItem.objects.count() == 20


def _terms(document):
    return orjson.loads(document.head)["terms"]
