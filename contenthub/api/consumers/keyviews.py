"""The screens that make a key, show it once, and revoke it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from contenthub.delivery.consumers.issuing import issue_key, revoke_key
from contenthub.delivery.consumers.models import Consumer, ConsumerKey
from contenthub.delivery.refusals import BadArgument

from .forms import KeyForm


class _KeyView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """One step in the life of a key, for those who may change connections: asked first, then done and logged."""

    permission_policy = ModelPermissionPolicy(Consumer)
    permission_required = "change"
    header_icon = "key"

    @cached_property
    def consumer(self) -> Consumer:
        return get_object_or_404(Consumer, pk=self.kwargs["pk"])

    @property
    def edit_url(self) -> str:
        return reverse("connections:edit", args=[self.consumer.pk])

    def get_page_subtitle(self) -> str:
        return self.consumer.name

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("connections:index"), "label": _("Connections")},
            {"url": self.edit_url, "label": self.consumer.name},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consumer=self.consumer, edit_url=self.edit_url, **kwargs)


class MakeKeyView(_KeyView):
    """Make a key and show it, this once."""

    template_name = "api/connections/make_key.html"
    page_title = gettext_lazy("Make a key")
    form_class = KeyForm

    def form_valid(self, form: KeyForm) -> HttpResponse:
        day = form.cleaned_data["expires_on"]
        end = datetime.combine(day + timedelta(days=1), time.min, UTC) if day else None
        try:
            with transaction.atomic():
                key = issue_key(self.consumer, expires_at=end)
                log(instance=self.consumer, action="connections.make_key", data={"key": key.prefix})
        except BadArgument as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        response = self.render_to_response(self.get_context_data(form=form, key=key.whole))
        add_never_cache_headers(response)
        return response


class RevokeKeyView(_KeyView):
    """Revoke a key, after asking."""

    template_name = "api/connections/revoke_key.html"
    page_title = gettext_lazy("Revoke a key")
    form_class = forms.Form

    @cached_property
    def key(self) -> ConsumerKey:
        return get_object_or_404(self.consumer.keys, pk=self.kwargs["key"])

    def form_valid(self, form: forms.Form) -> HttpResponse:
        with transaction.atomic():
            revoke_key(self.key)
            log(instance=self.consumer, action="connections.revoke_key", data={"key": self.key.prefix})
        messages.success(
            self.request, _("%(key)s opens nothing any more, within seconds everywhere.") % {"key": self.key}
        )
        return redirect(self.edit_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(key=self.key, **kwargs)
