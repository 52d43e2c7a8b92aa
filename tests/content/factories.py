"""Item types and items for tests. What editors then do to items is in ``editing.py``."""

import factory
from factory.django import DjangoModelFactory

from contenthub.content.models import (
    ContentItem,
    Experiment,
    ExperimentArm,
    FieldDefinition,
    ItemChannel,
    ItemReference,
    ItemTerm,
    ItemType,
    NamedText,
    Variant,
    VariantChannel,
    VariantTerm,
)
from contenthub.content.variants.making import remember_base
from locales.changes import ensure_locale


class ItemTypeFactory(DjangoModelFactory):
    """The type article, unless told otherwise; a new type has no fields and no rules."""

    class Meta:
        model = ItemType
        django_get_or_create = ["code"]

    code = "article"
    labels = factory.LazyAttribute(lambda kind: {"en": kind.code.title()})


class FieldDefinitionFactory(DjangoModelFactory):
    """A localized text field of the type article, unless told otherwise."""

    class Meta:
        model = FieldDefinition

    item_type = factory.SubFactory(ItemTypeFactory)
    name = factory.Sequence(lambda number: f"field_{number}")
    labels = factory.LazyAttribute(lambda definition: {"en": definition.name.title()})
    kind = "text"


class ItemFactory(DjangoModelFactory):
    """An English original, saved as a draft with one revision; with ``published=True`` on air at once.

    ``locale`` is a tag, ``terms`` and ``channels`` are rows, ``references`` pairs of role and key, ``texts``
    and ``fields`` are by name.
    """

    class Meta:
        model = ContentItem

    key = factory.Sequence(lambda number: f"item-{number}")
    type = factory.SubFactory(ItemTypeFactory)
    locale = "en"
    headline = factory.LazyAttribute(lambda item: f"Headline of {item.key}")
    slug = factory.LazyAttribute(lambda item: item.key)
    live = False

    @classmethod
    def _create(
        cls,
        model_class,
        *args,
        locale,
        terms=(),
        channels=(),
        references=(),
        texts=None,
        fields=None,
        published=False,
        user=None,
        **columns,
    ):
        item = model_class(locale=ensure_locale(locale), **{"own_fields": fields or {}, **columns})
        item.classification = [ItemTerm(term=term, sort_order=place) for place, term in enumerate(terms)]
        item.channels = [ItemChannel(channel=channel, sort_order=place) for place, channel in enumerate(channels)]
        item.references = [ItemReference(role=role, target_key=key) for role, key in references]
        item.texts = [NamedText(name=name, text=text) for name, text in (texts or {}).items()]
        item.save()
        revision = item.save_revision(user=user, log_action="wagtail.create", clean=False)
        if published:
            revision.publish(user=user)
        return model_class.objects.get(pk=item.pk)


class ExperimentFactory(DjangoModelFactory):
    """A draft of a test on all of the layer main, with a control and an arm called warm."""

    class Meta:
        model = Experiment
        skip_postgeneration_save = True

    title = factory.LazyAttribute(lambda test: test.code.replace("-", " ").title())
    code = factory.Sequence(lambda number: f"test-{number}")

    @factory.post_generation
    def arms(self, create, weights, **kwargs):
        for code, weight in (weights or {"control": 50, "warm": 50}).items():
            ExperimentArm.objects.create(experiment=self, code=code, weight=weight, is_control=code == "control")


class VariantFactory(DjangoModelFactory):
    """A variant of an English original, saved as a draft with one revision; with ``published=True`` on air at once.

    ``terms`` (segments and markets) and ``channels`` are rows; ``overrides`` are values by the names of fields.
    """

    class Meta:
        model = Variant

    localization = factory.SubFactory(ItemFactory, published=True)
    code = factory.Sequence(lambda number: f"version-{number}")
    live = False

    @classmethod
    def _create(cls, model_class, *args, terms=(), channels=(), overrides=None, published=False, user=None, **columns):
        variant = model_class(**columns)
        variant.audience = [VariantTerm(term=term, sort_order=place) for place, term in enumerate(terms)]
        variant.channels = [VariantChannel(channel=one, sort_order=place) for place, one in enumerate(channels)]
        override(variant, **(overrides or {}))
        variant.save()
        remember_base(variant)
        revision = variant.save_revision(user=user, log_action="wagtail.create", clean=False)
        if published:
            revision.publish(user=user)
        return model_class.objects.get(pk=variant.pk)


def override(variant, **values):
    """Set fields of a variant by their names, those with a point as texts__NAME or fields__NAME."""
    for given, value in values.items():
        name = given.replace("__", ".")
        kind, _, own = name.partition(".")
        if name not in variant.overrides:
            variant.overrides = [*variant.overrides, name]
        if kind == "texts":
            variant.own_texts = {**variant.own_texts, own: value}
        elif kind == "fields":
            variant.own_fields = {**variant.own_fields, own: value}
        elif name == "callToAction":
            variant.cta_label, variant.cta_link = value
        else:
            setattr(variant, name, value)
