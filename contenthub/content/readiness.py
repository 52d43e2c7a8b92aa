"""Whether one language version has all that it needs to go on air."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial

from django.utils.translation import gettext as _
from wagtail.models import Locale

from channels.models import PersonalToken
from contenthub.delivery.resolving import CALL_TO_ACTION, FIELD_PREFIX, IMAGE, TEXT_PREFIX
from taxonomy.snapshot import TaxonomySnapshot, TermView, taxonomy_snapshot

from .channelchecks import broken_channels
from .localizations import free_slug
from .models import ContentItem
from .personaltokens import broken_by_field
from .publishing import NotPublishable
from .regions import language_codes, languages_of, writes
from .rules import violations

TERMS, OWN = "terms_", "own_"


def lacks(row: ContentItem) -> Iterator[tuple[str, str]]:
    """Yield field and message for each thing that keeps ``row`` off air; fields are named as on the editor's form.

    That its original has been published is for the publishing itself to see.
    """
    languages = cache(partial(languages_of, row, is_on_air=True))  # looked up only where something is empty
    if not row.headline and not any(one.headline for one in languages()):
        yield "headline", _no_headline(row)
    if row.slug and free_slug(row.slug, row.locale, key=row.key) != row.slug:
        yield "slug", _("Another item has the slug %(slug)s already.") % {"slug": row.slug}
    if row.cta_label and not row.cta_link:
        yield "cta_link", _("The call to action has a label and leads nowhere: add a link, or take the label out.")
    if row.cta_link and not row.cta_label:
        yield "cta_label", _("The call to action has a link and no label: add one, or take the link out.")
    for definition in row.type.field_definitions.all():
        if not definition.required or not (definition.localized or row.is_source):
            continue
        if row.own_fields.get(definition.name) not in (None, "", []):
            continue
        if not (definition.localized and any(writes(one, f"{FIELD_PREFIX}{definition.name}") for one in languages())):
            yield f"{OWN}{definition.name}", _("This is needed before the item can be published.")
    for name, message in broken_by_field(row, cache(PersonalToken.catalogue)):
        yield _form_field(name), message
    if row.is_source:
        rules, taxonomy = row.type.rules.select_related("facet"), taxonomy_snapshot()
        for facet, message in violations(rules, _tags(row, taxonomy), taxonomy):
            yield f"{TERMS}{facet}", message


def _no_headline(row: ContentItem) -> str:
    codes = language_codes(row.locale.language_code)
    if not codes:
        return _("Nothing can be published without a headline.")
    message = _("Write a headline, or publish %(language)s first: nothing is on air there to take one from.")
    return message % {"language": Locale.objects.get(language_code=codes[0])}


def refuse_unready(row: ContentItem) -> None:
    """Raise NotPublishable, naming all that ``row`` lacks."""
    messages = [f"{_name(row, field)}: {message}" for field, message in lacks(row)]
    messages += broken_channels(row)
    if messages:
        raise NotPublishable(messages)


def _tags(row: ContentItem, taxonomy: TaxonomySnapshot) -> dict[str, list[TermView]]:
    tags = defaultdict(list)
    for tag in row.classification.all():
        term = taxonomy.by_id(tag.term_id)
        tags[term.facet].append(term)
    return tags


def _form_field(name: str) -> str:
    """Return where the editor's form has a field of this name."""
    if name.startswith(TEXT_PREFIX):
        return "texts"
    if name.startswith(FIELD_PREFIX):
        return f"{OWN}{name.removeprefix(FIELD_PREFIX)}"
    return {CALL_TO_ACTION: "cta_label", IMAGE: "image_alt"}.get(name, name)


def _name(row: ContentItem, field: str) -> str:
    if field.startswith(TERMS):
        return taxonomy_snapshot().facets[field.removeprefix(TERMS)].label(["en"])[0]
    if field.startswith(OWN):
        names = {definition.name: definition.label for definition in row.type.field_definitions.all()}
        own = field.removeprefix(OWN)
        return names.get(own, own)
    return field.capitalize()
