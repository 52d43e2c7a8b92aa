"""The screens that change a term: asked, previewed, confirmed; and taking it back."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from taxonomy.changes import Move, apply
from taxonomy.models import ChangePlan, Term, TermsJournal
from tests.content.factories import ItemFactory
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms(locales):
    made = {key: TermFactory(key=key, position=place) for place, key in enumerate(["look", "buy", "use"])}
    made["pay"] = TermFactory(key="pay", parent=made["buy"])
    return made


def url(name, term):
    return reverse(f"terms:{name}", args=[term.pk])


def shown(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").find("main").get_text(" ").split())


def confirm(client, address, data):
    """Look at the preview, then press the button below it."""
    preview = client.post(address, {**data, "preview": "1"})
    page = BeautifulSoup(preview.content, "html.parser")
    button = page.find("button", attrs={"name": "confirmed"})
    assert button, shown(preview)
    basis = page.find("input", attrs={"name": "basis"})["value"]
    return preview, client.post(address, {**data, "basis": basis, "confirmed": button["value"]})


def test_a_term_is_retired_with_its_successor_once_its_impact_was_seen(admin_client, terms):
    ItemFactory(terms=[terms["buy"]], published=True)
    data = {"successor": terms["look"].pk, "children_to": terms["use"].pk}

    preview, answer = confirm(admin_client, url("retire", terms["buy"]), data)

    assert "What changes Retire “Buy”, replaced by “Look” 2 terms 1 item 1 language version 5 published" in shown(
        preview
    )
    assert "Pay journey:pay" in shown(preview)
    assert answer.url == url("edit", terms["buy"])
    assert Term.objects.get(code="journey:buy").replaced_by.get() == terms["look"]
    assert Term.objects.get(code="journey:pay").parent == terms["use"]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("rename", {"names-en": "Watch", "names-ja": "見る"}, "Rename “Look” (en: “Watch”, ja: “見る”)"),
        (
            "move",
            {"parent": "{buy}", "further": "{use}", "beside": "{pay}", "side": "before"},
            "Move “Look” below “Buy”, also below “Use”, before “Pay”",
        ),
        ("merge", {"into": "{pay}", "keep_names": "on"}, "Merge “Look” into “Pay”"),
        ("split", {"into": "{pay},{use}", "given": "{}", "remaining": ""}, "Split “Look” into “Pay”, “Use”"),
    ],
)
def test_every_change_is_previewed_confirmed_and_undone_on_screen(admin_client, terms, name, data, told):
    ids = {key: str(term.pk) for key, term in terms.items()}
    data = {key: re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], value) for key, value in data.items()}

    preview, answer = confirm(admin_client, url(name, terms["look"]), data)
    entry = TermsJournal.objects.get()
    history = admin_client.get(url("history_of", terms["look"]))
    undone = admin_client.post(reverse("terms:undo", args=[entry.pk]))

    assert told in shown(preview)
    assert answer.status_code == 302
    assert f"{told.split()[0]} “" in shown(history)
    assert undone.url == reverse("facets:history_of", args=["journey"])
    entry.refresh_from_db()
    assert entry.is_undone


def test_nothing_is_done_unless_exactly_that_was_previewed(admin_client, terms):
    address = url("merge", terms["look"])
    admin_client.post(address, {"into": terms["pay"].pk, "confirmed": "1"})
    preview = BeautifulSoup(admin_client.post(address, {"into": terms["pay"].pk}).content, "html.parser")
    seen = {"confirmed": preview.find("button", attrs={"name": "confirmed"})["value"]}
    admin_client.post(address, {"into": terms["use"].pk, **seen})
    basis = preview.find("input", attrs={"name": "basis"})["value"]
    apply(Move("journey:pay", parent="journey:use"))
    answer = admin_client.post(address, {"into": terms["pay"].pk, "basis": basis, **seen})

    assert "was changed in the meantime" in shown(answer)
    assert Term.objects.get(code="journey:look").status == "current"


def test_what_cannot_be_done_is_told_on_the_form(admin_client, terms):
    answer = admin_client.post(url("retire", terms["buy"]), {"successor": "", "children_to": ""})
    assert "1 current term stands below journey:buy (journey:pay)" in shown(answer)
    answer = admin_client.post(url("split", terms["look"]), {"into": str(terms["pay"].pk), "preview": "1"})
    assert "Choose two terms or more" in shown(answer)


@pytest.mark.parametrize("given", ["nonsense", "{", "[]", '{"x": ["a"]}', '{"x": {"y": 1}}', '{"x": 1}'])
def test_a_split_whose_earlier_pages_are_unreadable_says_so_and_begins_again(admin_client, terms, given):
    into = f"{terms['pay'].pk},{terms['use'].pk}"

    answer = admin_client.post(url("split", terms["look"]), {"into": into, "given": given, "preview": "1"})

    assert answer.status_code == 200
    assert "What was chosen on other pages is unreadable: begin again." in shown(answer)
    assert BeautifulSoup(answer.content, "html.parser").find("input", attrs={"name": "given"})["value"] == "{}"


def test_further_parents_without_a_first_one_are_refused_not_dropped(admin_client, terms):
    data = {"parent": "", "further": str(terms["use"].pk), "beside": "", "side": "after", "preview": "1"}

    answer = admin_client.post(url("move", terms["pay"]), data)

    assert "Choose one of the terms under “Also below” here; at the top level, leave none there." in shown(answer)
    assert "What changes" not in shown(answer)
    confirm(admin_client, url("move", terms["pay"]), data | {"further": ""})
    assert Term.objects.get(code="journey:pay").parent is None


def test_an_address_with_an_answer_opens_at_its_preview(admin_client, terms):
    answer = admin_client.get(url("move", terms["look"]), {"parent": terms["buy"].pk, "after": terms["pay"].pk})

    assert "Move “Look” below “Buy”, after “Pay”" in shown(answer)
    assert Term.objects.get(code="journey:look").parent is None


@pytest.mark.parametrize("name", ["rename", "move", "merge", "split", "retire"])
def test_a_screen_opens_with_its_questions(admin_client, terms, name):
    answer = admin_client.get(url(name, terms["look"]))

    assert "Show what changes" in shown(answer)
    assert "What changes Re" not in shown(answer)


def test_a_split_distributes_items_over_pages_and_filters(admin_client, terms):
    items = [ItemFactory(key=f"item-{n:02}", headline=f"Text {n:02}", terms=[terms["look"]]) for n in range(27)]
    into = {"into": f"{terms['pay'].pk},{terms['use'].pk}", "remaining": terms["use"].pk, "given": "{}"}
    address = url("split", terms["look"])

    first = BeautifulSoup(admin_client.post(address, {**into, "page": "1"}).content, "html.parser")
    assert len(first.select("select[name^=item-]")) == 25
    on_page = {"key-1": "item-00", "item-1": "journey:pay", "key-2": "item-01", "item-2": "*"}
    second = BeautifulSoup(admin_client.post(address, {**into, **on_page, "page": "2"}).content, "html.parser")
    given = second.find("input", attrs={"name": "given"})["value"]
    assert json.loads(given) == {"item-00": "journey:pay", "item-01": "*"}
    assert len(second.select("select[name^=item-]")) == 2
    found = BeautifulSoup(admin_client.post(address, {**into, "given": given, "q": "Text 26"}).content, "html.parser")
    assert [one["value"] for one in found.select("input[name^=key-]")] == ["item-26"]
    confirm(admin_client, address, {**into, "given": given, "key-1": "item-26", "item-1": "journey:pay"})

    tags = {item.key: [tag.term.code[8:] for tag in item.classification.order_by("sort_order")] for item in items}
    assert (tags["item-00"], tags["item-01"], tags["item-26"]) == (["pay"], ["pay", "use"], ["pay"])
    assert tags["item-13"] == ["use"]


def test_a_change_is_collected_in_a_plan_instead(admin_client, terms):
    answer = admin_client.post(url("merge", terms["look"]), {"into": terms["pay"].pk, "collect": "1", "plan": ""})
    plan = ChangePlan.objects.get()
    admin_client.post(url("retire", terms["use"]), {"successor": "", "collect": "1", "plan": plan.pk})

    plan.refresh_from_db()
    assert answer.url == reverse("change_plans:plan", args=[plan.pk])
    assert [(step["do"], step["term"]) for step in plan.steps] == [("merge", "journey:look"), ("retire", "journey:use")]
    assert Term.objects.current().in_facet("journey").count() == 4


def test_only_those_who_may_change_terms_do_and_undo_it(client, django_user_model, terms):
    entry = apply(Move("journey:pay", parent="journey:use"))
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    addresses = [url(name, terms["look"]) for name in ("rename", "move", "merge", "split", "retire", "restore")]
    for address in [*addresses, reverse("terms:undo", args=[entry.pk]), url("history_of", terms["look"])]:
        assert client.get(address).url == reverse("wagtailadmin_home")
        assert client.post(address).url == reverse("wagtailadmin_home")
    user.user_permissions.add(Permission.objects.get(codename="view_term"))
    assert client.get(url("history_of", terms["pay"])).status_code == 200
    entry.refresh_from_db()
    assert not entry.is_undone


@pytest.mark.parametrize("many", [1, 26])
def test_the_screens_ask_the_database_as_often_whatever_the_size(
    admin_client, terms, many, django_assert_max_num_queries
):
    for number in range(many):
        ItemFactory(terms=[TermFactory(parent=terms["look"]), terms["look"]], published=number < 2)
    for _ in range(many):
        apply(Move("journey:pay", parent="journey:use"))
        apply(Move("journey:pay", parent="journey:buy"))
    admin_client.get(url("edit", terms["look"]))

    with django_assert_max_num_queries(75):
        admin_client.get(url("move", terms["look"]), {"parent": terms["use"].pk})
    with django_assert_max_num_queries(45):
        into = {"into": f"{terms['pay'].pk},{terms['use'].pk}", "given": "{}"}
        admin_client.post(url("split", terms["look"]), into)
    with django_assert_max_num_queries(25):
        admin_client.get(reverse("facets:history_of", args=["journey"]))
