"""The views on which one item is made, written, published and taken off air."""

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale, Revision
from wagtail.snippets.views import snippets

from contenthub.accounts.grants import may_write, refuse_facts, refuse_language

from .forms import ContentItemForm
from .granting import InGrantedLanguages, ReadableInAllLanguages
from .localizations import create_localization, make_source
from .models import ContentItem, ItemType
from .publishing import unschedule
from .readiness import refuse_unready


class PublishGate:
    """What create and edit views share: the gate before going on air, and refusals shown on the form."""

    @property
    def is_publishing(self) -> bool:
        if self.action == "workflow-action":
            return self.workflow_action == "approve"
        return self.action == "publish"

    @cached_property
    def overwrite_revision(self) -> Revision | None:
        if not self.request.POST.get("overwrite_revision_id", "0").isdecimal():
            raise PermissionDenied(_("Cannot overwrite a revision that does not exist"))
        revision = super().overwrite_revision
        # What is scheduled or on air is on record: a form that still holds it begins a new draft.
        on_record = revision and (revision.approved_go_live_at or revision.pk == self.object.live_revision_id)
        return None if on_record else revision

    def get_form(self, form_class: Any = None) -> ContentItemForm:
        form = super().get_form(form_class)
        form.is_publishing = self.request.method == "POST" and self.is_publishing
        return form

    def run_action_method(self) -> HttpResponse | None:
        try:
            with transaction.atomic():
                return super().run_action_method()
        except ValidationError as error:
            # The draft is saved; what could not follow is told, and nothing was published.
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.get_edit_url())


class ItemCreateView(PublishGate, snippets.CreateView):
    """A new item: first its type is chosen, then it is written."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refuse_facts(request.user)
        if self.item_type is None:
            return self.choose_type(request)
        refuse_language(request.user, self.locale)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def item_type(self) -> ItemType | None:
        return asked_type(self.request)

    def choose_type(self, request: HttpRequest) -> HttpResponse:
        if not self.user_has_permission("add"):
            raise PermissionDenied
        context = {
            "types": ItemType.objects.prefetch_related("field_definitions"),
            "locales": [one for one in Locale.objects.all() if may_write(self.request.user, one.pk)],
            "locale": self.locale,
            "add_url": reverse(self.add_url_name),
            "header_title": _("New item"),
            "header_icon": "doc-full",
            "breadcrumbs_items": [
                *self.breadcrumbs_items,
                {"url": reverse(self.index_url_name), "label": _("Items")},
                {"url": "", "label": _("New item")},
            ],
        }
        return TemplateResponse(request, "content/choose_type.html", context)

    def get_add_url(self) -> str:
        return self._for_type(reverse(self.add_url_name))

    def get_preview_url(self) -> str:
        return self._for_type(reverse(self.preview_url_name))

    def _for_type(self, url: str) -> str:
        return f"{url}?{urlencode({'type': self.item_type.code, 'locale': self.locale.language_code})}"

    def get_initial_form_instance(self) -> ContentItem:
        return new_item(self.item_type, self.locale)

    def get_translations(self) -> list[dict[str, Any]]:
        return []

    def get_page_subtitle(self) -> str:
        return f"{self.item_type} ({self.locale})"


class ItemPreviewOnCreateView(snippets.PreviewOnCreateView):
    """Shows an item that was never saved."""

    def get_object(self) -> ContentItem:
        item_type = asked_type(self.request)
        if item_type is None:
            raise Http404
        locale = get_object_or_404(Locale, language_code=self.request.GET.get("locale", ""))
        return new_item(item_type, locale)


class ItemEditView(ReadableInAllLanguages, PublishGate, snippets.EditView):
    """One language version of an item."""

    def get_page_subtitle(self) -> str:
        return f"\u2068{super().get_page_subtitle()}\u2069 ({self.object.locale})"  # isolated: it may run the other way

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.request.user.has_perm("content.change_contentitem"):
            return super().header_more_buttons
        links = Button(
            _("Links for reviewers"), url=reverse("items:review_links", args=[self.object.pk]), icon_name="link"
        )
        return [*super().header_more_buttons, links]


class ItemDeleteView(InGrantedLanguages, snippets.DeleteView):
    """Deletes one language version; an original that others lean on is refused."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.edit_url_name, self.object.pk)


class ItemWorkflowActionView(InGrantedLanguages, snippets.WorkflowActionView):
    """A reviewer's answer; an approval that would put on air what must not go there is refused."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                if self.action_name == "approve":
                    refuse_unready(self.object.get_latest_revision_as_object())
                return super().post(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
        return redirect(self.redirect_url)


class ItemUnpublishView(InGrantedLanguages, snippets.UnpublishView):
    """Takes one language version off air, in the published store as well; Wagtail's own goes past the item."""

    def unpublish(self) -> HttpResponse | None:
        response = self.run_hook("before_unpublish", self.request, self.object)
        if response is None:
            self.object.unpublish(user=self.request.user)
            response = self.run_hook("after_unpublish", self.request, self.object)
        return response


class ItemUnscheduleView(InGrantedLanguages, snippets.RevisionsUnscheduleView):
    """Calls off a launch, in the published store as well."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unschedule(self.object, self.revision)
        return super().post(request, *args, **kwargs)  # for its log entry and its message


def localize(request: HttpRequest, pk: int, locale: str) -> HttpResponse:
    """Make the version of an item in one more language, from the version at hand, and go on to edit it."""
    item = get_object_or_404(ContentItem, pk=pk)
    if not request.user.has_perm("content.add_contentitem"):
        raise PermissionDenied
    language = get_object_or_404(Locale, language_code=locale)
    refuse_language(request.user, language)
    try:
        made = create_localization(item, language, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("items:edit", pk)
    return redirect("items:edit", made.pk)


def make_original(request: HttpRequest, pk: int) -> HttpResponse:
    """Make this language version the original of its item."""
    item = get_object_or_404(ContentItem, pk=pk)
    if not request.user.has_perms(["content.change_contentitem", "content.publish_contentitem"]):
        raise PermissionDenied
    refuse_facts(request.user)
    try:
        make_source(item)
        messages.success(request, _("%(locale)s is the original now.") % {"locale": item.locale})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("items:edit", pk)


def asked_type(request: HttpRequest) -> ItemType | None:
    """Return the type that the address names."""
    return ItemType.objects.filter(code=request.GET.get("type", "")).first()


def new_item(item_type: ItemType, locale: Locale) -> ContentItem:
    """Return an item that is not saved yet."""
    return ContentItem(type=item_type, locale=locale, is_source=True, live=False)
