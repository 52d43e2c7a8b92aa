"""Settings > Locales: Wagtail's screens, with the chain, the time zone and what leans on a locale."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, NumberColumn, Table, TitleColumn
from wagtail.locales import views
from wagtail.log_actions import log
from wagtail.models import Locale

from locales.catalogue import LocaleEntry, locale_catalogue
from locales.changes import chains_through, delete_locale
from locales.cldr import content_languages, locale_name
from locales.dependants import get_dependants
from locales.forms import LocaleForm


@dataclass(frozen=True, slots=True)
class LocaleRow:
    """One line of the listing."""

    pk: int
    entry: LocaleEntry
    own_name: str
    name: str
    items: int
    is_supported: bool

    @property
    def chain(self) -> str:
        return " → ".join(self.entry.chain)


class NameColumn(TitleColumn):
    """The name in the language itself, then in the editor's."""

    cell_template_name = "locales/admin/name_cell.html"


class IndexView(views.IndexView):
    """All locales, the default first."""

    columns = [
        NameColumn("own_name", label=gettext_lazy("Language"), url_name="wagtaillocales:edit"),
        Column("entry.code", label=gettext_lazy("Code")),
        Column("entry.direction", label=gettext_lazy("Direction")),
        Column("chain", label=gettext_lazy("Chain")),
        Column("entry.time_zone", label=gettext_lazy("Time zone")),
        NumberColumn("items", label=gettext_lazy("Items")),
    ]

    def get_table(self, object_list: list[Locale]) -> Table:
        return super().get_table(locale_rows([locale.pk for locale in object_list]))


def locale_rows(ids: list[int]) -> list[LocaleRow]:
    """Return the lines of the listing for these locales, the default first, then by code."""
    catalogue = locale_catalogue()
    counts = get_dependants().counts(list(catalogue.by_code))
    supported = dict(content_languages())
    return [
        LocaleRow(
            pk=entry.id,
            entry=entry,
            own_name=locale_name(entry.code, entry.code),
            name=locale_name(entry.code, get_language() or "en"),
            items=counts.get(entry.code, 0),
            is_supported=entry.code in supported,
        )
        for entry in catalogue.by_code.values()
        if entry.id in ids
    ]


class DeleteView(views.DeleteView):
    """Asks first, naming the locales that will get another chain."""

    template_name = "locales/admin/confirm_delete.html"

    def can_delete(self, locale: Locale) -> bool:
        if locale_catalogue().by_id[locale.pk].is_default:
            self.cannot_delete_message = _("The default locale cannot be deleted: it is where chains end.")
            return False
        return super().can_delete(locale)

    def get_context_data(self, object: Locale | None = None) -> dict[str, Any]:
        change = chains_through(self.object)
        impact = get_dependants().impact(change)
        return super().get_context_data(object=self.object) | {
            "rechained": sorted(change.codes - {self.object.language_code}),
            "impact": [(count, word) for word, count in impact.items() if count],
        }

    def delete_action(self) -> None:
        with transaction.atomic():
            log(instance=self.object, action="wagtail.delete", user=self.request.user, deleted=True)
            delete_locale(self.object)


class LocaleViewSet(views.LocaleViewSet):
    """The screens of Wagtail's locales at their usual address."""

    name = "wagtaillocales"
    url_prefix = "locales"
    list_per_page = 100
    template_prefix = ""

    index_view_class = IndexView
    delete_view_class = DeleteView

    def get_form_class(self, for_update: bool = False) -> type[LocaleForm]:
        return LocaleForm
