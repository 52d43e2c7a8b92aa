"""What the panel of tags asks while an item is written. Both read the form as it stands and change nothing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST
from wagtail.models import Locale

from taxonomy.snapshot import TaxonomySnapshot, taxonomy_snapshot
from taxonomy.suggesting import suggest_terms

from ..models import ContentItem, ItemType
from ..readiness import TERMS
from ..rules import allows, rule_status
from .panel import offer

MOST_SUGGESTED = 6
BETWEEN = " | "  # no name reaches over the end of a field


@require_POST
def check_tags(request: HttpRequest) -> JsonResponse:
    """Answer, by facet, how the chosen terms stand to the rules of the type."""
    item_type, taxonomy = _asked_type(request), taxonomy_snapshot()
    answer = {}
    for rule in item_type.rules.select_related("facet"):
        status = rule_status(rule, _chosen(request, rule.facet.code, taxonomy), taxonomy)
        answer[rule.facet.code] = {"text": status.text, "kept": status.is_kept, "problems": list(status.problems)}
    return JsonResponse({"facets": answer})


@require_POST
def suggest_tags(request: HttpRequest) -> JsonResponse:
    """Answer, by facet, the terms that the texts of the form name in the item's language, as buttons.

    What is chosen already and what the rules of the type refuse is left out.
    """
    item_type, taxonomy = _asked_type(request), taxonomy_snapshot()
    locale = get_object_or_404(Locale, language_code=request.GET.get("locale", ""))
    text = BETWEEN.join(_texts(request, item_type))
    rules = {rule.facet.code: rule for rule in item_type.rules.select_related("facet")}
    offers, count = {}, 0
    for code, found in suggest_terms(text, language=locale.language_code, taxonomy=taxonomy, limit=50).items():
        chosen = {term.id for term in _chosen(request, code, taxonomy)}
        shown = [
            offer(one.term, one.name)
            for one in found
            if one.term.id not in chosen and (code not in rules or allows(rules[code], one.term, taxonomy))
        ][:MOST_SUGGESTED]
        count += len(shown)
        if shown:
            offers[code] = render_to_string("content/panels/tag_offers.html", {"offers": shown}, request)
    return JsonResponse({"facets": offers, "count": count})


def _asked_type(request: HttpRequest) -> ItemType:
    user = request.user
    if not (user.has_perm("content.add_contentitem") or user.has_perm("content.change_contentitem")):
        raise PermissionDenied
    return get_object_or_404(ItemType, code=request.GET.get("type", ""))


def _chosen(request: HttpRequest, facet: str, taxonomy: TaxonomySnapshot) -> list[Any]:
    ids = request.POST.get(f"{TERMS}{facet}", "").split(",")[:200]
    found = (taxonomy.find_id(int(pk)) for pk in ids if pk.strip().isdecimal() and len(pk) < 19)
    return [term for term in found if term and term.facet == facet]


def _texts(request: HttpRequest, item_type: ItemType) -> list[str]:
    """Return the texts of the form as posted, valid or not: columns, body, short texts and the type's own texts."""
    names = ["headline", "summary", "cta_label", "image_alt", "image_caption"]
    names += [f"own_{one.name}" for one in item_type.field_definitions.all() if one.kind == "text" and one.localized]
    texts = [request.POST.get(name, "") for name in names]
    widget = ContentItem._meta.get_field("body").formfield().widget
    body = widget.value_from_datadict(request.POST, request.FILES, "body")
    texts += body.stream_block.get_searchable_content(body)
    texts += [value for name, value in request.POST.items() if name.startswith("texts-") and name.endswith("-text")]
    return [text for text in texts if text]
