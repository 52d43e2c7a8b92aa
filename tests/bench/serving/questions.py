"""The five questions, each with a thousand sets of variables, and how their answers are compared."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

import orjson

from tests.bench.corpus import ITEMS, LOCALES, own_terms

QUESTIONS = {
    "Q1": "one item with body and 6 tags",
    "Q2": "the 20 newest of a stage, with 6 tags each",
    "Q3": "the 20 newest below a stage's root and for a segment",
    "Q4": "100 items amid the list",
    "Q5": "decide for a stage",
}
SETS = 1_000
COMPARED = 20  # answers of each question, before it is timed

GRAPHQL = {
    "Q1": """query ($key: String!, $locale: LocaleCode) { item(key: $key, context: {locale: $locale}) {
        key headline summary body terms { code label } } }""",
    "Q2": """query ($journey: [String!], $locale: LocaleCode) {
        items(first: 20, context: {locale: $locale}, filter: {journey: {anyOf: $journey}}) {
        nodes { key headline summary terms { code label } } } }""",
    "Q3": """query ($journey: [String!], $segment: [String!], $locale: LocaleCode) {
        items(first: 20, context: {locale: $locale}, filter: {journey: {anyOf: $journey}, segment: {anyOf: $segment}}) {
        nodes { key headline summary terms { code label } } } }""",
    "Q4": """query ($after: String, $locale: LocaleCode) {
        items(first: 100, after: $after, context: {locale: $locale}) {
        nodes { key headline summary } } }""",
    "Q5": """query ($journey: [String!], $segments: [String!], $locale: LocaleCode) {
        decide(first: 20, context: {locale: $locale, segments: $segments, about: {journey: $journey}}) {
        items { key headline summary terms { code label } } } }""",
}
EDGES = """query ($after: String, $locale: LocaleCode) { items(first: 100, after: $after, context: {locale: $locale}) {
    edges { cursor node { key } } pageInfo { endCursor hasNextPage } } }"""


@dataclass
class Question:
    """A question to the hub, and to the peers; ``bodies`` are what is posted, one for each set of variables."""

    name: str
    variables: list[dict]
    peer_variables: list[dict] = field(default_factory=list)
    path = "/graphql"

    @property
    def bodies(self) -> list[bytes]:
        return [orjson.dumps({"query": GRAPHQL[self.name], "variables": one}) for one in self.variables]

    @property
    def peer_bodies(self) -> list[bytes]:
        return [orjson.dumps({"variables": one}) for one in self.peer_variables]

    def sample(self, server: str, *, of_peers: bool = False) -> list[bytes]:
        """Return what a server answers to the first sets of variables."""
        path, bodies = (f"/{self.name}", self.peer_bodies) if of_peers else (self.path, self.bodies)
        return [_post(f"{server}{path}", body) for body in bodies[:COMPARED]]

    def refuse_other(self, answers: list[bytes], others: list[bytes], peer: str) -> None:
        """Raise AssertionError where a peer answers otherwise than the hub."""
        for ours, theirs in zip(answers, others, strict=True):
            wanted, found = orjson.loads(ours)["data"], orjson.loads(theirs)["data"]
            assert wanted == found, f"{self.name} is answered otherwise by {peer}:\n{wanted}\n{found}"[:4000]

    def statements(self) -> int:
        """Return how many SQL statements the hub asks for one answer, once it has answered another."""
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        client = Client()
        for body in self.bodies[:2]:
            with CaptureQueriesContext(connection) as asked:
                answer = client.post(self.path, body, "application/json").json()
            assert "errors" not in answer, answer
        return len(asked)


def questions() -> list[Question]:
    from contenthub.delivery.models import IndexRow
    from taxonomy.snapshot import taxonomy_snapshot

    own = own_terms()
    roots = [term.code for term in taxonomy_snapshot().facets["journey"].by_code.values() if term.depth == 1]

    def sets(make) -> list[dict]:
        return [{"locale": random.choice(LOCALES), **make()} for _ in range(SETS)]

    one = sets(lambda: {"key": f"article/bench-{random.randrange(ITEMS)}"})
    stage = sets(lambda: {"journey": [random.choice(own["journey"])]})
    crossed = sets(lambda: {"journey": [random.choice(roots)], "segment": [random.choice(own["segment"])]})
    moment = sets(lambda: {"journey": [random.choice(own["journey"])], "segments": random.sample(own["segment"], 2)})
    after = []
    for locale in LOCALES:
        rows = IndexRow.objects.filter(locale__language_code=locale).order_by("-published_at", "key")
        middle = max(0, rows.count() // 2 - SETS // 2)
        for published_at, key in rows.values_list("published_at", "key")[middle : middle + SETS // len(LOCALES)]:
            after.append({"locale": locale, "published_at": published_at.isoformat(), "key": key})
    return [
        Question("Q1", one, one),
        Question("Q2", stage, stage),
        Question("Q3", crossed, crossed),
        Question("Q4", list(_cursors(after)), after),
        Question("Q5", moment),
    ]


def _cursors(places: list[dict]) -> Iterator[dict]:
    """Yield for each place in a list the cursor with which the hub names it, taken from the hub's own pages."""
    from django.test import Client

    client = Client()
    for locale in LOCALES:
        wanted, after, found = {one["key"] for one in places if one["locale"] == locale}, None, {}
        while len(found) < len(wanted):
            body = {"query": EDGES, "variables": {"after": after, "locale": locale}}
            page = client.post("/graphql", body, "application/json").json()["data"]["items"]
            found |= {edge["node"]["key"]: edge["cursor"] for edge in page["edges"] if edge["node"]["key"] in wanted}
            after = page["pageInfo"]["endCursor"]
            assert page["pageInfo"]["hasNextPage"] or len(found) == len(wanted)
        for place in places:
            if place["locale"] == locale:
                yield {"locale": locale, "after": found[place["key"]]}


def _post(address: str, body: bytes) -> bytes:
    request = Request(address, body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return answer.read()
