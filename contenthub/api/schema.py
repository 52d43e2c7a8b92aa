"""The API: one root that joins the queries of all rooms."""

import graphene

from channels.schema import ChannelQueries
from locales.schema import LocaleQueries
from taxonomy.schema import TaxonomyQueries

from .blocks import BLOCK_TYPES
from .decisions import DecisionQueries
from .enums import ErrorCode
from .experiments import ExperimentQueries
from .item_types import ItemTypeQueries
from .queries import ItemQueries
from .values import VALUE_TYPES
from .variants import VariantQueries


class Query(
    ItemTypeQueries,
    LocaleQueries,
    ChannelQueries,
    TaxonomyQueries,
    ExperimentQueries,
    DecisionQueries,
    ItemQueries,
    VariantQueries,
):
    """Everything that can be read."""


schema = graphene.Schema(query=Query, types=[*BLOCK_TYPES.values(), *VALUE_TYPES.values(), ErrorCode])
