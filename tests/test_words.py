"""The hub's own words in Japanese and Korean: all of them, in step with the code and with what they stand for."""

import ast
import re
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils.translation.template import templatize
from wagtail.users.models import UserProfile

from tests.content.factories import ItemFactory
from tests.words import catalogue, path_of

ROOT = Path(__file__).parent.parent
ROOMS = ("channels", "contenthub", "frontend_preview", "locales", "taxonomy")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2)}
IN_TEMPLATES = re.compile(r"""\b(_|n?gettext)\((u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")
PLACES = re.compile(r"%%|%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+")


@cache
def marked() -> frozenset[str]:
    """Return every text that the code marks for translation; of plurals the first form."""
    found: set[str] = set()
    for room in ROOMS:
        for _file, _line, message, *_rest in extract_from_dir(
            ROOT / room, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
        for template in (ROOT / room).rglob("*.html"):
            text = templatize(template.read_text(encoding="utf-8"), origin=str(template))
            found.update(ast.literal_eval(literal) for _function, literal in IN_TEMPLATES.findall(text))
    return frozenset(found)


def first(message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else message.id


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_every_word_is_said_in_every_language_and_none_is_left_over(language):
    said = {first(message) for message in catalogue(language) if message.id}

    assert sorted(marked() - said) == []
    assert sorted(said - marked()) == []


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_translations_are_there_and_hold_what_the_original_holds(language):
    for message in (each for each in catalogue(language) if each.id):
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        assert all(forms), message.id
        assert not message.fuzzy, message.id
        # The plural form says how many; the singular may leave it out.
        assert Counter(PLACES.findall(forms[0])) == Counter(PLACES.findall(originals[-1])), message.id


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_what_is_compiled_is_what_is_written(language):
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))

    assert path_of(language).with_suffix(".mo").read_bytes() == compiled.getvalue(), "run make words"


@pytest.mark.parametrize(("language", "items", "state"), [("ja", "アイテム", "公開中"), ("ko", "항목", "공개 중")])
def test_an_editor_reads_the_hub_in_the_language_chosen(client, editor, locales, language, items, state):
    item = ItemFactory(published=True)
    UserProfile.objects.create(user=editor, preferred_language=language)
    client.force_login(editor)

    page = BeautifulSoup(client.get(reverse("items:edit", args=[item.pk])).content, "html.parser")

    assert page.html["lang"] == language
    assert items in page.text
    assert state in page.text
    assert "Whom it is for" not in page.text
