"""Facets and terms for tests."""

import factory
from factory.django import DjangoModelFactory

from taxonomy.models import Facet, FurtherParent, Term, TermLabel


class FacetFactory(DjangoModelFactory):
    class Meta:
        model = Facet
        django_get_or_create = ["code"]

    code = "journey"
    names = factory.LazyAttribute(lambda facet: {"en": facet.code.title()})


class TermFactory(DjangoModelFactory):
    """A term of the facet journey with an English label, unless told otherwise."""

    class Meta:
        model = Term
        exclude = ["key"]

    key = factory.Sequence(lambda number: f"step-{number}")
    facet = factory.LazyAttribute(lambda term: term.parent.facet if term.parent else FacetFactory())
    parent = None
    code = factory.LazyAttribute(lambda term: f"{term.facet.code}:{term.key}")
    position = factory.Sequence(lambda number: number)
    labels = factory.LazyAttribute(lambda term: {"en": term.key.replace("-", " ").capitalize()})
    further = ()

    @classmethod
    def _create(cls, model_class, *args, labels, further, **kwargs):
        term = model_class(**kwargs)
        term.labels = [TermLabel(language=language, text=text) for language, text in labels.items()]
        term.further_parents = [FurtherParent(parent=parent) for parent in further]
        term.save()
        return term
