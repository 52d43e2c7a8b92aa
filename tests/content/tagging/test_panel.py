"""The panel of tags: rules beside the facets, terms used lately, and terms that the text names."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from contenthub.accounts.models import User
from contenthub.content.models import ClassificationRule, RecentTerm
from contenthub.content.tagging.recent import MOST_KEPT, recent_terms, remember_terms
from taxonomy.changing import retire_term
from taxonomy.models import Facet
from taxonomy.snapshot import taxonomy_snapshot
from tests.content.editing import localize
from tests.content.factories import FieldDefinitionFactory, ItemFactory, ItemTypeFactory
from tests.content.posts import item_form
from tests.taxonomy.factories import FacetFactory, TermFactory

CHECK, SUGGEST = reverse("content_check_tags"), reverse("content_suggest_tags")


@pytest.fixture
def compare(locales):
    return TermFactory(code="journey:compare", labels={"en": "Compare", "ja": "比較"})


@pytest.fixture
def bike(locales):
    return TermFactory(code="product:bike", facet=FacetFactory(code="product"), labels={"en": "Bike", "ja": "自転車"})


def demand(facet, **columns):
    return ClassificationRule.objects.create(
        item_type=ItemTypeFactory(), facet=Facet.objects.get(code=facet), **columns
    )


def panel(client, item):
    page = BeautifulSoup(client.get(reverse("items:edit", args=[item.pk])).content, "html.parser")
    return {facet["data-facet"]: facet for facet in page.select(".content-tags [data-facet]")}


def text(found):
    return " ".join(found.get_text(" ", strip=True).split()) if found else None


def offered(answer):
    found = answer.json()["facets"]
    return {
        facet: [json.loads(one["data-term"])["code"] for one in BeautifulSoup(html, "html.parser").select("button")]
        for facet, html in found.items()
    }


# --- rules --------------------------------------------------------------------------------------------------


def test_each_facet_shows_its_rule_and_what_is_chosen(admin_client, compare, bike):
    demand("journey", minimum=1, leaf_only=True), demand("product", minimum=1), demand("campaign", maximum=0)

    facets = panel(admin_client, ItemFactory(terms=[compare]))

    assert text(facets["journey"].select_one("[data-rule]")) == "1 of at least 1 chosen, leaf terms only"
    assert text(facets["product"].select_one("[data-rule]")) == "0 of at least 1 chosen"
    assert [facets[name].select_one("[data-rule]")["data-kept"] for name in ("journey", "product")] == ["true", "false"]
    assert facets["segment"].select_one("[data-rule]") is None
    assert "campaign" not in facets  # nothing may be chosen, and nothing is


def test_what_is_chosen_of_a_facet_that_allows_nothing_can_be_taken_away(admin_client, compare):
    demand("journey", maximum=0)

    facets = panel(admin_client, ItemFactory(terms=[compare]))

    assert text(facets["journey"].select_one("[data-rule]")) == "1 chosen, no terms allowed"


def test_rules_are_checked_on_what_stands_in_the_form(admin_client, compare, bike):
    demand("journey", minimum=2)

    answer = admin_client.post(f"{CHECK}?type=article", {"terms_journey": f"{compare.pk},{bike.pk},x"}).json()

    assert answer == {"facets": {"journey": {"text": "1 of at least 2 chosen", "kept": False, "problems": []}}}


def test_the_facts_stay_with_the_original(admin_client, compare):
    assert panel(admin_client, localize(ItemFactory(terms=[compare]), "ja")) == {}


# --- terms used lately --------------------------------------------------------------------------------------


def test_terms_tagged_lately_are_offered_again_to_the_same_editor(admin_client, editor, compare, bike):
    admin_client.post(
        reverse("items:edit", args=[ItemFactory().pk]), item_form(terms_journey=str(compare.pk), terms_product="")
    )

    facets = panel(admin_client, ItemFactory())

    assert text(facets["journey"].select_one("[data-recent]")) == "Used lately Add Compare"
    assert facets["product"].select_one("[data-recent]") is None
    assert recent_terms(User.objects.create_superuser("other"), taxonomy_snapshot()) == {}


def test_tags_that_were_there_before_are_not_used_lately(admin_client, compare, bike):
    item = ItemFactory(terms=[compare])

    admin_client.post(
        reverse("items:edit", args=[item.pk]), item_form(terms_journey=str(compare.pk), terms_product=str(bike.pk))
    )

    assert [one.term for one in RecentTerm.objects.all()] == [bike]


def test_the_latest_stand_first_and_only_so_many_are_kept(editor, compare, bike):
    many = [TermFactory() for _ in range(MOST_KEPT)]
    remember_terms(editor, [compare.pk])
    remember_terms(editor, [term.pk for term in many])
    remember_terms(editor, [many[5].pk])
    retire_term(many[0])

    found = recent_terms(editor, taxonomy_snapshot())["journey"]

    assert found[0].id == many[5].pk
    assert RecentTerm.objects.filter(user=editor).count() == MOST_KEPT
    assert {compare.pk, many[0].pk}.isdisjoint(term.id for term in found)


# --- terms that the text names ------------------------------------------------------------------------------


def test_terms_are_found_in_all_texts_as_they_stand_in_the_form(admin_client, compare, bike):
    FieldDefinitionFactory(name="claim", kind="text")
    names = ["Summer", "Winter", "Spring", "Autumn"]
    for name in names:
        TermFactory(code=f"campaign:{name.lower()}", facet=FacetFactory(code="campaign"), labels={"en": name})
    prose = {"blocks": [{"key": "a", "text": "A bike.", "type": "unstyled"}], "entityMap": {}}
    data = {
        "headline": "",  # not valid, and read all the same
        "summary": "Compare",
        "own_claim": "Summer",
        "texts-0-text": "Winter",
        "body-count": "2",
        "body-0-type": "rich_text",
        "body-0-value": json.dumps(prose),
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-1-type": "heading",
        "body-1-value-text": "Spring",
        "body-1-value-level": "",
        "body-1-order": "1",
        "body-1-deleted": "",
    }

    answer = admin_client.post(f"{SUGGEST}?type=article&locale=en", data)

    assert {facet: set(codes) for facet, codes in offered(answer).items()} == {
        "journey": {"journey:compare"},
        "campaign": {"campaign:spring", "campaign:summer", "campaign:winter"},
        "product": {"product:bike"},
    }
    assert answer.json()["count"] == 5


def test_japanese_words_are_found_in_a_sentence_and_only_in_their_language(admin_client, bike):
    data = {"headline": "新しい自転車を買う", "body-count": "0"}

    assert offered(admin_client.post(f"{SUGGEST}?type=article&locale=ja", data)) == {"product": ["product:bike"]}
    assert offered(admin_client.post(f"{SUGGEST}?type=article&locale=en", data)) == {}


def test_what_is_chosen_or_refused_by_a_rule_is_not_offered(admin_client, compare, bike):
    TermFactory(parent=bike, code="product:child", labels={"en": "Cargo"})
    demand("product", leaf_only=True)
    data = {"headline": "Compare a bike, or a cargo", "body-count": "0", "terms_journey": str(compare.pk)}

    assert offered(admin_client.post(f"{SUGGEST}?type=article&locale=en", data)) == {"product": ["product:child"]}


def test_names_are_escaped(admin_client, locales):
    TermFactory(code="journey:odd", labels={"en": "Odd<script>"})

    answer = admin_client.post(f"{SUGGEST}?type=article&locale=en", {"headline": "odd<script>", "body-count": "0"})

    assert "<script>" not in answer.json()["facets"]["journey"]


# --- who may ask --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [CHECK, SUGGEST])
def test_only_those_who_write_items_may_ask(client, locales, address):
    ItemTypeFactory()
    stranger = User.objects.create_user("stranger", password="secret")
    stranger.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_contentitem"]))
    asked = f"{address}?type=article&locale=en"
    assert client.post(asked, {"body-count": "0"}).status_code == 302  # to the login
    client.force_login(stranger)
    assert client.post(asked, {"body-count": "0"}, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403

    stranger.user_permissions.add(Permission.objects.get(codename="change_contentitem"))
    client.force_login(User.objects.get(pk=stranger.pk))

    assert client.post(asked, {"body-count": "0"}).status_code == 200
    assert client.get(asked).status_code == 405
    assert client.post(f"{address}?type=nothing&locale=en", {"body-count": "0"}).status_code == 404


@pytest.mark.parametrize("count", [2, 40])
def test_the_panel_and_its_questions_cost_the_same_for_few_terms_and_many(
    admin_client, editor, compare, django_assert_max_num_queries, count
):
    terms = [TermFactory(labels={"en": f"name{number}"}) for number in range(count)]
    remember_terms(editor, [term.pk for term in terms])
    item = ItemFactory(terms=terms, published=True)
    words = " ".join(f"name{number}" for number in range(count))
    panel(admin_client, item)

    with django_assert_max_num_queries(100):
        panel(admin_client, item)
    with django_assert_max_num_queries(12):
        admin_client.post(f"{SUGGEST}?type=article&locale=en", {"headline": words, "body-count": "0"})
    with django_assert_max_num_queries(7):
        admin_client.post(f"{CHECK}?type=article", {"terms_journey": str(compare.pk)})
