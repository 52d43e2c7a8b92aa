"""Item types in GraphQL. A source of ``ItemType`` is an ``ItemTypeNode``."""

from collections.abc import Mapping
from dataclasses import dataclass

import graphene

from contenthub.content.facts import in_order
from contenthub.content.models import ItemType as StoredItemType
from locales.schema import LocaleCode, requested_chain
from taxonomy.schema import Facet, FacetNode, Term, TermNode
from taxonomy.snapshot import resolution


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A field that items of a type have of their own."""

    name: str
    labels: Mapping[str, str]
    kind: str
    required: bool
    localized: bool


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """What items of a type must be tagged with; facet and term by row id."""

    facet_id: int
    minimum: int
    maximum: int | None
    leaf_only: bool
    below_id: int | None


@dataclass(frozen=True, slots=True)
class ItemTypeEntry:
    """A kind of item as it stands now."""

    code: str
    labels: Mapping[str, str]
    fallback_allowed: bool
    fields: tuple[FieldEntry, ...]
    rules: tuple[RuleEntry, ...]


@dataclass(frozen=True, slots=True)
class ItemTypeNode:
    """An item type by code, with the chain that labels follow; the rest is looked up when it is asked for."""

    code: str
    chain: tuple[str, ...]

    def entry(self, info: graphene.ResolveInfo) -> ItemTypeEntry:
        """Return the type as it stands now; a type that is gone keeps its code."""
        return info.context.item_types.get(self.code) or ItemTypeEntry(self.code, {}, True, (), ())


@dataclass(frozen=True, slots=True)
class FieldNode:
    """A field definition, with the chain that its label follows."""

    entry: FieldEntry
    chain: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleNode:
    """A classification rule, with the chain that labels in it follow."""

    entry: RuleEntry
    chain: tuple[str, ...]


def read_item_types() -> dict[str, ItemTypeEntry]:
    """Return all item types by code: three statements."""
    stored = StoredItemType.objects.order_by("code").prefetch_related("field_definitions", "rules")
    return {kind.code: _entry(kind) for kind in stored}


class FieldDefinition(graphene.ObjectType):
    """A field that items of one type have of their own."""

    name = graphene.String(required=True, description="As Item.field(name:) is asked for it, for example price.")
    label = graphene.String(
        required=True,
        locale=LocaleCode(description="Language to answer in. Default: the context's locale."),
        description="The field's name for people.",
    )
    kind = graphene.String(
        required=True,
        description="What it holds: text, number, boolean, date, money, link, image, item or term.",
    )
    required = graphene.Boolean(required=True, description="Whether an item cannot be published without it.")
    localized = graphene.Boolean(
        required=True, description="Whether every language has its own; otherwise it is the same in all."
    )

    @staticmethod
    def resolve_name(root: FieldNode, info: graphene.ResolveInfo) -> str:
        return root.entry.name

    @staticmethod
    def resolve_label(root: FieldNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return _label(root.entry.labels, requested_chain(info, locale, root.chain), root.entry.name)

    @staticmethod
    def resolve_kind(root: FieldNode, info: graphene.ResolveInfo) -> str:
        return root.entry.kind

    @staticmethod
    def resolve_required(root: FieldNode, info: graphene.ResolveInfo) -> bool:
        return root.entry.required

    @staticmethod
    def resolve_localized(root: FieldNode, info: graphene.ResolveInfo) -> bool:
        return root.entry.localized


class ClassificationRule(graphene.ObjectType):
    """How items of one type must be tagged in one facet before they can be published."""

    facet = graphene.Field(Facet, required=True, description="The facet that the rule is about.")
    minimum = graphene.Int(required=True, description="The fewest terms of the facet.")
    maximum = graphene.Int(description="The most terms of the facet; null: any number.")
    leaf_only = graphene.Boolean(required=True, description="Whether only terms with nothing below them count.")
    below = graphene.Field(
        Term,
        description="Only terms of this branch count; null: all of the facet. What replaced it, if it was merged.",
    )

    @staticmethod
    def resolve_facet(root: RuleNode, info: graphene.ResolveInfo) -> FacetNode:
        facets = info.context.taxonomy.facets.values()
        return FacetNode(next(facet for facet in facets if facet.id == root.entry.facet_id), root.chain)

    @staticmethod
    def resolve_minimum(root: RuleNode, info: graphene.ResolveInfo) -> int:
        return root.entry.minimum

    @staticmethod
    def resolve_maximum(root: RuleNode, info: graphene.ResolveInfo) -> int | None:
        return root.entry.maximum

    @staticmethod
    def resolve_leaf_only(root: RuleNode, info: graphene.ResolveInfo) -> bool:
        return root.entry.leaf_only

    @staticmethod
    def resolve_below(root: RuleNode, info: graphene.ResolveInfo) -> TermNode | None:
        if root.entry.below_id is None:
            return None
        return TermNode(resolution(info.context.taxonomy.by_id(root.entry.below_id)).term, root.chain)


class ItemType(graphene.ObjectType):
    """A kind of item, such as article or offer, with its own fields and rules."""

    code = graphene.String(required=True, description="Stable public identifier, for example offer.")
    label = graphene.String(
        required=True,
        locale=LocaleCode(description="Language to answer in. Default: the context's locale."),
        description="The type's name for people; it follows the locale's fallback chain.",
    )
    fields = graphene.List(
        graphene.NonNull(FieldDefinition),
        required=True,
        description="The fields that items of this type have of their own, in the editor's order.",
    )
    rules = graphene.List(
        graphene.NonNull(ClassificationRule),
        required=True,
        description="How items of this type must be tagged, in the editor's order.",
    )
    fallback_allowed = graphene.Boolean(
        required=True, description="Whether an item may be served in another language than the one asked for."
    )

    @staticmethod
    def resolve_label(root: ItemTypeNode, info: graphene.ResolveInfo, locale: str | None = None) -> str:
        return _label(root.entry(info).labels, requested_chain(info, locale, root.chain), root.code)

    @staticmethod
    def resolve_fields(root: ItemTypeNode, info: graphene.ResolveInfo) -> list[FieldNode]:
        return [FieldNode(entry, root.chain) for entry in root.entry(info).fields]

    @staticmethod
    def resolve_rules(root: ItemTypeNode, info: graphene.ResolveInfo) -> list[RuleNode]:
        rules = root.entry(info).rules
        if info.context.scope.facets:
            seen = {facet.id for facet in info.context.taxonomy.facets.values()}
            rules = [rule for rule in rules if rule.facet_id in seen]
        return [RuleNode(entry, root.chain) for entry in rules]

    @staticmethod
    def resolve_fallback_allowed(root: ItemTypeNode, info: graphene.ResolveInfo) -> bool:
        return root.entry(info).fallback_allowed


class ItemTypeQueries(graphene.ObjectType):
    """The root fields about item types."""

    item_types = graphene.List(graphene.NonNull(ItemType), required=True, description="Every item type, by code.")
    item_type = graphene.Field(
        ItemType,
        code=graphene.String(required=True, description="Code, for example offer."),
        description="One item type; null if there is none with this code.",
    )

    @staticmethod
    def resolve_item_types(root: None, info: graphene.ResolveInfo) -> list[ItemTypeNode]:
        chain = info.context.locales.default.chain
        return [ItemTypeNode(code, chain) for code in info.context.item_types]

    @staticmethod
    def resolve_item_type(root: None, info: graphene.ResolveInfo, code: str) -> ItemTypeNode | None:
        if code not in info.context.item_types:
            return None
        return ItemTypeNode(code, info.context.locales.default.chain)


def _entry(kind: StoredItemType) -> ItemTypeEntry:
    return ItemTypeEntry(
        code=kind.code,
        labels=kind.labels,
        fallback_allowed=kind.fallback_allowed,
        fields=tuple(
            FieldEntry(field.name, field.labels, field.kind, field.required, field.localized)
            for field in in_order(kind.field_definitions.all())
        ),
        rules=tuple(
            RuleEntry(rule.facet_id, rule.minimum, rule.maximum, rule.leaf_only, rule.below_id)
            for rule in in_order(kind.rules.all())
        ),
    )


def _label(labels: Mapping[str, str], chain: tuple[str, ...], code: str) -> str:
    """Return the first label along the chain, else the English one, else any, else the code."""
    found = (labels[tag] for tag in (*chain, "en") if labels.get(tag))
    return next(found, None) or next(iter(labels.values()), None) or code
