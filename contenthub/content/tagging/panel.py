"""The panel on which an item is tagged: each facet with its rule, what was used lately and what the text names."""

import json
from typing import Any

from django.urls import reverse

from taxonomy.choosing import describe_for_editor
from taxonomy.facetview import TermView
from taxonomy.snapshot import taxonomy_snapshot

from ..panels import AddedFieldsPanel
from ..readiness import TERMS
from ..rules import rule_status
from .recent import recent_terms

MOST_RECENT = 5


class TagsPanel(AddedFieldsPanel):
    """The fields of the facets. No term is looked up by the browser until the editor asks."""

    class BoundPanel(AddedFieldsPanel.BoundPanel):
        template_name = "content/panels/tags.html"

        class Media:
            js = ["content/tags-panel.js"]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            taxonomy, item_type = taxonomy_snapshot(), self.instance.type
            rules = {rule.facet.code: rule for rule in item_type.rules.select_related("facet")}
            recent = recent_terms(self.request.user, taxonomy) if self.request else {}
            facets = []
            for field in self.fields:
                code = field.name.removeprefix(TERMS)
                chosen = _chosen(field, taxonomy)
                rule = rules.get(code)
                if rule and rule.maximum == 0 and not chosen and not field.errors:
                    continue  # a facet that items of this type have no terms of
                offered = recent.get(code, [])[: MOST_RECENT + len(chosen)]
                facets.append(
                    {
                        "code": code,
                        "field": field,
                        "status": rule_status(rule, chosen, taxonomy) if rule else None,
                        "recent": [offer(term) for term in offered],
                    }
                )
            query = f"?type={item_type.code}&locale={self.instance.locale.language_code}"
            return context | {
                "facets": facets,
                "check_url": reverse("content_check_tags") + query if rules else "",
                "suggest_url": reverse("content_suggest_tags") + query,
            }


def offer(term: TermView, name: str = "") -> dict[str, str]:
    """Return a term as a button that adds it; ``name`` is what the text calls it, where that is not its label."""
    described = describe_for_editor(term)
    chip = {**described, "id": str(term.id), "retired": ""}
    return described | {"json": json.dumps(chip), "name": name if name != described["label"] else ""}


def _chosen(field: Any, taxonomy: Any) -> list[TermView]:
    ids = field.field.widget.format_value(field.value()).split(",")
    found = (taxonomy.find_id(int(pk)) for pk in ids if pk.strip().isdecimal() and len(pk) < 19)
    return [term for term in found if term]
