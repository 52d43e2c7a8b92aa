"""What can be done to many items of a listing at once. A listed item stands for all its languages."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property, classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import FormView
from wagtail.models import Locale
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from contenthub.accounts.grants import refuse_facts, refuse_language

from .granting import LanguageLock
from .listing import ItemFilters
from .models import ContentItem
from .readiness import refuse_unready
from .tagging.changing import MOST_ITEMS, TaggingRefused, plan
from .tagging.forms import TaggingForm
from .translating.exchange import FileFormat, messages_of, to_file
from .translating.exchangeviews import ExportForm, file_response

MOST_SHOWN = 20


class _Listed:
    """What is chosen in the listing. Wagtail takes "all" for every row there is, whatever the listing shows."""

    request: HttpRequest

    @classproperty
    def models(cls) -> list[type[ContentItem]]:
        return [ContentItem]

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet:
        """Return the ids of what the listing shows: its search and filters stand in the action's own address."""
        items = ContentItem.objects.sources()
        filters = ItemFilters(self.request.GET, queryset=items, request=self.request)
        if filters.is_valid():
            items = filters.qs
        sought = self.request.GET.get("q", "").strip()
        if sought:
            items = items.filter(key__in=ContentItem.objects.matching(sought).values("key"))
        return items.values_list("pk", flat=True)


class _ItemsAction(_Listed, SnippetBulkAction):
    """An action on all languages of the chosen items."""

    template_name = "content/bulk_actions/confirm.html"
    question = ""

    def check_perm(self, snippet: ContentItem) -> bool:
        return self.permission_policy.user_has_permission(self.request.user, "publish")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "display_name": self.display_name, "question": self.question}

    @classmethod
    def execute_action(cls, objects: Iterable[ContentItem], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        view = kwargs["self"]
        user, done, refused = view.request.user, 0, []
        for chosen in objects:
            # The original first: other languages cannot go on air before it.
            for row in ContentItem.objects.filter(key=chosen.key).order_by("-is_source", "pk"):
                try:
                    _refuse_locked(row, user)
                    with transaction.atomic():
                        done += cls.act(row, user)
                except ValidationError as error:
                    refused.append(f"{row} ({row.locale}): {' '.join(error.messages)}")
        for message in refused:
            messages.error(view.request, message)
        return done, 0

    @staticmethod
    def act(row: ContentItem, user: Any) -> bool:
        """Do it to one row; return whether anything was to be done."""
        raise NotImplementedError


class PublishItems(_ItemsAction):
    display_name = _("Publish")
    action_type = "publish_items"
    aria_label = _("Publish the newest drafts of the chosen items")
    question = _("Publish the newest drafts of these items, in all their languages?")
    action_priority = 10

    @staticmethod
    def act(row: ContentItem, user: Any) -> bool:
        if row.live and not row.has_unpublished_changes:
            return False
        revision = row.get_latest_revision() or row.save_revision(user=user, clean=False)
        refuse_unready(revision.as_object())
        revision.publish(user=user)
        return True

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d language version published or scheduled.",
            "%(count)d language versions published or scheduled.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


class UnpublishItems(_ItemsAction):
    display_name = _("Unpublish")
    action_type = "unpublish_items"
    aria_label = _("Take the chosen items off air")
    question = _("Take these items off air, in all their languages?")
    action_priority = 20

    @staticmethod
    def act(row: ContentItem, user: Any) -> bool:
        # On air by the clock alone: the scheduler has not been there yet.
        is_due = row.revisions.filter(approved_go_live_at__lte=timezone.now()).exists()
        if not (row.live or is_due):
            return False
        row.unpublish(user=user)
        return True

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d language version taken off air.",
            "%(count)d language versions taken off air.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


class _FormAction(_Listed, SnippetBulkAction):
    """An action that asks something first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("content.change_contentitem"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def chosen(self) -> list[int]:
        """Return the ids chosen; one more than may be where there are too many."""
        ids = self.request.GET.getlist("id")
        if "all" in ids:
            return list(self.get_all_objects_in_listing_query(None)[: MOST_ITEMS + 1])
        return [int(pk) for pk in ids if pk.isdecimal() and len(pk) < 19]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = ContentItem.objects.sources().filter(pk__in=self.chosen[:MOST_SHOWN])
        return {
            **FormView.get_context_data(self, **kwargs),
            "display_name": self.display_name,
            "shown": list(items.defer("body", "extra")),
            "total": len(self.chosen),
            "next": self.next_url,
            "submit_url": f"{self.request.path}?{self.request.META['QUERY_STRING']}",
        }


class ExportItems(_FormAction):
    """A file of the texts of the chosen items, for translators."""

    display_name = _("Export for translation")
    action_type = "export_items"
    aria_label = _("Export the texts of the chosen items for translators")
    template_name = "content/bulk_actions/export_items.html"
    form_class = ExportForm
    action_priority = 7

    def form_valid(self, form: ExportForm) -> HttpResponse:
        if len(self.chosen) > MOST_ITEMS:
            form.add_error(None, _("At most %(count)d items go into one file.") % {"count": MOST_ITEMS})
            return self.form_invalid(form)
        target, file_format = form.cleaned_data["locale"], FileFormat(form.cleaned_data["format"])
        items = ContentItem.objects.sources().filter(pk__in=self.chosen).exclude(locale=target)
        origins = set(items.values_list("locale", flat=True))
        if len(origins) != 1:
            form.add_error(
                None,
                _("One file is of one original language: choose items that are written in the same one.")
                if origins
                else _("All of these items are written in this language."),
            )
            return self.form_invalid(form)
        messages = messages_of(items.order_by("key"), target, is_open=form.cleaned_data["is_open"])
        source = Locale.objects.get(pk=origins.pop())
        return file_response(to_file(messages, file_format, source=source, target=target), file_format, target)


class TagItems(_FormAction):
    """The way to change the tags of many items: describes the change, and goes on to its preview."""

    display_name = _("Change tags")
    action_type = "tag_items"
    aria_label = _("Add, remove or replace tags of the chosen items")
    template_name = "content/bulk_actions/tag_items.html"
    form_class = TaggingForm
    action_priority = 5

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_facts(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        may_publish = self.request.user.has_perm("content.publish_contentitem")
        return {**super().get_form_kwargs(), "may_publish": may_publish}

    def form_valid(self, form: TaggingForm) -> HttpResponse:
        try:
            tagging = plan(form.described(self.request.user), self.chosen)
        except TaggingRefused as refusal:
            form.add_error(None, refusal)
            return self.form_invalid(form)
        return redirect("content_tagging", tagging.pk)


class DeleteItems(_Listed, DeleteBulkAction):
    """Wagtail's own would delete the original alone, and leave its other languages without one."""

    template_name = "content/bulk_actions/confirm_delete.html"
    aria_label = _("Delete the chosen items in all their languages")

    @classmethod
    def execute_action(cls, objects: Iterable[ContentItem], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        keys = {chosen.key for chosen in objects}
        with transaction.atomic():
            rows = ContentItem.objects.of_keys(keys)
            for locale in Locale.objects.filter(pk__in=rows.values("locale")):
                refuse_language(kwargs["self"].request.user, locale)
            rows.delete()
        return len(keys), 0


def _refuse_locked(row: ContentItem, user: Any) -> None:
    language, lock = LanguageLock(row), row.get_lock()
    if language.for_user(user):
        raise ValidationError(language.get_message(user))
    if lock and lock.for_user(user):
        raise ValidationError(_("It is locked."))
