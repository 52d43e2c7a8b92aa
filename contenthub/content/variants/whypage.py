"""The page on which an editor picks a context and sees what readers in it get of an item, and why."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.models import Locale

from channels.registry import channel_registry
from contenthub.delivery.context import ContextRequest
from contenthub.delivery.experiments import running_experiments
from contenthub.delivery.refusals import BadArgument
from locales.catalogue import locale_catalogue
from locales.widgets import editor_chain
from taxonomy.forms import TermField, TermsField

from ..models import ContentItem
from .explaining import Explanation, explain
from .overriding import field_label


class ContextForm(forms.Form):
    """What the caller knows, as the API has it."""

    locale = forms.ChoiceField(label=_("Language"))
    segments = TermsField(facet="segment", is_ordered=False, label=_("Segments"), required=False)
    market = TermField(facet="market", label=_("Market"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    arm = forms.ChoiceField(label=_("Arm of a test"), required=False)
    at = forms.DateTimeField(label=_("At"), required=False, widget=AdminDateTimeInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chain = editor_chain(locale_catalogue())
        self.fields["locale"].choices = [(one.language_code, str(one)) for one in Locale.objects.all()]
        channels = [(one.code, "\u2003" * (one.depth - 1) + one.label(chain)) for one in channel_registry().current]
        self.fields["channel"].choices = [("", _("not said")), *channels]
        arms = [
            (f"{experiment.code} {arm.code}", f"{experiment.code}: {arm.code}")
            for experiment in running_experiments(timezone.now())
            for arm in experiment.arms
        ]
        self.fields["arm"].choices = [("", _("none")), *arms]
        self.fields["at"].help_text = _("Now, or an instant past or to come, in your time zone (%(zone)s).") % {
            "zone": timezone.get_current_timezone_name()
        }

    def request(self) -> ContextRequest:
        """Return the context that was picked."""
        cleaned = self.cleaned_data
        segments = tuple(term.code for term in cleaned["segments"] or ())
        return ContextRequest(
            locale=cleaned["locale"],
            segments=segments or None,
            market=cleaned["market"].code if cleaned["market"] else None,
            channel=cleaned["channel"] or None,
            assignments=(tuple(cleaned["arm"].split(" ", 1)),) if cleaned["arm"] else (),
            at=cleaned["at"],
        )


def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a context gets of an item, the runners-up with the reason, and where each field came from."""
    if not request.user.has_perm("content.change_contentitem"):
        raise PermissionDenied
    item = get_object_or_404(ContentItem.objects.select_related("type", "locale"), pk=pk)
    # Whoever comes by a link has picked nothing yet: the language at hand, and nothing said of the rest.
    form = ContextForm({"locale": item.locale.language_code, **request.GET.dict()})
    explanation = _explained(form, item)
    context = {
        "item": item,
        "form": form,
        "explanation": explanation,
        "fields": [
            {"label": field_label(each.name, item), "value": each.value, "variant": each.variant}
            for each in (explanation.fields if explanation else ())
        ],
        "contenders": [
            {"it": each, "gives": [field_label(name, item) for name in each.gives]}
            for each in (explanation.contenders if explanation else ())
        ],
        "media": form.media,
        "header_title": _("Why this?"),
        "header_icon": "help",
        "page_subtitle": item,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("items:list"), "label": _("Items")},
            {"url": reverse("items:edit", args=[item.pk]), "label": str(item)},
            {"url": "", "label": _("Why this?")},
        ],
    }
    return TemplateResponse(request, "content/variants/why.html", context)


def _explained(form: ContextForm, item: ContentItem) -> Explanation | None:
    if not form.is_valid():
        return None
    try:
        return explain(item.key, form.request(), now=timezone.now())
    except BadArgument as error:
        form.add_error("at", str(error))
        return None
