"""The form on which an item is written in one language."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from wagtail.admin.forms import WagtailAdminModelForm

from channels.registry import channel_registry
from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain
from taxonomy.forms import TermField, TermsField
from taxonomy.snapshot import FacetView, taxonomy_snapshot

from .fieldforms import form_field, from_form, to_form
from .localizations import free_slug
from .models import ContentItem, ItemChannel, ItemTerm
from .publishing import refuse_before_source
from .rules import rule_hint, violations

TERMS, OWN = "terms_", "own_"
FACTS = ("priority", "wanted_locales", "fallback_forbidden")


class ContentItemForm(WagtailAdminModelForm):
    """Texts for every language; tags, channels and other facts on the original only.

    ``is_publishing`` is set by the view: what an item must have is demanded when it goes on air, not of drafts.
    """

    cta_action = TermField(
        facet="action", required=False, label="Intended action", help_text="What the reader is to do, as a term."
    )
    channel_codes = forms.MultipleChoiceField(
        label="Channels",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Where this item is meant to appear. None chosen: everywhere.",
    )
    is_publishing = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taxonomy = taxonomy_snapshot()
        self.definitions = list(self.instance.type.field_definitions.all())
        self.rules = list(self.instance.type.rules.select_related("facet", "below"))
        if self.instance.pk:
            self.fields["key"].disabled = True
        else:
            self.fields["key"].required = False
            self.fields[
                "key"
            ].help_text = "Left empty: made from the type and the headline. It cannot be changed later."
        if self.instance.is_source:
            self._add_facts()
        else:
            self._drop_facts()
            self.definitions = [definition for definition in self.definitions if definition.localized]
        for definition in self.definitions:
            self.fields[f"{OWN}{definition.name}"] = form_field(definition)
            self.initial[f"{OWN}{definition.name}"] = to_form(
                definition.kind, self.instance.own_fields.get(definition.name)
            )

    def _add_facts(self) -> None:
        chain = editor_chain(locale_catalogue())
        chosen = [tag.term_id for tag in self.instance.classification.all()]
        hints = {rule.facet.code: rule_hint(rule) for rule in self.rules}
        for facet in self.taxonomy.facets.values():
            name = f"{TERMS}{facet.code}"
            label, _ = facet.label(chain)
            self.fields[name] = TermsField(
                facet=facet.code, label=label, required=False, help_text=hints.get(facet.code, "")
            )
            self.initial[name] = [pk for pk in chosen if pk in facet.by_id]
        registry = channel_registry()
        self.initial["channel_codes"] = [registry.by_id[one.channel_id].code for one in self.instance.channels.all()]
        self.fields["channel_codes"].choices = [
            (entry.code, f"{chr(0x2003) * (entry.depth - 1)}{entry.label(chain)}")
            for entry in registry.by_code.values()
            if not entry.is_retired or entry.code in self.initial["channel_codes"]
        ]
        self.fields["wanted_locales"].widget = forms.CheckboxSelectMultiple(
            choices=self.fields["wanted_locales"].widget.choices
        )

    def _drop_facts(self) -> None:
        for name in (*FACTS, "channel_codes"):
            self.fields.pop(name, None)
        self.formsets.pop("references", None)

    @property
    def facets(self) -> list[FacetView]:
        return list(self.taxonomy.facets.values())

    @property
    def own_names(self) -> list[str]:
        return [f"{OWN}{definition.name}" for definition in self.definitions]

    @property
    def term_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith(TERMS)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_key(cleaned)
        self._clean_slug(cleaned)
        self._keep_own_fields(cleaned)
        if self.instance.is_source:
            self._keep_facts(cleaned)
        if self.is_publishing:
            self._demand(cleaned)
        return cleaned

    def _clean_key(self, cleaned: dict[str, Any]) -> None:
        if self.instance.pk or "key" not in cleaned:
            return
        if not cleaned["key"]:
            name = slugify(cleaned.get("headline", ""))[:200] or get_random_string(8).lower()
            cleaned["key"] = _free_key(f"{self.instance.type.code}/{name}")
        elif ContentItem.objects.filter(key=cleaned["key"]).exists():
            self.add_error("key", f"There is an item {cleaned['key']} already.")

    def _clean_slug(self, cleaned: dict[str, Any]) -> None:
        slug, key = cleaned.get("slug"), cleaned.get("key") or self.instance.key
        if slug is None:
            return
        locale = self.instance.locale
        if not slug:
            made = slugify(cleaned.get("headline", ""), allow_unicode=True)[:200]
            cleaned["slug"] = free_slug(made, locale, key=key)
        elif free_slug(slug, locale, key=key) != slug:
            owner = ContentItem.objects.filter(locale=locale, slug=slug).first()
            self.add_error("slug", f"{owner} ({owner.key}) has this slug already.")

    def _keep_own_fields(self, cleaned: dict[str, Any]) -> None:
        own = dict(self.instance.own_fields)
        for definition in self.definitions:
            name = f"{OWN}{definition.name}"
            if name not in cleaned:
                continue
            try:
                kept = from_form(definition.kind, cleaned[name], own.get(definition.name))
            except ValidationError as error:
                self.add_error(name, error)
                continue
            if kept is None:
                own.pop(definition.name, None)
            else:
                own[definition.name] = kept
        self.instance.own_fields = own

    def _keep_facts(self, cleaned: dict[str, Any]) -> None:
        terms = [term for name in self.term_names for term in cleaned.get(name) or ()]
        tags = {tag.term_id: tag for tag in self.instance.classification.all()}
        self.instance.classification = [
            _at(place, tags.get(term.pk) or ItemTerm(term=term)) for place, term in enumerate(terms)
        ]
        if "channel_codes" in cleaned:
            registry = channel_registry()
            links = {one.channel_id: one for one in self.instance.channels.all()}
            wanted = [registry.get(code).id for code in cleaned["channel_codes"]]
            ordered = [pk for pk in links if pk in wanted] + [pk for pk in wanted if pk not in links]
            self.instance.channels = [
                _at(place, links.get(pk) or ItemChannel(channel_id=pk)) for place, pk in enumerate(ordered)
            ]

    def _demand(self, cleaned: dict[str, Any]) -> None:
        for definition in self.definitions:
            name = f"{OWN}{definition.name}"
            if definition.required and definition.name not in self.instance.own_fields and name not in self.errors:
                self.add_error(name, "This is needed before the item can be published.")
        if self.instance.is_source:
            chosen = {
                facet.code: [facet.by_id[term.pk] for term in cleaned.get(f"{TERMS}{facet.code}") or ()]
                for facet in self.facets
            }
            for facet, message in violations(self.rules, chosen):
                self.add_error(f"{TERMS}{facet}", message)
        go_live_at = cleaned.get("go_live_at")
        try:
            refuse_before_source(
                self.instance, go_live_at=go_live_at if go_live_at and go_live_at > timezone.now() else None
            )
        except ValidationError as error:
            self.add_error(None, error)


def _at(place: int, part: Any) -> Any:
    part.sort_order = place
    return part


def _free_key(key: str) -> str:
    candidate, number = key, 2
    while ContentItem.objects.filter(key=candidate).exists():
        candidate, number = f"{key}-{number}", number + 1
    return candidate
