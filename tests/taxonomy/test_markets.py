from io import StringIO

import pytest
from django.core.management import call_command

from locales.changes import ensure_locale
from locales.territories import territories
from taxonomy.closure import ancestor_distances
from taxonomy.markets import FIRST_LANGUAGES, fill_markets
from taxonomy.models import Facet, Term, TermLabel, TermPath
from taxonomy.snapshot import taxonomy_snapshot

pytestmark = pytest.mark.django_db


def test_the_markets_are_there_from_the_first_migration():
    snapshot = taxonomy_snapshot()

    japan = snapshot.get("market:JP")

    assert len(snapshot.facets["market"].terms) == len(territories())
    assert [term.code for term in japan.ancestors] == ["market:001", "market:142", "market:030"]
    assert (japan.label(["ja"]), japan.label(["pt-BR"])) == (("日本", "ja"), ("Japão", "pt-BR"))
    assert (japan.depth, japan.attributes) == (4, {"country": "JP"})
    assert set(FIRST_LANGUAGES) <= set(japan.labels)


def test_the_closure_of_the_markets_is_complete():
    terms = Term.objects.in_facet("market")
    broader = {pk: [parent] if parent else [] for pk, parent in terms.values_list("pk", "parent")}

    expected = sum(map(len, ancestor_distances(broader, broader).values()))

    assert TermPath.objects.filter(ancestor__facet__code="market").count() == expected
    assert TermPath.objects.rebuild([Facet.objects.get(code="market").pk]) == set()


def test_topping_up_adds_what_is_missing_and_leaves_the_rest():
    ensure_locale("en")
    ensure_locale("cs")
    TermLabel.objects.filter(term__code="market:JP", language="en").update(text="Nippon")
    TermLabel.objects.filter(term__code="market:FR", language="en").delete()
    first, second = StringIO(), StringIO()

    call_command("load_markets", stdout=first)
    version = Facet.objects.get(code="market").version
    call_command("load_markets", stdout=second)

    snapshot = taxonomy_snapshot()
    assert first.getvalue() == f"0 markets and {len(territories()) + 1} labels added\n"
    assert second.getvalue() == "0 markets and 0 labels added\n"
    assert Facet.objects.get(code="market").version == version
    assert snapshot.get("market:JP").labels["en"] == "Nippon"
    assert snapshot.get("market:FR").labels["en"] == "France"
    assert snapshot.get("market:DE").labels["cs"] == "Německo"


def test_a_language_that_cldr_does_not_know_adds_nothing():
    assert fill_markets(["tlh"]) == (0, 0)
