"""Full text: the same words found on every database, against a plain search of the folded text."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contenthub.delivery.documents import make_export_key
from contenthub.delivery.models import FOREVER, Document, IndexRow, PublishedItem, SearchText
from contenthub.delivery.search import Texts, folded, forget_texts, in_fields, index_texts, parse_search, plain_text
from locales.changes import ensure_locale
from tests.delivery.published import NOW

UNSPACED = [(0x0E01, 0x0EFF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF)]


@pytest.fixture
def index(db, settings):
    """Make documents findable; return their numbers in order of their making."""
    settings.LOCALES_DEPENDANTS = None

    def make(*texts):
        locale = ensure_locale("en")
        for headline, summary, rest in texts:
            number = Document.objects.count() + 1
            key = f"item-{number}"
            item = PublishedItem.objects.create(key=key, export_key=make_export_key(key))
            document = Document.objects.create(item=item, version=key, locale_code="en", served_from=NOW)
            index_texts([Texts(document.pk, headline, summary, rest)])
            IndexRow.objects.create(
                item=item, document=document, locale=locale, starts_at=NOW, ends_at=FOREVER, is_fallback=False,
                is_stale=False, has_channels=False, key=key, type="article", published_at=NOW, updated_at=NOW,
            )  # fmt: skip

    return make


def found(query, last="rest"):
    """Return the keys of what is found in the fields up to ``last``; None where nothing is asked."""
    search = parse_search(query)
    if search is None:
        return None
    return sorted(IndexRow.objects.filter(in_fields(search, last)).values_list("key", flat=True))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("新しい料金プランを比較する", "料金"),
        ("新しい料金プランを比較する", "プラン"),
        ("新しい料金プランを比較する", "比"),
        ("최신브라우저를 무료로 내려받으세요", "브라우저"),
        ("최신브라우저를 무료로 내려받으세요", "무료"),
        ("立即下载最新的浏览器", "浏览器"),
        ("立即下载最新的浏览器", "器"),
        ("ซื้อโทรศัพท์มือถือราคาถูก", "โทรศัพท์"),
        ("ซื้อโทรศัพท์มือถือราคาถูก", "มือถือ"),
        ("Jetzt ÄRZTE vergleichen", "arzte"),
        ("Die neue Straße", "STRASSE"),
        ("ＶＰＮ を使う", "vpn"),
        ("ﾌﾟﾗｲﾊﾞｼｰ の設定", "プライバシー"),
        ("Café au lait", "cafe\u0301 LAIT"),
        ("हिन्दी में पढ़ें", "हिन्दी"),
        ("Firefoxをダウンロード", "firefox"),
        ("Firefoxをダウンロード", "Firefoxを"),
        ("Ελλάδα και Κύπρος", "ΚΥΠΡΟΣ"),
        ("مُحَمَّد", "محمد"),
    ],
)
def test_a_word_is_found_inside_a_sentence(index, text, query):
    index((text, "", ""), ("something else entirely", "別の文", "다른 문장"))

    assert found(query) == ["item-1"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("京都と東京", "東京都"),  # all its pairs are there, but not in a row
        ("การเงิน", "การเงาะ"),
        ("Straßenbahn", "straße"),  # words that are parted by spaces are found whole
        ("हिन्दी", "हन"),
        ("one two", "one three"),
    ],
)
def test_what_only_looks_alike_is_not_found(index, text, query):
    index((text, "", ""))

    assert found(query) == []


def test_no_word_asks_nothing():
    assert parse_search(" … — !? ") is None


def test_words_may_come_from_different_fields_and_ranks_look_at_the_first_ones_only(index):
    index(("alpha beta", "", ""), ("alpha", "beta", ""), ("alpha", "", "beta"), ("", "", "alpha beta"))

    assert found("alpha beta", "headline") == ["item-1"]
    assert found("alpha beta", "summary") == ["item-1", "item-2"]
    assert found("alpha beta", "rest") == ["item-1", "item-2", "item-3", "item-4"]


def test_a_run_of_three_characters_must_stand_together_in_one_of_the_fields_looked_at(index):
    index(("東京", "京都", ""), ("", "東京都", ""))

    assert found("東京都", "headline") == []
    assert found("東京都", "summary") == ["item-2"]


def test_a_forgotten_text_is_not_found_and_can_come_back(index):
    index(("alpha", "", ""))
    document = Document.objects.get()

    forget_texts([document.pk])

    assert (found("alpha"), SearchText.objects.count()) == ([], 0)
    index_texts([Texts(document.pk, "beta", "", "")])
    assert (found("alpha"), found("beta")) == ([], ["item-1"])


def test_markup_is_no_text_and_blocks_part_words():
    assert plain_text("<p>one <b>tw</b>o</p><p>three &amp; four</p>").split() == ["one", "two", "three", "&", "four"]


@pytest.mark.parametrize(
    "query", ["' OR 1=1 --", '"', "alpha:*", "alpha & !beta", "AND", "NEAR(alpha)", "{", "\\", "%"]
)
def test_signs_of_query_languages_are_no_commands(index, query):
    index(("alpha", "", ""))

    assert found(query) in (None, [], ["item-1"])


words = st.text(st.sampled_from("abé ｂßüÜ東京都京とトｶﾞかが한국ไทยที่हिन्दी-_.1"), max_size=12)


@given(data=st.data())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_search_finds_what_a_plain_look_at_the_folded_text_finds(index, data):
    documents = data.draw(st.lists(st.tuples(words, words, words), min_size=1, max_size=4))
    forget_texts(Document.objects.values_list("pk", flat=True))
    IndexRow.objects.all().delete()
    Document.objects.all().delete()
    PublishedItem.objects.all().delete()
    index(*documents)
    query = data.draw(words)

    for last, fields in (("headline", 1), ("summary", 2), ("rest", 3)):
        expected = [
            f"item-{number}" for number, one in enumerate(documents, start=1) if plainly_in(query, one[:fields])
        ]
        assert found(query, last) == (expected if pieces(query) else None)


def plainly_in(query, fields):
    texts = [pieces(text) for text in fields]
    return all(
        any(
            piece in theirs if is_run else piece == theirs
            for text in texts
            for theirs, their_run in text
            if is_run == their_run
        )
        for piece, is_run in pieces(query)
    )


def pieces(text):
    """Return the words of the folded text, cut where the script changes, each with whether it is a run."""
    found, last = [], None
    for sign in folded(text):
        kind = None
        if sign.isalnum() or is_mark(sign):
            kind = any(first <= ord(sign) <= end for first, end in UNSPACED)
        if kind is not None:
            if kind == last:
                found[-1] = (found[-1][0] + sign, kind)
            else:
                found.append((sign, kind))
        last = kind
    return found


def is_mark(sign):
    return unicodedata.category(sign).startswith("M")


def test_a_text_that_no_index_could_hold_is_still_found_by_its_beginning(index):
    characters = [chr(0x4E00 + number) for number in range(20_000)]
    pairs = "".join(f"{first}{second}" for first, second in zip(characters, reversed(characters), strict=True))
    others = "".join("".join(characters[::step]) for step in range(3, 30))

    index(("短い見出し", "", pairs + others))

    assert found("短い見出し", "headline") == ["item-1"]
    assert found(pairs[:2]) == ["item-1"]
