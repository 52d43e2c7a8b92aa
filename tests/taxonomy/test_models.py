from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from taxonomy.models import ExternalId, Facet, FurtherParent, Term, TermLabel, TermWindow
from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db


def messages_of(refusal):
    return refusal.value.message_dict


@pytest.mark.parametrize("code", ["journey", "campaign", "product", "segment", "action", "market"])
def test_a_built_in_facet_cannot_be_deleted(code):
    facet = Facet.objects.get(code=code)

    with pytest.raises(ProtectedError):
        facet.delete()
    with pytest.raises(ProtectedError):
        Facet.objects.filter(code=code).delete()

    assert Facet.objects.filter(code=code).exists()


def test_a_facet_of_ones_own_can_be_deleted_while_it_has_no_terms():
    empty, used = FacetFactory(code="mood"), FacetFactory(code="tone")
    TermFactory(facet=used)

    empty.delete()
    with pytest.raises(ProtectedError):
        used.delete()

    assert list(Facet.objects.filter(code__in=["mood", "tone"])) == [used]


def test_terms_are_never_deleted():
    term = TermFactory(key="kept")

    with pytest.raises(ProtectedError, match="journey:kept cannot be deleted, only retired"):
        term.delete()
    with pytest.raises(ProtectedError, match="Terms are never deleted, only retired"):
        Term.objects.filter(pk=term.pk).delete()

    assert Term.objects.filter(code="journey:kept").exists()


@pytest.mark.parametrize(
    "code", ["journey", "journey:", "Journey:a", "journey:a b", "journey:é", "journey:-a", "a:b\n"]
)
def test_a_malformed_code_is_refused(code):
    term = Term(facet=FacetFactory(), code=code)

    with pytest.raises(ValidationError) as refusal:
        term.full_clean()

    assert "code" in messages_of(refusal)


def test_a_code_begins_with_its_facet():
    term = Term(facet=FacetFactory(), code="product:shoes")

    with pytest.raises(ValidationError) as refusal:
        term.full_clean()

    assert messages_of(refusal) == {"code": ["A term of this facet begins with journey:."]}


def test_a_code_is_never_changed():
    TermFactory(key="old")
    term = Term.objects.get(code="journey:old")
    term.code = "journey:new"

    with pytest.raises(ValidationError) as refusal:
        term.full_clean()

    assert messages_of(refusal) == {"code": ["The code journey:old is public and cannot be changed."]}


def test_a_parent_of_another_facet_is_refused():
    term = TermFactory()
    term.parent = TermFactory(facet=FacetFactory(code="product"), key="shoes")

    with pytest.raises(ValidationError) as refusal:
        term.full_clean()

    assert messages_of(refusal) == {"parent": ["product:shoes is of another facet."]}


def test_nothing_current_stands_below_a_retired_term():
    term = TermFactory()
    term.parent = TermFactory(key="gone", status="retired")

    with pytest.raises(ValidationError) as refusal:
        term.full_clean()

    assert messages_of(refusal) == {"parent": ["journey:gone is retired: nothing current can stand below it."]}


def test_a_cycle_is_refused_and_named():
    top = TermFactory(key="top")
    middle = TermFactory(key="middle", parent=top)
    low = TermFactory(key="low", parent=middle)
    top.parent = low

    with pytest.raises(ValidationError) as refusal:
        top.full_clean()

    walk = "journey:top below journey:low below journey:middle below journey:top"
    assert messages_of(refusal) == {"parent": [f"A term cannot stand below itself: {walk}."]}


def test_a_cycle_over_a_further_parent_is_refused_and_named():
    top, other = TermFactory(key="top"), TermFactory(key="other")
    TermFactory(key="low", parent=other, further=[top])
    top.parent = Term.objects.get(code="journey:low")

    with pytest.raises(ValidationError) as refusal:
        top.full_clean()

    walk = "journey:top below journey:low below journey:top"
    assert messages_of(refusal) == {"parent": [f"A term cannot stand below itself: {walk}."]}


def test_further_parents_want_a_primary_one_and_no_parent_is_given_twice():
    parent, alone, twice = TermFactory(), TermFactory(), TermFactory()
    alone.further_parents = [FurtherParent(parent=parent)]
    twice.parent = parent
    twice.further_parents = [FurtherParent(parent=parent)]

    with pytest.raises(ValidationError) as refusal_of_alone:
        alone.full_clean()
    with pytest.raises(ValidationError) as refusal_of_twice:
        twice.full_clean()

    assert messages_of(refusal_of_alone) == {"parent": ["A term with further parents has a primary parent too."]}
    assert messages_of(refusal_of_twice) == {"parent": ["A parent was given twice."]}


def test_a_term_has_one_preferred_label_a_language():
    term = TermFactory(labels={"en": "One"})

    TermLabel.objects.create(term=term, language="en", kind="alternative", text="Another")
    with pytest.raises(IntegrityError), transaction.atomic():
        TermLabel.objects.create(term=term, language="en", kind="preferred", text="Two")

    assert [label.text for label in term.labels.all()] == ["One", "Another"]


def test_a_language_is_put_in_canonical_form_and_a_malformed_one_refused():
    label = TermLabel(term=TermFactory(), language="PT_br", text="Olá")
    label.full_clean()
    wrong = TermLabel(term=label.term, language="no language", text="?")

    with pytest.raises(ValidationError) as refusal:
        wrong.full_clean()

    assert label.language == "pt-BR"
    assert list(messages_of(refusal)) == ["language"]


def test_a_window_does_not_end_before_it_starts():
    window = TermWindow(term=TermFactory(), start=date(2026, 2, 1), end=date(2026, 1, 31))

    with pytest.raises(ValidationError, match="A window ends on or after the day it starts"):
        window.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        window.save()


def test_an_external_id_names_one_term():
    ExternalId.objects.create(term=TermFactory(), system="crm", identifier="7")

    with pytest.raises(IntegrityError), transaction.atomic():
        ExternalId.objects.create(term=TermFactory(), system="crm", identifier="7")


def test_every_save_raises_the_version_of_the_facet():
    facet = FacetFactory()
    versions = [facet.version]

    term = TermFactory(facet=facet)
    versions.append(Facet.objects.get(pk=facet.pk).version)
    term.save()
    versions.append(Facet.objects.get(pk=facet.pk).version)
    facet.save()
    versions.append(Facet.objects.get(pk=facet.pk).version)

    assert versions == sorted(set(versions))


def test_facet_names_are_kept_by_canonical_tag():
    facet = Facet(code="mood", names={"pt_br": "Humor"})
    wrong = Facet(code="tone", names={"en": ["Tone"]})

    facet.full_clean()
    with pytest.raises(ValidationError) as refusal:
        wrong.full_clean()

    assert facet.names == {"pt-BR": "Humor"}
    assert messages_of(refusal) == {"names": ["Names are one text for each language tag."]}


def test_a_branch_holds_its_root_and_what_stands_below_by_every_parent():
    root, other = TermFactory(), TermFactory()
    child = TermFactory(parent=root)
    shared = TermFactory(parent=other, further=[child])

    assert set(Term.objects.in_branch(root.code)) == {root, child, shared}
    assert set(Term.objects.in_branch(other.code, root.code)) == {root, other, child, shared}
    assert set(Term.objects.in_facet("journey").current()) == {root, other, child, shared}
