import pytest

from taxonomy.builtin import ensure_builtin_facets
from taxonomy.models import Facet

pytestmark = pytest.mark.django_db


def test_missing_facets_are_added_and_names_given_since_stay():
    Facet.objects.filter(code="journey").update(names={"en": "Customer journey"}, is_builtin=False)
    Facet.objects.filter(code="action")._raw_delete("default")

    ensure_builtin_facets(Facet)
    ensure_builtin_facets(Facet)

    codes = list(Facet.objects.values_list("code", flat=True))
    journey = Facet.objects.get(code="journey")
    assert codes == ["journey", "campaign", "product", "segment", "action", "market"]
    assert (journey.names, journey.is_builtin) == ({"en": "Customer journey"}, True)
    assert Facet.objects.get(code="action").names["ja"] == "期待する行動"
