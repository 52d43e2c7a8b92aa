"""Rows out of revisions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Self

from django.db.models import ForeignKey, Model
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations

# What a revision names of its row is not taken from it: see ``with_content_json``.
_OF_THE_ROW = frozenset("type locale localization latest_revision live_revision base_revision locked_by".split())


class RevivedAtOnce(ClusterableModel):
    """A row whose revisions may name what is gone; one statement looks up all names of a kind.

    modelcluster asks for each name by itself, and gives up where what may not be deleted is gone all the same.
    """

    class Meta:
        abstract = True

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> Self:
        """Return the row that ``data`` describes; parts that name what is gone are left out, fields are empty."""
        if check_fks:
            data = _without_what_is_gone(cls, data)
        return super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)


def _without_what_is_gone(model: type[Model], data: Mapping[str, Any]) -> dict[str, Any]:
    parts = {relation.get_accessor_name(): relation.related_model for relation in get_all_child_relations(model)}
    parts = {name: part for name, part in parts.items() if data.get(name)}
    named: dict[type[Model], set[Any]] = defaultdict(set)
    for field, pk in _names(model, data):
        named[field.related_model].add(pk)
    for name, part in parts.items():
        for entry in data[name]:
            for field, pk in _names(part, entry):
                named[field.related_model].add(pk)
    there = {of: set(of._default_manager.filter(pk__in=pks).values_list("pk", flat=True)) for of, pks in named.items()}

    def gone(of: type[Model], values: Mapping[str, Any]) -> list[str]:
        return [field.name for field, pk in _names(of, values) if pk not in there[field.related_model]]

    kept = {name: [entry for entry in data[name] if not gone(part, entry)] for name, part in parts.items()}
    return {**data, **kept, **dict.fromkeys(gone(model, data))}


def _names(model: type[Model], values: Mapping[str, Any]) -> Iterator[tuple[ForeignKey, Any]]:
    """Yield the foreign keys of a row, its parent's apart, with the keys that ``values`` gives them."""
    for field in model._meta.fields:
        if isinstance(field, ForeignKey) and not isinstance(field, ParentalKey) and field.name not in _OF_THE_ROW:
            pk = values.get(field.name)
            if pk is not None:
                yield field, field.target_field.to_python(pk)
