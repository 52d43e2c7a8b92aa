"""The listing of items: one row an item, whatever language it began in."""

from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn, UpdatedAtColumn
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale, Revision
from wagtail.snippets.views import snippets

from taxonomy.snapshot import taxonomy_snapshot
from taxonomy.widgets import TermChooser

from .codes import LocalizationState
from .localizations import statuses_of
from .models import ContentItem, ItemType

STATES = [
    (state.value, state.label)
    for state in (
        LocalizationState.LIVE,
        LocalizationState.LIVE_AND_DRAFT,
        LocalizationState.DRAFT,
        LocalizationState.SCHEDULED,
        LocalizationState.EXPIRED,
    )
]


class ItemFilters(WagtailFilterSet):
    """What a listing of items can be narrowed to."""

    type = ModelChoiceFilter(queryset=ItemType.objects.all(), label=_("Type"), empty_label=_("Any type"))
    state = ChoiceFilter(choices=STATES, label=_("State in any language"), method="filter_state")
    missing = ModelChoiceFilter(
        queryset=Locale.objects.all(), label=_("Missing in"), method="filter_missing", empty_label=_("Any language")
    )
    stale = ModelChoiceFilter(
        queryset=Locale.objects.all(),
        label=_("Older than the original in"),
        method="filter_stale",
        empty_label=_("Any language"),
    )
    term = CharFilter(label=_("Tagged with"), method="filter_term", widget=TermChooser(facet=None))

    class Meta:
        model = ContentItem
        fields: list[str] = []

    def filter_state(self, items: QuerySet, name: str, value: str) -> QuerySet:
        return items.filter(key__in=_in_state(value).values("key"))

    def filter_missing(self, items: QuerySet, name: str, locale: Locale) -> QuerySet:
        wanted = ContentItem.wanted_locales.through.objects.filter(contentitem=OuterRef("pk"))
        is_wanted = ~Exists(wanted) | Exists(wanted.filter(locale=locale))
        return items.filter(is_wanted).exclude(key__in=ContentItem.objects.filter(locale=locale).values("key"))

    def filter_stale(self, items: QuerySet, name: str, locale: Locale) -> QuerySet:
        return items.filter(key__in=ContentItem.objects.stale().filter(locale=locale).values("key"))

    def filter_term(self, items: QuerySet, name: str, value: str) -> QuerySet:
        term = taxonomy_snapshot().find_id(int(value)) if value.isdecimal() and len(value) < 20 else None
        if term is None:
            return items.none()
        tagged = ContentItem.objects.filter(classification__term__in=term.self_and_descendants_ids)
        return items.filter(pk__in=tagged.values("pk"))


class ItemColumn(TitleColumn):
    """The title, with the language that it is in, and the key beneath."""

    cell_template_name = "content/item_cell.html"


class LocalizationsColumn(Column):
    """One chip a locale, showing how the item stands in it."""

    cell_template_name = "content/localizations_cell.html"

    def get_value(self, item: ContentItem) -> Any:
        return item.statuses


class ItemIndexView(snippets.IndexView):
    """All items, those changed last first."""

    default_ordering = "-_updated_at"

    @cached_property
    def locale(self) -> None:
        return None

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "__str__",
            Column("type", label=_("Type"), sort_key="type__code"),
            LocalizationsColumn("localizations", label=_("Languages")),
            UpdatedAtColumn(label=_("Changed")),
        ]

    def _get_title_column(self, field_name: str, column_class: type = ItemColumn, **kwargs: Any) -> Column:
        return super()._get_title_column(field_name, column_class, accessor=str, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        return super().get_base_queryset().select_related("type", "locale").defer("body", "extra", "source_values")

    def _annotate_queryset_updated_at(self, queryset: QuerySet) -> QuerySet:
        """Count a change in any language as a change of the item."""
        languages = ContentItem.objects.filter(key=OuterRef("key")).order_by().values("key")
        changed = languages.annotate(at=Max("latest_revision__created_at")).values("at")
        return queryset.annotate(_updated_at=Subquery(changed))

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not (self.is_searching and self.search_query):
            return queryset
        found = ContentItem.objects.matching(self.search_query).values("key")
        return queryset.filter(key__in=found)

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        back = Button(
            _("Import translations"), url=reverse("content_import_translations"), icon_name="globe", priority=30
        )
        return [*super().header_more_buttons, back]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        statuses = statuses_of([item.key for item in context["object_list"]])
        for item in context["object_list"]:
            item.statuses = statuses[item.key]
        return context


def _in_state(state: str) -> QuerySet:
    """Return the localizations that the clock and Wagtail's rows say are in a state."""
    rows, now = ContentItem.objects.all(), timezone.now()
    launched = Revision.objects.filter(
        content_type__app_label="content",
        content_type__model="contentitem",
        approved_go_live_at__isnull=False,
    )
    has_ended = Q(expire_at__lte=now)
    match state:
        case LocalizationState.SCHEDULED:
            pks = [int(pk) for pk in launched.filter(approved_go_live_at__gt=now).values_list("object_id", flat=True)]
            return rows.filter(pk__in=pks)
        case LocalizationState.EXPIRED:
            return rows.filter(has_ended | Q(expired=True, live=False))
        case LocalizationState.LIVE:
            return rows.filter(live=True).exclude(has_ended)
        case LocalizationState.LIVE_AND_DRAFT:
            return rows.filter(live=True, has_unpublished_changes=True).exclude(has_ended)
        case _:
            pks = [int(pk) for pk in launched.values_list("object_id", flat=True)]
            return rows.filter(live=False, expired=False).exclude(pk__in=pks)
