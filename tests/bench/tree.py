"""The tree of a large facet, and whether a query by a term with all below slows down with the number of terms."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.corpus import ITEMS, line
from tests.bench.measuring import Row, cost, say, seconds

SIZES = {"few": 400, "many": 10_000}
DEPTH = 8
WIDE = 0.2  # of the terms stand below one term
LANGUAGES = "en ja ko de fr es it pt-BR zh-CN zh-TW ru th tr ar he nl sv pl uk cs".split()
TAGGED = min(ITEMS, 2_000)
NAMES = "alpha bravo carbon delta ember frost granite harbor island jasmine kettle lumen meadow nickel".split()
BELOW = """query ($facet: String!, $term: String!) {
  items(first: 20, filter: {facets: [{facet: $facet, terms: {anyOf: [$term]}}]}) { nodes { key headline } } }"""


def measure(folder: Path) -> Iterator[Row]:
    below = {code: fill_facet(code, size) for code, size in SIZES.items()}
    tag_items(folder, below)
    yield from tree_cost()
    yield from query_cost()


def fill_facet(code: str, size: int) -> list[str]:
    """Make a facet of terms in twenty languages; return the codes of what stands below its first root."""
    from taxonomy.models import Facet, Term, TermLabel, TermPath

    say(f"Making a facet of {size} terms, {DEPTH} deep, in {len(LANGUAGES)} languages")
    facet = Facet(code=code, names={"en": code.title()})
    facet.save()
    terms = [Term(facet=facet, code=f"{code}:t{number}", position=number) for number in range(size)]
    Term.objects.bulk_create(terms, batch_size=1_000)
    depths, wide = [1] * size, int(size * (1 - WIDE))
    for number in range(10, size):
        above = 0 if number >= wide else next(one for one in iter(lambda n=number: place(n), -1) if depths[one] < DEPTH)
        terms[number].parent, depths[number] = terms[above], depths[above] + 1
    Term.objects.bulk_update(terms[10:], ["parent"], batch_size=500)
    labels = [
        TermLabel(term=term, language=tag, text=f"{' '.join(random.sample(NAMES, 2))} {number} {tag}")
        for number, term in enumerate(terms)
        for tag in LANGUAGES
    ]
    TermLabel.objects.bulk_create(labels, batch_size=5_000)
    TermPath.objects.rebuild([facet.pk])
    facet.raise_version()
    return list(Term.objects.in_branch(f"{code}:t0").values_list("code", flat=True))


def place(number: int) -> int:
    """Return a term to stand below: one of the ten roots first, later one of the first half of those before."""
    return random.randrange(10) if number < 30 else random.randrange(number // 2)


def tag_items(folder: Path, below: dict[str, list[str]]) -> None:
    """Import items that are tagged with one term below the first root of each facet."""
    from contenthub.content.exchange.importing import import_content
    from tests.bench.corpus import analyze

    say(f"Importing {TAGGED} items")
    path = folder / "tagged.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(TAGGED):
            tags = {code: [random.choice(codes)] for code, codes in below.items()}
            file.write(json.dumps(line(1_000_000 + number, "en", tags), ensure_ascii=False) + "\n")
    report = import_content(path)
    assert report.left_out == 0, report.problems[:3]
    analyze()


def tree_cost() -> Iterator[Row]:
    from django.test import Client

    from contenthub.accounts.models import User
    from taxonomy.models import Facet, Term
    from taxonomy.search import ranked_terms
    from taxonomy.snapshot import taxonomy_snapshot

    client = Client()
    client.force_login(User.objects.create_superuser("bench-tree"))

    def asking(facet: str, rest: str = "") -> Any:
        answer = client.get(f"/admin/facets/tree/{facet}/{rest}")
        assert answer.status_code == 200, answer
        return answer

    wide = Term.objects.get(code="many:t0").pk
    for name, rest, target in (
        ("tree, first page", "", "< 300"),
        ("tree, search", "search/?q=frost%20ja", "< 300"),
        ("tree, a branch of 2,000 opened", f"rows/?below={wide}", "< 300"),
    ):
        few_rest = rest.replace(str(wide), str(Term.objects.get(code="few:t0").pk))
        many, few = cost(lambda rest=rest: asking("many", rest)), cost(lambda rest=few_rest: asking("few", rest))
        ratio = f"{many[0] / few[0]:.1f} x the same with {SIZES['few']} terms"
        yield (
            f"{name}, {SIZES['many']} terms, ms (CPU ms)",
            f"{many[0] * 1e3:.0f} ({many[1] * 1e3:.0f})",
            target,
            ratio,
        )

    def read_anew() -> None:
        Facet.objects.get(code="many").raise_version()
        taxonomy_snapshot()

    reading = min(seconds(read_anew) for _ in range(3))
    names = seconds(lambda: ranked_terms(taxonomy_snapshot().get_facet("many"), "frost", language="en"))
    yield ("reading the facet after a change, ms", f"{reading * 1e3:.0f}", "", f"{len(LANGUAGES)} languages")
    yield ("first search after a change, ms", f"{names * 1e3:.0f}", "", "")


def query_cost() -> Iterator[Row]:
    from django.test import Client

    client = Client()

    def asking(facet: str) -> list[Any]:
        body = {"query": BELOW, "variables": {"facet": facet, "term": f"{facet}:t0"}}
        answer = client.post("/graphql", body, "application/json").json()
        assert "errors" not in answer, answer
        return answer["data"]["items"]["nodes"]

    assert asking("few") == asking("many") != []
    few, many = cost(lambda: asking("few"))[0], cost(lambda: asking("many"))[0]
    ratio = f"{many / few:.2f} x the same with {SIZES['few']} terms"
    yield (f"items below one of {SIZES['many']} terms, ms", f"{many * 1e3:.1f}", "<= 1 x", ratio)
