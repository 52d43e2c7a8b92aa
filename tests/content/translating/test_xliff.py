"""XLIFF of both generations: read by another library, read back, and safe to open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage import xliff as toolkit1
from translate.storage import xliff2 as toolkit2

from contenthub.content.translating.xliff import from_xliff, to_xliff1, to_xliff2
from locales.messages import Message, UnreadableFile

MESSAGES = [
    Message("offer/spring#headline", "Spring & <now>", "春", ("Headline", "At most 255 characters."), 255),
    Message("offer/spring#body.r1", "<p>Far\nand <b>wide</b></p>", "", ("Body › Text",)),
    Message("offer/spring@young#texts.a b", "  Ride ", " いま ", (), 1000, is_fuzzy=True),
]


def test_another_library_reads_version_1():
    file = toolkit1.xlifffile.parsestring(to_xliff1(MESSAGES, source="en", target="ja"))

    assert [(unit.getid(), unit.source, unit.target) for unit in file.units] == [
        ("offer/spring\x04headline", "Spring & <now>", "春"),
        ("offer/spring\x04body.r1", "<p>Far\nand <b>wide</b></p>", None),
        ("offer/spring@young\x04texts.a b", "  Ride ", " いま "),
    ]
    assert (file.sourcelanguage, file.targetlanguage) == ("en", "ja")
    assert [unit.isfuzzy() for unit in file.units][2]
    assert "At most 255" in file.units[0].getnotes()
    assert file.units[0].xmlelement.get("maxwidth") == "255"


def test_another_library_reads_version_2():
    file = toolkit2.Xliff2File.parsestring(to_xliff2(MESSAGES, source="en", target="ja"))

    assert [(unit.getid(), unit.source, unit.target) for unit in file.units] == [
        ("u1", "Spring & <now>", "春"),
        ("u2", "<p>Far\nand <b>wide</b></p>", None),
        ("u1", "  Ride ", " いま "),
    ]
    assert [unit.isfuzzy() for unit in file.units] == [False, False, True]


@pytest.mark.parametrize("write", [to_xliff1, to_xliff2])
def test_what_is_written_is_read_back(write):
    language, found = from_xliff(write(MESSAGES, source="en", target="zh-Hant"))

    assert language == "zh-Hant"
    assert [(one.context, one.source, one.target) for one in found] == [
        (one.context, one.source, one.target) for one in MESSAGES
    ]
    assert [one.is_fuzzy for one in found if one.target] == [False, True]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1)


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), st.sampled_from([to_xliff1, to_xliff2]))
def test_any_text_comes_back_as_it_was(pairs, write):
    messages = [Message(f"a#{number}", source, target) for number, (source, target) in enumerate(pairs)]

    assert from_xliff(write(messages, source="en", target="ja")) == ("ja", messages)


def test_inline_codes_and_segments_of_other_tools_are_read():
    first = b"""<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">
        <file original="a" source-language="en" target-language="de" datatype="x"><body><group id="g">
        <trans-unit id="h" approved="yes"><source>One <g id="1">two</g></source>
        <target state="needs-translation">Eins <mrk mtype="seg" mid="1">zwei</mrk></target></trans-unit>
        </group></body></file></xliff>"""
    second = b"""<xliff xmlns="urn:oasis:names:tc:xliff:document:2.1" version="2.1" srcLang="en" trgLang="de">
        <file id="f" original="a"><group id="g"><unit id="u1" name="h">
        <segment state="final"><source>One.</source><target>Eins.</target></segment>
        <ignorable><source> </source></ignorable>
        <segment state="reviewed"><source>Two.</source><target><pc id="1">Zwei.</pc></target></segment>
        </unit></group></file></xliff>"""

    assert from_xliff(first) == ("de", [Message("a#h", "One two", "Eins zwei")])
    assert from_xliff(second) == ("de", [Message("a#h", "One. Two.", "Eins. Zwei.")])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<xliff", "Line 1"),
        (b"<html></html>", "no XLIFF"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><xliff version="1.2">&b;</xliff>', "not read"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><xliff/>', "not read"),
    ],
)
def test_what_is_no_xliff_is_refused(data, said):
    with pytest.raises(UnreadableFile, match=said):
        from_xliff(data)
