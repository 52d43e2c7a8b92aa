"""What keeps a localization of a file out of the hub; each reason is told in a few words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from channels.personaltokens import refusal, texts_in
from contenthub.delivery.documents import Json
from locales.catalogue import LocaleCatalogue

from ..models import ContentItem
from ..regions import language_codes
from ..rules import terms_by_facet, violations
from .held import Held
from .lines import Facts, Known, Localization


@dataclass(frozen=True)
class Source:
    """What the other localizations of an item are judged by."""

    locale: str
    facts: Facts
    published_from: datetime


class Judge:
    """Judges localizations by what the hub holds, and by those that come with them.

    ``slugs`` says by locale and slug whose it is; it grows while a batch is read.
    """

    def __init__(
        self,
        items: Mapping[str, list[Localization]],
        known: Known,
        held: Held,
        slugs: Mapping[tuple[str, str], str],
        catalogue: LocaleCatalogue,
        *,
        overwrite: bool,
    ) -> None:
        self.items = items
        self.known = known
        self.held = held
        self.slugs = slugs
        self.catalogue = catalogue
        self.overwrite = overwrite

    def why_not(self, one: Localization) -> str:
        """Return what keeps a localization out whatever else holds; empty: nothing."""
        kind = next((held.type.code for held in self.held.rows[one.key].values()), one.kind)
        if kind != one.kind:
            return f"kind: {one.key} is stored as {kind}"
        slug = one.columns["slug"]
        owner = self.slugs.get((one.locale, slug), one.key) if slug else one.key
        return f"slug: {slug} belongs to {owner} in {one.locale}" if owner != one.key else ""

    def why_not_now(self, one: Localization, row: ContentItem | None, *, is_source: bool) -> str:
        """Return what keeps a change of ``row`` out: what editors did there, and what the type asks for on air."""
        if row and not self.overwrite:
            if row.locked:
                return "is locked in the hub"
            if self.held.has_editors_draft(row):
                return "an editor has a newer draft of it; publish or discard that, or overwrite it"
            if one.state == "live" and self.held.was_taken_off_air(row):
                return "was taken off air in the hub; publish it there, or overwrite that"
        if one.state != "live":
            return ""
        return "; ".join(self._lacks(one, is_source=is_source))

    def _lacks(self, one: Localization, *, is_source: bool) -> Iterator[str]:
        """Yield what the rules of its type still ask for before it may go on air."""
        if bool(one.columns["cta_label"]) != bool(one.columns["cta_link"]):
            yield "cta: a label and where it leads belong together"
        if message := refusal(texts_in([one.columns, one.texts, one.stream, one.fields]), self.known.tokens):
            yield f"text: {message}"
        languages = self._languages_on_air(one)
        if not one.columns["headline"] and not any(title for title, _fields in languages):
            yield "title: is needed where no language is on air to take one from"
        item_type = self.known.types[one.kind]
        values = {**one.facts.fields, **{name: value for _title, fields in languages for name, value in fields.items()}}
        values |= one.fields
        for definition in item_type.field_definitions.all():
            if definition.required and values.get(definition.name) in (None, "", []):
                yield f"fields: {definition.name} is needed before it can be published"
        if is_source:
            taxonomy = self.known.lookups.taxonomy
            tags = terms_by_facet(one.facts.terms, taxonomy)
            for facet, message in violations(item_type.rules.all(), tags, taxonomy):
                yield f"tags, {facet}: {message}"

    def _languages_on_air(self, one: Localization) -> list[tuple[str, Json]]:
        """Return title and fields of the languages from which a text for a region takes what it leaves empty."""
        codes = language_codes(one.locale, self.catalogue)
        rows = [self.held.rows[one.key][code] for code in codes if code in self.held.rows[one.key]]
        lines = [other for other in self.items[one.key] if other.locale in codes and other.state == "live"]
        return [
            *((row.headline, row.own_fields) for row in rows if row.live),
            *((other.columns["headline"], other.fields) for other in lines),
        ]

    def why_not_beside(self, one: Localization, source: "Source", *, is_so: bool) -> str:
        """Return what keeps a localization out beside the original of its item."""
        if one.facts != source.facts:
            return f"tags, channels or other facts differ from those of the original ({source.locale})"
        if not is_so and one.on_air_from < source.published_from:
            return f"would be on air before the original ({source.locale}) of its item"
        return ""
