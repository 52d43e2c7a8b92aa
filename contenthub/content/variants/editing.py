"""The views on which one version of an item is made, written, published and kept in step with its base."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.snippets.views import snippets

from contenthub.accounts.grants import refuse_facts, refuse_language

from ..channelchecks import broken_channels
from ..differences import difference
from ..editing import PublishGate
from ..granting import InGrantedLanguages, ReadableInAllLanguages
from ..models import ContentItem, Variant
from ..publishing import NotPublishable
from .making import create_variant, give_back, moved_fields, rebase, remember_base
from .overriding import lacking
from .publishing import unschedule
from .values import shown


class RemembersBase:
    """What create and edit views share: with each save it is noted what the base says in overridden fields."""

    def save_instance(self) -> Variant:
        instance = super().save_instance()
        remember_base(instance)
        return instance


class VariantCreateView(RemembersBase, PublishGate, snippets.CreateView):
    """A new version of the item that the address names; it is made on the original, where it says whom it is for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.base is None:
            messages.info(request, _("Open an item first: a version is a version of an item."))
            return redirect("items:list")
        if not self.base.is_source:
            source = ContentItem.objects.sources().get(key=self.base.key)
            return redirect(f"{reverse(self.add_url_name)}?item={source.pk}")
        refuse_facts(request.user)
        refuse_language(request.user, self.base.locale)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def base(self) -> ContentItem | None:
        pk = self.request.GET.get("item", "")
        return ContentItem.objects.filter(pk=pk).first() if pk.isdecimal() else None

    def get_add_url(self) -> str:
        return f"{reverse(self.add_url_name)}?item={self.base.pk}"

    def get_preview_url(self) -> str:
        return f"{reverse(self.preview_url_name)}?item={self.base.pk}"

    def get_initial_form_instance(self) -> Variant:
        return new_variant(self.base)

    def get_page_subtitle(self) -> str:
        return _("New version for … of %(item)s") % {"item": f"\u2068{self.base}\u2069"}


class VariantPreviewOnCreateView(snippets.PreviewOnCreateView):
    """Shows a version that was never saved."""

    def get_object(self) -> Variant:
        pk = self.request.GET.get("item", "")
        if not pk.isdecimal():
            raise Http404
        return new_variant(get_object_or_404(ContentItem, pk=pk))


class VariantEditView(ReadableInAllLanguages, RemembersBase, PublishGate, snippets.EditView):
    """One version in one language."""

    def get_page_subtitle(self) -> str:
        base = self.object.localization
        return f"{self.object.code} · \u2068{base}\u2069 ({base.locale})"


class VariantDeleteView(InGrantedLanguages, snippets.DeleteView):
    """Deletes a version in one language; one that other languages lean on is refused."""

    def form_valid(self, form: Any) -> HttpResponse:
        base = self.object.localization_id
        try:
            with transaction.atomic():
                super().form_valid(form)
        except ValidationError as error:
            messages.error(self.request, " ".join(error.messages))
            return redirect(self.edit_url_name, self.object.pk)
        return redirect("items:edit", base)


class VariantWorkflowActionView(InGrantedLanguages, snippets.WorkflowActionView):
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


class VariantUnpublishView(InGrantedLanguages, snippets.UnpublishView):
    """Takes a version off air, in the published store as well; Wagtail's own goes past it."""

    def unpublish(self) -> HttpResponse | None:
        response = self.run_hook("before_unpublish", self.request, self.object)
        if response is None:
            self.object.unpublish(user=self.request.user)
            response = self.run_hook("after_unpublish", self.request, self.object)
        return response


class VariantUnscheduleView(InGrantedLanguages, snippets.RevisionsUnscheduleView):
    """Calls off a launch, in the published store as well."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        unschedule(self.object, self.revision)
        return super().post(request, *args, **kwargs)  # for its log entry and its message


def localize(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Begin a version in one more language, inheriting everything, and go on to edit it."""
    base = get_object_or_404(ContentItem, pk=pk)
    if not request.user.has_perm("content.add_variant"):
        raise PermissionDenied
    refuse_language(request.user, base.locale)
    try:
        made = create_variant(base, code, user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("items:edit", pk)
    return redirect("variants:edit", made.pk)


def compare_with_base(request: HttpRequest, pk: int) -> HttpResponse:
    """Show, for each overridden field whose base has moved: the base then, the base now, and the version's own."""
    variant = _editable(request, pk)
    draft = variant.get_latest_revision_as_object()
    fields = [
        {
            "name": moved.name,
            "label": moved.label,
            "difference": difference(shown(moved.name, moved.then), shown(moved.name, moved.now)),
            "then": shown(moved.name, moved.then),
            "own": shown(moved.name, moved.own),
            "is_same": moved.is_same_as_now,
        }
        for moved in moved_fields(draft, variant.localization)
    ]
    context = {
        "variant": variant,
        "base": variant.localization,
        "fields": fields,
        "revision": variant.base_revision,
        "header_title": _("What changed below this version"),
        "header_icon": "copy",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("items:edit", args=[variant.localization_id]), "label": str(variant.localization)},
            {"url": reverse("variants:edit", args=[variant.pk]), "label": variant.code},
            {"url": "", "label": _("What changed below this version")},
        ],
    }
    return TemplateResponse(request, "content/variants/moved.html", context)


def rebase_on_base(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the base as it now is for what the version was written against."""
    variant = _editable(request, pk)
    count = rebase(variant)
    told = ngettext("%(count)d field is up to date again.", "%(count)d fields are up to date again.", count)
    messages.success(request, told % {"count": count})
    return redirect("variants:edit", pk)


def give_back_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the newest draft inherit one field again."""
    variant = _editable(request, pk)
    name = request.POST.get("field", "")
    if name in variant.get_latest_revision_as_object().overrides:
        give_back(variant, name, user=request.user)
        messages.success(request, _("The draft has this field from the base again. Publish it to let readers see it."))
    return redirect("variants:moved", pk)


def new_variant(base: ContentItem) -> Variant:
    """Return a version that is not saved yet."""
    return Variant(localization=base, live=False)


def _editable(request: HttpRequest, pk: int) -> Variant:
    if not request.user.has_perm("content.change_variant"):
        raise PermissionDenied
    variant = get_object_or_404(Variant.objects.select_related("localization__locale", "base_revision"), pk=pk)
    refuse_language(request.user, variant.locale)
    return variant


def refuse_unready(variant: Variant) -> None:
    """Raise NotPublishable, naming all that ``variant`` lacks, and what of it does not fit its channels."""
    messages = [message for _name, message in lacking(variant)] or list(broken_channels(variant))
    if messages:
        raise NotPublishable(messages)
