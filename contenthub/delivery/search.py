"""Full text that finds the same on SQLite and PostgreSQL, Chinese, Japanese and Korean inside sentences included.

Text is folded (NFKC, case, accents). A run in a script that does not part its words with spaces is cut into
overlapping pairs of characters, and its last character stands alone as well, so that every character begins a
token. A search demands all its tokens; a run of three characters or more must also stand in the text as it is,
since pairs may come from different places. Tokens that are not plain ASCII are written in hexadecimal, so
that no database applies rules of its own to them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from .bulk import insert_rows
from .models import SearchText

FIELDS = ("headline", "summary", "rest")

# Combining marks that are left out when comparing: Latin, Greek and Cyrillic accents, Hebrew points, Arabic vowels.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u0640]")
# Vowel signs of Thai or Hindi are marks: letters and digits alone would cut their words to pieces.
_SIGNS = "".join(sign for sign in map(chr, range(0x10000)) if unicodedata.category(sign)[0] == "M")
_WORD = re.compile(rf"(?:[^\W_]|[{_SIGNS}])+")
# Thai to Khmer, Kana, Han (with iteration mark, compatibility and supplementary planes), Hangul.
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_LONGEST_TOKEN = 64
# A tsvector holds a megabyte; a token costs its length and room for its places. Both databases keep to it.
_ROOM, _OVERHEAD = 1_000_000, 10
_BLOCK_TAGS = frozenset("p div li ul ol h1 h2 h3 h4 h5 h6 br hr table tr td th blockquote".split())


def folded(text: str) -> str:
    """Return ``text`` as it is compared: compatibility forms, case and accents gone.

    >>> folded("ＶＰＮ für ÄRZTE"), folded("Straße")
    ('vpn fur arzte', 'strasse')
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFKC", _MARKS.sub("", decomposed))


