"""Brings the catalogues of the hub's own words in order, and compiles them: `make words`.

They are sorted and without dates, so that a change shows what changed and nothing else.
"""

from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent.parent / "contenthub" / "locale"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
LANGUAGES = {"ja": "Japanese", "ko": "Korean"}
HEADER = """# The hub's own words in {name}; docs/words.md says which word stands for what.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def path_of(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language; of when, it does not say."""
    with path_of(language).open("rb") as file:
        known = read_po(file, locale=language)
    known.creation_date = known.revision_date = LONG_AGO
    for message in known:
        message.user_comments = []  # what a text was before, which gettext leaves behind
    return known


def tidy(language: str) -> None:
    """Write a catalogue as it is kept, and its compiled form."""
    known, path = catalogue(language), path_of(language)
    with path.open("wb") as file:
        file.write(HEADER.format(name=LANGUAGES[language], language=language).encode())
        file.write(b"\n")
        write_po(file, known, width=None, no_location=True, sort_output=True, omit_header=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue(language))


if __name__ == "__main__":
    for each in LANGUAGES:
        tidy(each)
