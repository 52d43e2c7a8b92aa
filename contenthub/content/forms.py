"""The form on which an item is written in one language."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from channels.registry import channel_registry
from contenthub.accounts.grants import may_change_facts
from contenthub.delivery.models import PublishedItem
from locales.catalogue import locale_catalogue
from locales.cldr import direction
from locales.widgets import editor_chain
from taxonomy.forms import TermField, TermsField
from taxonomy.snapshot import taxonomy_snapshot

from .channelchecks import broken_channels
from .fieldforms import LINK_HELP, LinkField, form_field, from_form, to_form
from .instants import validate_instant
from .links import ITEM_PREFIX
from .localizations import free_slug
from .models import ContentItem, ItemChannel, ItemReference, ItemTerm
from .publishing import refuse_before_source
from .readiness import OWN, TERMS, lacks
from .regionform import show_inherited
from .regions import languages_of
from .tagging.recent import remember_terms
from .widgets import TreeCheckboxes

FACTS = ("priority", "wanted_locales", "fallback_forbidden")
MOST_ROWS = 200  # of short texts and of references
TEXTS = ("headline", "summary", "cta_label", "image_alt", "image_caption")


class ContentItemForm(WagtailAdminModelForm):
    """Texts for every language; tags, channels and other facts on the original only.

    ``is_publishing`` is set by the view: what an item must have is demanded when it goes on air, not of drafts.
    """

    cta_link = LinkField(label=_("Link"), max_length=2000, required=False, help_text=LINK_HELP)
    cta_action = TermField(
        facet="action", required=False, label=_("Intended action"), help_text=_("What the reader is to do, as a term.")
    )
    channel_codes = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        widget=TreeCheckboxes,
        help_text=_("Where this item is meant to appear. None chosen: everywhere."),
    )
    is_publishing = False
    added_terms: Sequence[int] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definitions = list(self.instance.type.field_definitions.all())
        self.languages = languages_of(self.instance)
        for rows in self.formsets.values():
            rows.max_num = rows.absolute_max = MOST_ROWS
        self._offer_key()
        if self.has_facts:
            self._add_facts()
        else:
            self._drop_facts()
            self.definitions = [definition for definition in self.definitions if definition.localized]
        self._add_own_fields()
        self._mark_language()
        if self.languages:
            show_inherited(self)
        self._tell_time_zone()

    @property
    def has_facts(self) -> bool:
        """Whether facts can be changed here: on the original, by whoever may."""
        return self.instance.is_source and may_change_facts(self.for_user)

    @property
    def own_names(self) -> list[str]:
        return [f"{OWN}{definition.name}" for definition in self.definitions]

    @property
    def term_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith(TERMS)]

    # --- fields -------------------------------------------------------------------------------------------

    def _offer_key(self) -> None:
        if not _has_open_key(self.instance):
            self.fields["key"].disabled = True
            return
        self.fields["key"].required = False
        self.fields["key"].help_text = _(
            "The item's identity over all languages, versions and channels. Left empty: made "
            "from the type and the headline. It cannot be changed once the item was published, "
            "referred to or written in another language."
        )

    def _add_facts(self) -> None:
        self._add_tags()
        self._add_channels()
        self.fields["priority"].required = False
        self.fields["wanted_locales"].widget = forms.CheckboxSelectMultiple(
            choices=self.fields["wanted_locales"].widget.choices
        )

    def _add_tags(self) -> None:
        chain = editor_chain(locale_catalogue())
        chosen = [tag.term_id for tag in self.instance.classification.all()]
        for facet in taxonomy_snapshot().facets.values():
            name = f"{TERMS}{facet.code}"
            label, _ = facet.label(chain)
            self.fields[name] = TermsField(facet=facet.code, label=label, required=False)
            self.initial[name] = [pk for pk in chosen if pk in facet.by_id]

    def _add_channels(self) -> None:
        chain = editor_chain(locale_catalogue())
        registry = channel_registry()
        chosen = [registry.by_id[one.channel_id].code for one in self.instance.channels.all()]
        offered = [entry for entry in registry.by_code.values() if not entry.is_retired or entry.code in chosen]
        self.initial["channel_codes"] = chosen
        self.fields["channel_codes"].choices = [(entry.code, entry.label(chain)) for entry in offered]
        self.fields["channel_codes"].widget.depths = {entry.code: entry.depth for entry in offered}
        if not offered:
            del self.fields["channel_codes"]

    def _drop_facts(self) -> None:
        for name in (*FACTS, "channel_codes"):
            self.fields.pop(name, None)
        self.formsets.pop("references", None)

    def _add_own_fields(self) -> None:
        for definition in self.definitions:
            name, value = f"{OWN}{definition.name}", self.instance.own_fields.get(definition.name)
            self.fields[name] = form_field(definition, value)
            self.initial[name] = to_form(definition.kind, value)

    def _mark_language(self) -> None:
        """Tell the browser what language is written, for its direction, fonts and spelling."""
        language = self.instance.locale.language_code
        attributes = {"lang": language, "dir": direction(language).lower()}
        localized = [f"{OWN}{one.name}" for one in self.definitions if one.localized and one.kind == "text"]
        for name in (*TEXTS, *localized):
            if name in self.fields:
                self.fields[name].widget.attrs |= attributes

    def _tell_time_zone(self) -> None:
        zone = timezone.get_current_timezone_name()
        for name in ("go_live_at", "expire_at"):
            if name in self.fields:
                self.fields[name].help_text = _("In your time zone, %(zone)s. Your account has a setting for it.") % {
                    "zone": zone
                }
                self.fields[name].validators.append(validate_instant)

    # --- cleaning -----------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_key(cleaned)
        self._clean_slug(cleaned)
        self._keep_own_fields(cleaned)
        if self.has_facts:
            self._keep_tags(cleaned)
            self._keep_channels(cleaned)
        return cleaned

    def save(self, commit: bool = True) -> ContentItem:
        saved = super().save(commit)
        if self.for_user and self.added_terms:
            remember_terms(self.for_user, self.added_terms)
        return saved

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_publishing:
            self._demand()

    def is_valid(self) -> bool:
        """Return whether it can be saved; what goes on air must fit the channels that the item names."""
        valid = super().is_valid()
        if valid and self.is_publishing:
            for message in broken_channels(self.instance, self._short_texts()):
                self.add_error(None, message)
        return valid and not self.errors

    def _short_texts(self) -> list[dict[str, str]]:
        rows = [form.cleaned_data for form in self.formsets["texts"].forms if form.cleaned_data]
        return [{"name": row["name"], "text": row["text"]} for row in rows if not row.get("DELETE")]

    def clean_priority(self) -> int:
        return self.cleaned_data["priority"] or 0

    def _clean_key(self, cleaned: dict[str, Any]) -> None:
        if self.fields["key"].disabled or "key" not in cleaned:
            return
        others = ContentItem.objects.exclude(pk=self.instance.pk)
        if not cleaned["key"]:
            cleaned["key"] = self._made_key(cleaned.get("headline", ""), others)
        elif others.filter(key=cleaned["key"]).exists():
            self.add_error("key", _("There is an item %(key)s already.") % {"key": cleaned["key"]})

    def _made_key(self, headline: str, others: Any) -> str:
        name = slugify(headline)[:200]
        if not name and self.instance.key:
            return self.instance.key
        key = f"{self.instance.type.code}/{name or get_random_string(8).lower()}"
        candidate, number = key, 2
        while others.filter(key=candidate).exists():
            candidate, number = f"{key}-{number}", number + 1
        return candidate

    def _clean_slug(self, cleaned: dict[str, Any]) -> None:
        slug, key = cleaned.get("slug"), cleaned.get("key") or self.instance.key
        if slug is None:
            return
        locale = self.instance.locale
        if not slug and self.languages and not cleaned.get("headline"):
            return  # a text for a region has its language's address
        if not slug:
            made = slugify(cleaned.get("headline", ""), allow_unicode=True)[:200]
            cleaned["slug"] = free_slug(made, locale, key=key)
        elif free_slug(slug, locale, key=key) != slug:
            owner = ContentItem.objects.filter(locale=locale, slug=slug).first()
            self.add_error("slug", _("%(owner)s (%(key)s) has this slug already.") % {"owner": owner, "key": owner.key})

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

    def _keep_tags(self, cleaned: dict[str, Any]) -> None:
        if any(name in self.errors for name in self.term_names):
            return
        terms = [term for name in self.term_names for term in cleaned.get(name) or ()]
        tags = {tag.term_id: tag for tag in self.instance.classification.all()}
        self.added_terms = [term.pk for term in terms if term.pk not in tags]
        self.instance.classification = [
            _at(place, tags.get(term.pk) or ItemTerm(term=term)) for place, term in enumerate(terms)
        ]

    def _keep_channels(self, cleaned: dict[str, Any]) -> None:
        if "channel_codes" not in cleaned:
            return
        registry = channel_registry()
        links = {one.channel_id: one for one in self.instance.channels.all()}
        wanted = [registry.get(code).id for code in cleaned["channel_codes"]]
        ordered = [pk for pk in links if pk in wanted] + [pk for pk in wanted if pk not in links]
        self.instance.channels = [
            _at(place, links.get(pk) or ItemChannel(channel_id=pk)) for place, pk in enumerate(ordered)
        ]

    def _demand(self) -> None:
        for name, message in lacks(self.instance):
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, message)
        go_live_at = self.cleaned_data.get("go_live_at")
        try:
            refuse_before_source(
                self.instance, go_live_at=go_live_at if go_live_at and go_live_at > timezone.now() else None
            )
        except ValidationError as error:
            self.add_error(None, error)


def _has_open_key(item: ContentItem) -> bool:
    """Return whether nothing leans on the key yet."""
    if not item.pk:
        return True
    return not (
        item.first_published_at
        or ContentItem.objects.filter(key=item.key).exclude(pk=item.pk).exists()
        or PublishedItem.objects.filter(key=item.key).exists()
        or ItemReference.objects.filter(target_key=item.key).exists()
        or _is_linked_to(item)
    )


def _is_linked_to(item: ContentItem) -> bool:
    """Return whether an item's link, body or own field names this one's key."""
    link = f"{ITEM_PREFIX}{item.key}"
    within = [f'"{item.key}"', f'"{link}"']
    named = Q(cta_link=link)
    for text in within:
        named |= Q(body_text__contains=text) | Q(own_text__contains=text)
    texts = {"body_text": Cast("body", TextField()), "own_text": Cast("own_fields", TextField())}
    return ContentItem.objects.annotate(**texts).filter(named).exists()


def _at(place: int, part: Any) -> Any:
    part.sort_order = place
    return part