def plain_text(html: str) -> str:
    """Return the text of ``html``; block tags end a line, inline tags leave words whole."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


@dataclass(frozen=True)
class SearchQuery:
    """A search as the index is asked: whole tokens, beginnings of tokens, and runs that must stand as they are."""

    tokens: tuple[str, ...]
    beginnings: tuple[str, ...]
    runs: tuple[str, ...]


def parse_search(text: str) -> SearchQuery | None:
    """Return the search that ``text`` asks for; None where it holds no word."""
    tokens: dict[str, None] = {}
    beginnings: dict[str, None] = {}
    runs: dict[str, None] = {}
    for piece, unspaced in _pieces(folded(text)):
        if not unspaced:
            tokens[_safe(piece)] = None
        elif len(piece) == 1:
            beginnings[_safe(piece)] = None
        else:
            tokens.update(dict.fromkeys(map(_safe, _pairs(piece))))
            if len(piece) > 2:
                runs[piece] = None
    if not tokens and not beginnings:
        return None
    return SearchQuery(tuple(tokens), tuple(beginnings), tuple(runs))


def in_fields(query: SearchQuery, last: str) -> Q:
    """Return a condition on index rows: the document holds all of ``query`` in ``FIELDS`` up to ``last``."""
    fields = FIELDS[: FIELDS.index(last) + 1]
    if connection.vendor == "postgresql":
        weights = "" if len(fields) == len(FIELDS) else "ABC"[: len(fields)]
        terms = [f"{token}:{weights}" if weights else token for token in query.tokens]
        terms += [f"{token}:*{weights}" for token in query.beginnings]
        sql = "SELECT document_id FROM delivery_searchtext WHERE words @@ %s::tsquery"
        condition = Q(document_id__in=RawSQL(sql, [" & ".join(terms)]))
    else:
        columns = "{" + " ".join(fields) + "}"
        terms = [f"{columns} : {token}" for token in query.tokens]
        terms += [f"{columns} : {token}*" for token in query.beginnings]
        sql = "SELECT rowid FROM delivery_searchwords WHERE delivery_searchwords MATCH %s"
        condition = Q(document_id__in=RawSQL(sql, [" AND ".join(terms)]))
    for run in query.runs:
        standing = Q()
        for name in fields:
            standing |= Q(**{f"document__search_text__{name}__contains": run})
        condition &= standing
    return condition


def mentioning(query: SearchQuery) -> RawSQL:
    """Return a statement that selects the ids of documents that hold any part of ``query``."""
    if connection.vendor == "postgresql":
        terms = [*query.tokens, *(f"{token}:*" for token in query.beginnings)]
        return RawSQL("SELECT document_id FROM delivery_searchtext WHERE words @@ %s::tsquery", [" | ".join(terms)])
    terms = [*query.tokens, *(f"{token}*" for token in query.beginnings)]
    sql = "SELECT rowid FROM delivery_searchwords WHERE delivery_searchwords MATCH %s"
    return RawSQL(sql, [" OR ".join(terms)])


@dataclass(frozen=True)
class Texts:
    """The texts of one document to be found by: headline, summary and everything else."""

    document_id: int
    headline: str
    summary: str
    rest: str


def rank_in(texts: Texts, query: SearchQuery) -> int | None:
    """Return how well texts meet ``query``, as the index would: 0 to 2, the best first; None: not at all."""
    row = SearchText(headline=folded(texts.headline), summary=folded(texts.summary), rest=folded(texts.rest))
    tokens: set[str] = set()
    runs = set(query.runs)
    for rank, (name, words) in enumerate(zip(FIELDS, _words(row), strict=True)):
        tokens.update(words)
        runs -= {run for run in runs if run in getattr(row, name)}
        begun = all(any(token.startswith(start) for token in tokens) for start in query.beginnings)
        if not runs and begun and tokens.issuperset(query.tokens):
            return rank
    return None


def index_texts(texts: Iterable[Texts]) -> None:
    """Make documents findable that are not yet in the index."""
    rows = [
        SearchText(
            document_id=text.document_id,
            headline=folded(text.headline),
            summary=folded(text.summary),
            rest=folded(text.rest),
        )
        for text in texts
    ]
    if connection.vendor == "postgresql":
        insert_rows(
            "delivery_searchtext",
            ("document_id", *FIELDS, "words"),
            ((row.document_id, row.headline, row.summary, row.rest, _vector(row)) for row in rows),
        )
        return
    SearchText.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO delivery_searchwords (rowid, headline, summary, rest) VALUES (%s, %s, %s, %s)",
            [(row.document_id, *map(" ".join, _words(row))) for row in rows],
        )


def forget_texts(document_ids: Iterable[int]) -> None:
    """Take documents out of the index."""
    ids = list(document_ids)
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        if connection.vendor != "postgresql":
            with connection.cursor() as cursor:
                marks = ",".join(["%s"] * len(chunk))
                cursor.execute(f"DELETE FROM delivery_searchwords WHERE rowid IN ({marks})", chunk)
        SearchText.objects.filter(document_id__in=chunk)._raw_delete(using=connection.alias)


def _vector(row: SearchText) -> str:
    """Return a PostgreSQL tsvector literal: each token with the weight of every field that holds it."""
    weights: dict[str, list[str]] = {}
    for position, words in enumerate(_words(row), start=1):
        for token in words:
            weights.setdefault(token, []).append(f"{position}{'ABC'[position - 1]}")
    return " ".join(f"{token}:{','.join(places)}" for token, places in weights.items())


def _words(row: SearchText) -> list[list[str]]:
    """Return the tokens of each field, each once; what no index could hold is left out from the end."""
    room, kept = _ROOM, set()
    fields = []
    for name in FIELDS:
        tokens = dict.fromkeys(_tokens(getattr(row, name)))
        new = tokens.keys() - kept
        cost = sum(map(len, new)) + _OVERHEAD * len(new)
        if cost > room:
            tokens = dict.fromkeys(_fitting(tokens, kept, room))
            new = tokens.keys() - kept
        room -= cost
        kept |= new
        fields.append(list(tokens))
    return fields


def _fitting(tokens: Iterable[str], kept: set[str], room: int) -> Iterator[str]:
    for token in tokens:
        if token not in kept:
            room -= len(token) + _OVERHEAD
            if room < 0:
                return
        yield token


def _tokens(text: str) -> Iterable[str]:
    if not _UNSPACED.search(text):
        return map(_safe, _WORD.findall(text))
    return _mixed_tokens(text)


def _mixed_tokens(text: str) -> Iterator[str]:
    for piece, unspaced in _pieces(text):
        if unspaced:
            yield from map(_safe, _pairs(piece))
            yield _safe(piece[-1])
        else:
            yield _safe(piece)


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of folded text, and whether each is a run without spaces between its words."""
    for word in _WORD.findall(text):
        end = 0
        for run in _UNSPACED.finditer(word):
            if run.start() > end:
                yield word[end : run.start()], False
            yield run.group(), True
            end = run.end()
        if end < len(word):
            yield word[end:], False


def _pairs(run: str) -> list[str]:
    return [run[index : index + 2] for index in range(len(run) - 1)]


@lru_cache(maxsize=16_384)
def _safe(token: str) -> str:
    """Return ``token`` in lower-case ASCII letters and digits; a beginning of a token stays one."""
    token = token[:_LONGEST_TOKEN]
    if token.isascii() and token.isalnum():
        return f"w{token}"
    return f"x{token.encode().hex()}"


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCK_TAGS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, [])
