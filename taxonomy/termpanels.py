"""Panels of the term's page that Wagtail has none for."""

from typing import Any

from wagtail.admin.panels import InlinePanel, ObjectList, Panel

from taxonomy.attributes import PREFIX
from taxonomy.choosing import describe_for_editor
from taxonomy.dependants import get_dependants
from taxonomy.facetview import TermView
from taxonomy.snapshot import taxonomy_snapshot

MOST_ITEMS = 20
MOST_TERMS = 50


class TermEditor(ObjectList):
    """The whole form; the fields that the facet declares are shown by a panel of their own."""

    class BoundPanel(ObjectList.BoundPanel):
        def render_missing_fields(self) -> str:
            added = {name: self.form.fields.pop(name) for name in list(self.form.fields) if name.startswith(PREFIX)}
            html = super().render_missing_fields()
            self.form.fields.update(added)
            return html


class RowsPanel(InlinePanel):
    """Rows of a term with a formset of their own."""

    def __init__(self, relation_name: str, *args: Any, formset: type, **kwargs: Any) -> None:
        super().__init__(relation_name, *args, **kwargs)
        self.formset = formset

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"formset": self.formset}

    def get_form_options(self) -> dict[str, Any]:
        options = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = self.formset
        return options


class AttributesPanel(Panel):
    """The attributes that the facet declares."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "taxonomy/panels/attributes.html"

        @property
        def fields(self) -> list[Any]:
            return [self.form[name] for name in self.form.fields if name.startswith(PREFIX)]

        def is_shown(self) -> bool:
            return bool(self.form and self.fields)


class UsesPanel(Panel):
    """Where the term is used: items, other terms, rules of types."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "taxonomy/panels/uses.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            snapshot, dependants = taxonomy_snapshot(), get_dependants()
            view = snapshot.by_id(self.instance.pk)
            items, count = dependants.tagged(view.code, search="", start=0, count=MOST_ITEMS)
            tally = dependants.tallies([view.code]).get(view.code)
            groups = {
                "below": view.children,
                "replaces": [term for term in snapshot.get_facet(view.facet).terms if view in term.replaced_by],
                "related": snapshot.related(view),
            }
            return context | {
                "items": items,
                "items_left": count - len(items),
                "with_below": tally.with_below if tally else 0,
                "items_url": dependants.items_url(view.id),
                "rules": dependants.rules_below(view.code),
                "askers": dependants.asked_by(view.code),
                "terms": {name: _described(terms) for name, terms in groups.items()},
                "left": {name: max(0, len(terms) - MOST_TERMS) for name, terms in groups.items()},
            }


def _described(terms: Any) -> list[dict[str, Any]]:
    some: list[TermView] = list(terms)[:MOST_TERMS]
    return [describe_for_editor(term) for term in some]
