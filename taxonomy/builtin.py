"""The facets that the hub itself works with: there from the first migration, never deleted."""

from django.db import models

from taxonomy.codes import BUILTIN_FACETS

BUILTIN_NAMES = {
    "journey": {"en": "Journey", "ja": "ジャーニー", "ko": "고객 여정"},
    "campaign": {"en": "Campaign", "ja": "キャンペーン", "ko": "캠페인"},
    "product": {"en": "Product", "ja": "製品", "ko": "제품"},
    "segment": {"en": "Segment", "ja": "セグメント", "ko": "세그먼트"},
    "action": {"en": "Intended action", "ja": "期待する行動", "ko": "의도된 행동"},
    "market": {"en": "Market", "ja": "市場", "ko": "시장"},
}


def ensure_builtin_facets(facets: type[models.Model]) -> None:
    """Add the built-in facets that are missing and mark the others as built in; names given since stay.

    ``facets`` is the model, so that a migration can bring its own historical one.
    """
    for position, code in enumerate(BUILTIN_FACETS, start=1):
        defaults = {"names": BUILTIN_NAMES[code], "position": position, "is_builtin": True}
        facet, created = facets.objects.get_or_create(code=code, defaults=defaults)
        if not created and not facet.is_builtin:
            facets.objects.filter(pk=facet.pk).update(is_builtin=True)
