"""The names that Django makes of fields and models by itself, in the editor's language.

A field that is called ``allowed_hosts`` is labelled "allowed hosts", in English only. Those that editors see are
named here once, and translated with everything else.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

ROOMS = ("channels", "content", "delivery", "locales", "taxonomy")
NAMES = frozenset(
    {
        _("allowed hosts"),
        _("allowed origins"),
        _("attributes"),
        _("below"),
        _("body"),
        _("cache seconds"),
        _("change plan"),
        _("channel"),
        _("channels"),
        _("choices"),
        _("code"),
        _("deep link"),
        _("default"),
        _("facet"),
        _("fallback allowed"),
        _("facets"),
        _("field"),
        _("headline"),
        _("holdout"),
        _("hypothesis"),
        _("identifier"),
        _("image"),
        _("internal title"),
        _("item type"),
        _("key"),
        _("key in address"),
        _("kind"),
        _("label"),
        _("labels"),
        _("language"),
        _("layer"),
        _("leaf only"),
        _("locales"),
        _("localized"),
        _("maximum"),
        _("measure"),
        _("minimum"),
        _("minimum width"),
        _("name"),
        _("need"),
        _("operations"),
        _("parent"),
        _("persisted only"),
        _("personal token"),
        _("placement"),
        _("position"),
        _("priority"),
        _("ramp"),
        _("ratio"),
        _("related"),
        _("requests per minute"),
        _("rights"),
        _("role"),
        _("sample"),
        _("severity"),
        _("shape"),
        _("share"),
        _("slug"),
        _("source"),
        _("summary"),
        _("system"),
        _("term"),
        _("text"),
        _("time zone"),
        _("title"),
        _("wanted locales"),
        _("weight"),
        _("winner"),
    }
)


def translate_names() -> None:
    """Let the automatic names of the hub's fields and models follow the language; migrations do not see it."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            model._meta.verbose_name = _translated(model._meta.verbose_name)
            for field in model._meta.local_fields + model._meta.local_many_to_many:
                field.verbose_name = _translated(field.verbose_name)


def _translated(name: str) -> str:
    return gettext_lazy(name) if isinstance(name, str) and name in NAMES else name
