"""What is served follows terms, chains and types."""

import orjson
import pytest

from contenthub.content.dependants import HubLocaleDependants, HubTermDependants
from contenthub.content.models import FieldDefinition
from contenthub.content.publishing import differences
from contenthub.delivery.models import IndexRow, TermRow
from locales.changes import delete_locale, ensure_locale
from taxonomy.changes import undo
from taxonomy.changing import create_term, move_term, restore_term, retire_term
from taxonomy.models import TermsJournal
from tests.content.editing import localize, publish, schedule
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.times import HOUR, NOON


@pytest.fixture
def terms(clock):
    return {name: create_term(f"journey:{name}", labels={"en": name}) for name in "abc"}


def own_terms():
    row = IndexRow.objects.filter(locale__language_code="en").order_by("-starts_at").first()
    return orjson.loads(row.document.head)["terms"]


def test_items_follow_a_term_that_is_merged_along_the_whole_line_and_back(terms):
    ItemFactory(terms=[terms["a"]], published=True)

    retire_term(terms["a"], successors=[terms["b"]])
    assert own_terms() == ["journey:b"]
    retire_term(terms["b"], successors=[terms["c"]])
    assert own_terms() == ["journey:c"]
    undo(TermsJournal.objects.first())
    assert own_terms() == ["journey:b"]
    undo(TermsJournal.objects.last())

    assert own_terms() == ["journey:a"]
    assert list(differences()) == []


def test_items_stay_with_the_successor_of_a_term_that_is_restored(terms):
    ItemFactory(terms=[terms["a"]], published=True)
    retire_term(terms["a"], successors=[terms["b"]])

    restore_term(terms["a"])

    assert own_terms() == ["journey:b"]
    assert list(differences()) == []


def test_a_split_term_stands_for_all_its_successors(terms):
    ItemFactory(terms=[terms["a"]], published=True)

    retire_term(terms["a"], successors=[terms["b"], terms["c"]])

    assert own_terms() == ["journey:b", "journey:c"]


def test_what_is_only_scheduled_follows_too(terms):
    schedule(ItemFactory(terms=[terms["a"]]), NOON + HOUR)

    retire_term(terms["a"], successors=[terms["b"]])
    restore_term(terms["a"])
    move_term(terms["b"], parent=terms["c"])

    assert own_terms() == ["journey:b"]
    assert set(TermRow.objects.values_list("term__code", flat=True)) == {"journey:b", "journey:c"}
    assert list(differences()) == []


def test_counts_are_of_items_below_too_each_once(terms):
    below = create_term("journey:below", labels={"en": "below"}, parent=terms["a"])
    one = ItemFactory(terms=[below], published=True)
    publish(localize(one, "de"))
    ItemFactory(terms=[terms["a"]], published=True)
    ItemFactory(terms=[terms["a"]])

    counts = HubTermDependants().counts(["journey:a", "journey:below", "journey:b"])

    assert counts == {"journey:a": 2, "journey:below": 1}


def test_counts_of_a_locale_are_of_its_own_texts(clock):
    item = ItemFactory(published=True)
    localize(item, "de")

    assert HubLocaleDependants().counts(["en", "de", "ja"]) == {"en": 1, "de": 1}


def test_a_locale_that_comes_is_served_and_one_that_goes_is_not(clock):
    ItemFactory(published=True)

    french = ensure_locale("fr")
    assert IndexRow.objects.filter(locale=french, is_fallback=True).count() == 1
    delete_locale(french)

    assert not IndexRow.objects.exclude(locale__language_code__in=["en", "de", "ja", "ko", "de-CH"]).exists()
    assert list(differences()) == []


def test_a_field_that_a_type_no_longer_has_is_not_served(clock):
    kind = ItemTypeFactory()
    FieldDefinitionFactory(item_type=kind, name="note")
    item = ItemFactory(fields={"note": "Hear"}, published=True)

    def served_fields():
        return [one["name"] for one in orjson.loads(IndexRow.objects.filter(key=item.key)[0].document.head)["fields"]]

    assert served_fields() == ["note"]
    kind = type(kind).objects.get(pk=kind.pk)
    kind.field_definitions = [one for one in kind.field_definitions.all() if one.name != "note"]
    kind.save()

    assert not FieldDefinition.objects.filter(name="note").exists()
    assert served_fields() == []
    assert list(differences()) == []
