"""The preview's own words: all in three languages, and each of them said somewhere."""

import json
import re
from pathlib import Path

FRONT = Path(__file__).resolve().parents[2] / "frontend_preview"
SCRIPTS = FRONT / "static" / "frontend_preview"
WORDS = (SCRIPTS / "words.js").read_text(encoding="utf-8")


def words() -> dict[str, list[str]]:
    table = WORDS[WORDS.index("const WORDS = {") : WORDS.index("\n};\n")]
    found = re.findall(r"^  (\w+): (\[.*?\]),$", table, flags=re.DOTALL | re.MULTILINE)
    return {name: json.loads(re.sub(r",\s*\]", "]", said)) for name, said in found}


def test_every_word_is_said_in_every_language_with_the_same_values():
    for name, said in words().items():
        assert len(said) == 3, name
        assert all(said), name
        values = [sorted(re.findall(r"\{(\w+)\}", one)) for one in said]
        assert values[0] == values[1] == values[2], name


def test_no_word_is_missing_and_none_is_left_over():
    scripts = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))
    page = (FRONT / "templates" / "frontend_preview" / "preview.html").read_text(encoding="utf-8")
    said = {
        *re.findall(r'say(?:Parts)?\([^()]*?"(\w+)"', scripts),
        *re.findall(r'data-(?:word|label|hint)="(\w+)"', page),
    }
    said |= {name for line in re.findall(r"say(?:Parts)?\((.*?)\)", scripts) for name in re.findall(r'"(\w+)"', line)}

    assert said | {"fits", "warns", "fails"} == set(words())
