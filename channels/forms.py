"""The form on which a channel is added or changed."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from channels.channelfiles import unsaved_fields
from channels.models import NO_SUCH_FIELD, Channel, ChannelField, validate_labels
from channels.registry import ChannelRegistry, channel_registry
from channels.starter import BY_KIND, starter
from locales.catalogue import locale_catalogue
from locales.widgets import SuggestionInput, TextPerLocaleField, editor_chain


class TreeChoices(forms.models.ModelChoiceIterator):
    """The channels in tree order, set in by their depth."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        yield "", self.field.empty_label
        chain = editor_chain(locale_catalogue())
        by_pk = {channel.pk: channel for channel in self.queryset}
        for entry in channel_registry().by_code.values():
            if entry.id in by_pk:
                indent = "\u2003" * (entry.depth - 1)
                yield self.field.prepare_value(by_pk[entry.id]), f"{indent}{entry.label(chain)} ({entry.code})"


class ParentField(forms.ModelChoiceField):
    """A choice of the channel above."""

    iterator = TreeChoices


class ChannelForm(WagtailAdminModelForm):
    """A channel with its names by language; its limits are a formset beside it."""

    labels = TextPerLocaleField(
        label=_("Names"),
        required=True,
        validators=[validate_labels],
        help_text=Channel._meta.get_field("labels").help_text,
    )
    parent = ParentField(
        Channel.objects.all(),
        required=False,
        label=_("Parent"),
        empty_label=_("None: a root"),
        help_text=Channel._meta.get_field("parent").help_text,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        registry = channel_registry()
        self.fields["kind"].widget = SuggestionInput((kind, "") for kind in _known_kinds(registry))
        self.fields["parent"].queryset = self._possible_parents(registry)
        if self.instance.pk:
            self.fields["code"].disabled = True

    def is_valid(self) -> bool:
        """Return whether all is right; a limit is refused on a field that the channel does not have.

        One that a file brought stays as long as neither it nor a field is touched.
        """
        if not super().is_valid():
            return False
        taken, limits = self._fields_taken(), self.formsets["limits"].forms
        for form in limits:
            name = form.cleaned_data.get("field")
            is_touched = form.has_changed() or self.formsets["fields"].has_changed()
            if name and name not in taken and is_touched and not form.cleaned_data.get("DELETE"):
                form.add_error("field", NO_SUCH_FIELD % {"field": name})
        return not any(form.errors for form in limits)

    def save(self, commit: bool = True) -> Channel:
        """Save the channel; a new root without fields of its own begins with those of its kind."""
        is_new = self.instance.pk is None
        channel = super().save(commit)
        if commit and is_new and not channel.fields.exists():
            begin = starter(channel.code, channel.kind, is_root=channel.parent_id is None)
            ChannelField.objects.bulk_create(unsaved_fields(begin.fields, channel))
        return channel

    def _fields_taken(self) -> set[str]:
        """Return the names of the fields that the channel will have, those of its parent included."""
        parent = self.cleaned_data["parent"]
        above = channel_registry().by_id[parent.pk].fields if parent else ()
        rows = [form.cleaned_data for form in self.formsets["fields"].forms if form.cleaned_data]
        own = [(row["name"], row["source"].strip()) for row in rows if not row.get("DELETE")]
        if not own and self.instance.pk is None:
            begin = starter(self.cleaned_data["code"], self.cleaned_data["kind"], is_root=parent is None)
            own = [row[:2] for row in begin.fields]
        sources = {entry.name: entry.sources for entry in above} | dict(own)
        return {name for name, source in sources.items() if source}

    def _possible_parents(self, registry: ChannelRegistry) -> QuerySet[Channel]:
        own = registry.by_id.get(self.instance.pk)
        if own is None:
            return Channel.objects.all()
        below = [entry.id for entry in registry.by_code.values() if own.code in (entry.code, *entry.ancestors)]
        return Channel.objects.exclude(pk__in=below)


def _known_kinds(registry: ChannelRegistry) -> list[str]:
    used = [entry.kind for entry in registry.by_code.values()]
    return list(dict.fromkeys((*used, *BY_KIND)))
