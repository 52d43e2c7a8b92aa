"""Panels of the item editor that Wagtail has none for."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.forms import Media
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.panels import InlinePanel, ObjectList, Panel
from wagtail.admin.staticfiles import versioned_static

from contenthub.accounts.grants import may_change_facts, may_write

from .checkviews import checks_context
from .codes import LocalizationState
from .differences import difference
from .facts import field_entries
from .factsummary import summarize
from .localizations import localization_statuses
from .models import ContentItem
from .readiness import OWN, TERMS
from .regionform import inherited_texts


class ItemEditor(ObjectList):
    """The whole form; the fields that a type or a facet adds are shown by panels of their own."""

    class BoundPanel(ObjectList.BoundPanel):
        def render_missing_fields(self) -> str:
            added = {name: self.form.fields.pop(name) for name in list(self.form.fields) if _is_added(name)}
            html = super().render_missing_fields()
            self.form.fields.update(added)
            return html


class AddedFieldsPanel(Panel):
    """The fields that the form adds of itself: those whose names ``names`` returns for a form."""

    def __init__(self, names: Callable[[Any], list[str]], read: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = names
        self.read = read

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "names": self.names, "read": self.read}

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/added_fields.html"

        @cached_property
        def fields(self) -> list[Any]:
            return [self.form[name] for name in self.panel.names(self.form)]

        def is_shown(self) -> bool:
            return bool(self.form) and bool(self.fields)

        def get_comparison(self) -> list[Callable[..., "TextsComparison"]]:
            return [partial(TextsComparison, self.heading, self.panel.read)]


class SourceInlinePanel(InlinePanel):
    """An inline panel of the original; other languages, whose form has no such formset, go without it."""

    class BoundPanel(InlinePanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            form = kwargs.get("form")
            self.is_absent = form is not None and kwargs["panel"].relation_name not in form.formsets
            if self.is_absent:
                Panel.BoundPanel.__init__(self, **kwargs)
                self.children = []
            else:
                super().__init__(**kwargs)

        def is_shown(self) -> bool:
            return not self.is_absent

        def render_html(self, *args: Any, **kwargs: Any) -> str:
            return "" if self.is_absent else super().render_html(*args, **kwargs)


class LocalizationsPanel(Panel):
    """Every language of the item at a glance, each with its state; a missing one is made with one click."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/localizations.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            statuses = localization_statuses(self.instance.key)
            is_unwanted = [status.state == LocalizationState.UNWANTED for status in statuses]
            user = self.request.user
            return context | {
                "instance": self.instance,
                "request": self.request,
                "groups": {
                    "wanted": [status for status, folded in zip(statuses, is_unwanted, strict=True) if not folded],
                    "unwanted": [status for status, folded in zip(statuses, is_unwanted, strict=True) if folded],
                },
                "launch": self._launch(),
                "languages": self.form.languages if self.form else (),
                "inherited_texts": inherited_texts(self.form) if self.form else (),
                "can_add": user.has_perm("content.add_contentitem"),
                "can_publish": user.has_perm("content.publish_contentitem"),
                "can_change": user.has_perm("content.change_contentitem") and may_change_facts(user),
                "granted": {status.locale.pk for status in statuses if may_write(user, status.locale.pk)},
                "may_publish_here": may_write(user, self.instance.locale_id),
            }

        def _launch(self) -> Any:
            """Return the revision of this language that is to go on air, and is not yet."""
            return self.instance.revisions.filter(approved_go_live_at__gt=timezone.now()).defer("content").first()


class ChannelChecksPanel(Panel):
    """How the piece fits its channels, as last saved; it follows every automatic save."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/channel_checks.html"

        @property
        def media(self) -> Media:
            return Media(js=[versioned_static("content/channel-checks.js")])

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | checks_context(self.instance)


class FactsPanel(Panel):
    """The facts of the item, read-only, on languages that are not the original."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/facts.html"

        def is_shown(self) -> bool:
            return bool(self.form and self.instance.pk and not self.form.has_facts)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            source = ContentItem.objects.sources().select_related("locale").filter(key=self.instance.key).first()
            facts = summarize(source.get_latest_revision_as_object()) if source else []
            return context | {"source": source, "facts": facts}


def own_field_names(form: Any) -> list[str]:
    return form.own_names


def tag_names(form: Any) -> list[str]:
    return form.term_names


def channel_names(form: Any) -> list[str]:
    return [name for name in ("channel_codes",) if name in form.fields]


def read_own_fields(item: Any) -> str:
    entries = [*field_entries(item, localized=False), *field_entries(item, localized=True)]
    return "\n".join(f"{entry['name']}: {entry['value']}" for entry in entries)


def read_tags(item: Any) -> str:
    return "\n".join(tag.term.code for tag in item.classification.all())


def read_channels(item: Any) -> str:
    return "\n".join(one.channel.code for one in item.channels.all())


class TextsComparison:
    """Compares what a panel of added fields shows of two revisions, as text."""

    is_field = True
    is_child_relation = False

    def __init__(self, label: str, read: Callable[[Any], str], before: Any, after: Any) -> None:
        self.label = label
        self.before = read(before)
        self.after = read(after)

    def field_label(self) -> str:
        return self.label

    def htmldiff(self) -> str:
        return difference(self.before, self.after)

    def has_changed(self) -> bool:
        return self.before != self.after


def _is_added(name: str) -> bool:
    return name.startswith((TERMS, OWN)) or name == "channel_codes"
