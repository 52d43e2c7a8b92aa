"""docs/limits.md says what the code does."""

import re
from pathlib import Path

from contenthub.api import context, cost, documents, limits, requests
from contenthub.delivery import deciding, filters, reading, recalling
from taxonomy import schema as taxonomy_schema

PAGE = Path(__file__).resolve().parents[2] / "docs" / "limits.md"
NUMBERS = {
    "bytes of a body": requests.MOST_BYTES,
    "words and signs of a query": documents.MOST_TOKENS,
    "levels of a query": limits.MOST_DEPTH,
    "fields, fragments spread out": limits.MOST_FIELDS,
    "aliases, fragments spread out": limits.MOST_ALIASES,
    "root fields": limits.MOST_ROOT_FIELDS,
    "the same field in one selection": limits.MOST_REPEATS,
    "directives, fragments spread out": limits.MOST_DIRECTIVES,
    "operations in a document": limits.MOST_OPERATIONS,
    "fragments in a document": limits.MOST_FRAGMENTS,
    "variables that a document defines": limits.MOST_VARIABLES,
    "values in the variables": limits.MOST_VALUES,
    "levels of the variables": limits.MOST_VALUE_DEPTH,
    "queries in a body (no batch)": 1,
    "records asked for, over all levels": cost.MOST_RECORDS,
    "items, or variants, on a page": reading.MOST_ITEMS,
    "items of a decision": deciding.MOST_CHOSEN,
    "terms on a page": taxonomy_schema.MOST_TERMS,
    "values in a list of a filter": filters.MOST_CODES,
    "keys that a past instant is asked for": recalling.MOST_KEYS,
    "conditions on terms in a filter": filters.MOST_CONDITIONS,
    "characters of a search": filters.MOST_SEARCH_CHARACTERS,
    "entries of all lists in an answer": context.MOST_ENTRIES,
}


def test_the_page_names_the_limits_that_hold():
    rows = re.findall(r"^\| ([^|]+) \| ([\d,]+) \| `", PAGE.read_text(), re.MULTILINE)

    assert {name: int(number.replace(",", "")) for name, number in rows} == NUMBERS
