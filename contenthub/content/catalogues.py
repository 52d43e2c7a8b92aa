"""The small catalogues that every answer is made of, beside the items: facets, channels, locales, types, tests."""

from functools import cache

from django.db import connection
from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast
from wagtail.models import Locale

from channels.models import Channel, ChannelField, Limit, PersonalToken
from contenthub.delivery import editions
from contenthub.delivery.models import PublishedExperiment
from locales.models import LocaleProfile
from taxonomy.models import Facet

from .models import ClassificationRule, FieldDefinition, ItemType

Rows = list[tuple[str, ...]]

_CATALOGUES: tuple[tuple[type, tuple[str, ...]], ...] = (
    (Facet, ("code", "version", "position")),
    (Locale, ("language_code",)),
    (LocaleProfile, ("locale_id", "next_id", "time_zone", "inherits")),
    (
        Channel,
        tuple("code parent_id position kind labels is_retired allowed_hosts deep_link utm_source utm_medium".split()),
    ),
    (ChannelField, tuple("channel_id name source shape need ratio minimum_width sort_order".split())),
    (PersonalToken, ("code", "default", "sample", "max_length", "names")),
    (Limit, ("channel_id", "field", "measure", "maximum", "placement", "severity")),
    (ItemType, ("code", "labels", "fallback_allowed")),
    (FieldDefinition, ("item_type_id", "name", "labels", "kind", "required", "localized", "sort_order")),
    (ClassificationRule, ("item_type_id", "facet_id", "minimum", "maximum", "leaf_only", "below_id", "sort_order")),
    (PublishedExperiment, ("code", "starts_at", "ends_at", "definition")),
)
_WIDEST = max(len(columns) for _, columns in _CATALOGUES)


def catalogues() -> Rows:
    """Return every row of the small catalogues as texts: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(*_statement(connection.vendor))
        return sorted(cursor.fetchall(), key=str)


def purge_if_changed(before: Rows | None) -> Rows:
    """Tell the cache in front of the hub that every answer is stale, unless the catalogues are as they were before."""
    now = catalogues()
    if now != before:
        editions.purge([editions.HUB])
    return now


@cache
def _statement(vendor: str) -> tuple[str, tuple]:
    """Return the statement for all rows and its parameters; they never change, and take longer to make than to run."""
    first, *others = (_as_texts(model, columns) for model, columns in _CATALOGUES)
    return first.union(*others, all=True).query.sql_with_params()


def _as_texts(model: type, columns: tuple[str, ...]) -> QuerySet:
    texts = [Cast(F(column), TextField()) for column in ("pk", *columns)]
    padding = [Value("", output_field=TextField())] * (_WIDEST - len(columns))
    name = Value(model.__name__, output_field=CharField())
    return model.objects.order_by().values_list(name, *texts, *padding)
