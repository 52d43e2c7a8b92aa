import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.taxonomy.factories import FacetFactory, TermFactory

pytestmark = pytest.mark.django_db


def choose(client, **parameters):
    return client.get(reverse("taxonomy_choose_terms"), parameters)


def test_terms_of_the_facet_are_offered_with_path_code_and_hint(admin_client):
    top = TermFactory(key="top", labels={"en": "Consider"})
    low = TermFactory(key="low", parent=top, labels={"en": "Compare"})
    low.notes.add(low.notes.model(kind="scope_note", language="en", text="Looking at two."))
    low.save()
    TermFactory(facet=FacetFactory(code="product"), key="comparison")

    answer = choose(admin_client, facet="journey", q="compar")

    assert answer.json() == {
        "terms": [
            {
                "id": low.pk,
                "code": "journey:low",
                "label": "Compare",
                "language": "en",
                "path": "Consider",
                "hint": "Looking at two.",
                "retired": False,
            }
        ]
    }


def test_at_most_twenty_current_terms_are_offered(admin_client):
    TermFactory.create_batch(25, labels={"en": "Compare"})
    TermFactory(labels={"en": "Compare"}, status="retired", position=0)

    terms = choose(admin_client, facet="journey", q="compare").json()["terms"]

    assert len(terms) == 20
    assert not any(term["retired"] for term in terms)


def test_chosen_terms_are_described_in_the_order_asked_for(admin_client):
    first, second = TermFactory(key="first"), TermFactory(key="second", status="retired")

    terms = choose(admin_client, ids=f"{second.pk},x,{first.pk},999999").json()["terms"]

    assert [(term["code"], term["retired"]) for term in terms] == [("journey:second", True), ("journey:first", False)]


def test_an_unknown_facet_is_not_found(admin_client):
    answer = choose(admin_client, facet="nowhere", q="a")

    assert (answer.status_code, answer.json()) == (404, {"error": "There is no facet 'nowhere'."})


def test_nobody_without_access_to_the_admin_is_answered(client, django_user_model):
    assert choose(client, facet="journey").status_code == 302

    user = django_user_model.objects.create_user("reader", password="secret")
    client.force_login(user)
    assert choose(client, facet="journey").status_code == 302

    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert choose(client, facet="journey").status_code == 200


@pytest.mark.parametrize("size", [1, 30])
def test_a_search_costs_the_same_whatever_the_size_of_the_facet(admin_client, django_assert_max_num_queries, size):
    TermFactory.create_batch(size)
    choose(admin_client, facet="journey", q="s")

    with django_assert_max_num_queries(5):  # session, user, profile, permission; versions of the facets
        choose(admin_client, facet="journey", q="s")
