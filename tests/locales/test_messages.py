"""Texts as PO files, read back and read by another library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage import pypo

from locales.messages import Message, UnreadableFile, from_po, to_po

NAME = "offer/spring@young#body.a b.text"
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


def test_another_library_reads_what_is_written():
    data = to_po(
        [Message(NAME, 'Say "hi"\nnow', "「こんにちは」", ("Body › Heading",), 255, True)],
        source="en",
        target="zh-Hant",
    )

    header, unit = pypo.pofile.parsestring(data).units
    assert "Language: zh-Hant" in header.target
    assert (unit.getcontext(), unit.source, unit.target) == (
        NAME,
        'Say "hi"\nnow',
        "「こんにちは」",
    )
    assert unit.isfuzzy()
    assert "Body › Heading" in unit.getnotes("developer")


def test_what_another_library_writes_is_read():
    file = pypo.pofile()
    file.updateheader(add=True, Language="pt_br")
    unit = pypo.pounit("Spring")
    unit.setcontext("a#headline")
    unit.target = "Primavera"
    file.addunit(unit)

    assert from_po(bytes(file)) == ("pt-BR", [Message("a#headline", "Spring", "Primavera")])


@given(st.lists(st.tuples(texts, st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]))), max_size=5))
def test_texts_come_back_as_they_were(pairs):
    messages = [Message(f"a#{number}", source, target) for number, (source, target) in enumerate(pairs)]

    assert from_po(to_po(messages, source="en", target="ja")) == ("ja", messages)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"msgid\nnothing", b"\x00\x01"])
def test_what_is_no_po_file_is_refused(data):
    with pytest.raises(UnreadableFile):
        from_po(data)
