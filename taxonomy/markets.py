"""The facet of markets: countries and regions, grouped and named by CLDR."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.apps import apps
from django.db import models, transaction

from locales.territories import territories, territory_name
from taxonomy.versions import next_version

MARKET = "market"
FIRST_LANGUAGES = "en zh-CN zh-TW es hi ar bn pt-BR pt ru ja de fr ko it tr vi id th pl nl uk he sv".split()


class MarketReport(NamedTuple):
    """What was missing and is there now."""

    terms: int
    labels: int


@transaction.atomic
def fill_markets(
    languages: Iterable[str], get_model: Callable[[str, str], type[models.Model]] = apps.get_model
) -> MarketReport:
    """Add the territories and the labels in these languages that are missing. What is there stays as it is.

    ``get_model`` lets a migration bring its historical models.
    """
    facet = get_model("taxonomy", "Facet").objects.select_for_update().get(code=MARKET)
    added = _add_terms(facet, get_model("taxonomy", "Term"), get_model("taxonomy", "TermPath"))
    labelled = _add_labels(facet, get_model("taxonomy", "TermLabel"), list(languages))
    if added or labelled:
        type(facet).objects.filter(pk=facet.pk).update(version=next_version(facet.version))
    return MarketReport(added, labelled)


def market_code(territory: str) -> str:
    """Return the code of a territory's term, for example market:JP."""
    return f"{MARKET}:{territory}"


def _add_terms(facet: models.Model, terms: type[models.Model], paths: type[models.Model]) -> int:
    here = {term.code: term for term in terms.objects.filter(facet=facet)}
    above: dict[int, dict[int, int]] = {term.pk: {} for term in here.values()}
    stored = paths.objects.filter(descendant__facet=facet).values_list("descendant", "ancestor", "distance")
    for descendant, ancestor, distance in stored:
        above[descendant][ancestor] = distance
    positions = _positions()
    added = []
    for territory in territories():  # parents before children
        code = market_code(territory.code)
        if code in here:
            continue
        parent = here[market_code(territory.parent)] if territory.parent else None
        attributes = {"country": territory.code} if territory.code.isalpha() else {"region": territory.code}
        term = terms(facet=facet, code=code, parent=parent, position=positions[territory.code], attributes=attributes)
        models.Model.save(term)  # the closure is written below, in bulk
        here[code] = term
        higher = above[parent.pk] if parent else {}
        above[term.pk] = {term.pk: 0} | {pk: steps + 1 for pk, steps in higher.items()}
        added.append(term.pk)
    paths.objects.bulk_create(
        paths(descendant_id=pk, ancestor_id=ancestor, distance=steps)
        for pk in added
        for ancestor, steps in above[pk].items()
    )
    return len(added)


def _positions() -> dict[str, int]:
    """Return the place of each territory among its siblings: by English name."""
    by_name = sorted(territories(), key=lambda territory: territory_name(territory.code, "en") or territory.code)
    siblings: dict[str | None, int] = {}
    positions = {}
    for territory in by_name:
        positions[territory.code] = siblings[territory.parent] = siblings.get(territory.parent, 0) + 1
    return positions


def _add_labels(facet: models.Model, labels: type[models.Model], languages: list[str]) -> int:
    mine = labels.objects.filter(term__facet=facet, kind="preferred")
    here = set(mine.values_list("term", "language"))
    terms = labels._meta.get_field("term").related_model.objects.filter(facet=facet)
    missing = [
        labels(term_id=pk, language=language, kind="preferred", text=name)
        for pk, code in terms.order_by("position", "code").values_list("pk", "code")
        for language in languages
        if (pk, language) not in here and (name := territory_name(code.partition(":")[2], language))
    ]
    labels.objects.bulk_create(missing, batch_size=500)
    return len(missing)
