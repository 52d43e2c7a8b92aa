"""Texts about one thing with one row a language: the hub's locales first, missing ones in plain sight."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.staticfiles import versioned_static

from locales.catalogue import locale_catalogue
from locales.cldr import direction, locale_name
from locales.tags import MalformedTag, canonical_tag
from taxonomy.termreader import is_storable

Texts = dict[str, dict[str, list[str]]]  # by language, by column

OTHERS = 2  # empty rows for languages that have none yet
NEW = [f"new{number}" for number in range(OTHERS)]
LANGUAGE = "language"


@dataclass(frozen=True)
class Column:
    """One kind of text. ``is_list``: one a line; ``is_long``: prose, of which there may be several."""

    name: str
    label: Any
    is_list: bool = False
    is_long: bool = False
    max_chars: int | None = None
    is_wanted: bool = False  # a language without it is called missing


class LanguageGrid(forms.Widget):
    """A table of inputs, named ``<name>.<tag>.<column>``; a language that is new is named by an input of its own."""

    template_name = "taxonomy/widgets/language_grid.html"

    def __init__(self, columns: Iterable[Column] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.columns = list(columns)

    @property
    def media(self) -> forms.Media:
        return forms.Media(css={"all": [versioned_static("taxonomy/language-grid.css")]})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows: dict[str, dict[str, list[str]]] = dict(value or {})
        shown_in = get_language() or "en"
        hub = list(locale_catalogue().by_code)
        others = sorted(tag for tag in rows if tag not in hub and is_language_tag(tag))
        context["widget"] |= {
            "columns": self.columns,
            "rows": [self._row(name, tag, rows.get(tag, {}), shown_in) for tag in (*hub, *others)],
            "others": [self._other(name, tag, rows.get(tag, {})) for tag in NEW],
            "suggestions": f"{name}-languages",
            "languages": [(tag, locale_name(tag, shown_in)) for tag in sorted(COMMON - {*hub, *others})],
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, dict[str, list[str]]]:
        rows: dict[str, dict[str, list[str]]] = {}
        for key in data:
            prefix, tag, column = (*key.split("."), "", "")[:3]
            if prefix == name and tag and column:
                texts = data.getlist(key) if hasattr(data, "getlist") else [data[key]]
                rows.setdefault(tag, {})[column] = texts
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}.") for key in data)

    def id_for_label(self, id_: str) -> str:
        return ""

    def _row(self, name: str, tag: str, texts: Mapping[str, list[str]], shown_in: str) -> dict[str, Any]:
        language = locale_name(tag, shown_in)
        wanted = [column for column in self.columns if column.is_wanted]
        return {
            "tag": tag,
            "language": language,
            "direction": direction(tag).lower(),
            "is_missing": any(not any(texts.get(column.name, ())) for column in wanted),
            "cells": [_cell(f"{name}.{tag}.{column.name}", column, texts, language) for column in self.columns],
        }

    def _other(self, name: str, tag: str, texts: Mapping[str, list[str]]) -> dict[str, Any]:
        return {
            "name": f"{name}.{tag}.{LANGUAGE}",
            "given": "".join(texts.get(LANGUAGE, ())),
            "cells": [_cell(f"{name}.{tag}.{column.name}", column, texts, "") for column in self.columns],
        }


class LanguageGridField(forms.Field):
    """Texts by language and column; empty ones and languages without any are left out."""

    def __init__(self, columns: Iterable[Column], **kwargs: Any) -> None:
        self.columns = list(columns)
        super().__init__(widget=LanguageGrid(self.columns), **kwargs)

    def to_python(self, value: Any) -> Texts:
        texts: Texts = {}
        problems = []
        for tag, given in (value or {}).items():
            row = {column.name: self._texts(column, given.get(column.name, ())) for column in self.columns}
            row = {name: found for name, found in row.items() if found}
            language = "".join(given.get(LANGUAGE, ())).strip() if tag in NEW else tag
            if not row:
                continue
            if not language:
                problems.append(_("Say in which language “%(text)s” is.") % {"text": next(iter(row.values()))[0][:80]})
                continue
            try:
                language = canonical_tag(language)
            except MalformedTag as error:
                problems.append(str(error))
                continue
            if language in texts:
                problems.append(_("%(language)s has a row of its own already.") % {"language": language})
            texts[language] = row
            problems += self._too_long(language, row)
            problems += self._unfit(language, row)
        if problems:
            raise ValidationError(problems)
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _texts(self, column: Column, given: Iterable[str]) -> list[str]:
        parts = [line for text in given for line in text.splitlines()] if column.is_list else given
        texts = (part.strip().replace("\r\n", "\n") for part in parts)
        return list(dict.fromkeys(text for text in texts if text))

    def _too_long(self, language: str, row: Mapping[str, list[str]]) -> Iterable[str]:
        for column in self.columns:
            for text in row.get(column.name, ()):
                if column.max_chars and len(text) > column.max_chars:
                    told = {"language": language, "text": text[:60], "count": len(text), "limit": column.max_chars}
                    yield _("%(language)s: “%(text)s…” has %(count)s characters; %(limit)s is the most.") % told

    def _unfit(self, language: str, row: Mapping[str, list[str]]) -> Iterable[str]:
        """Tell of what no database holds and, outside prose, of line breaks and other signs that cannot be seen."""
        for column in self.columns:
            for text in row.get(column.name, ()):
                is_shown = column.is_long or not any(unicodedata.category(char) == "Cc" for char in text)
                if not (is_shown and is_storable(text)):
                    told = _("%(language)s: “%(text)s” holds a line break or a character that cannot be stored.")
                    yield told % {"language": language, "text": text.replace("\0", "\ufffd")[:60]}


def is_language_tag(text: str) -> bool:
    try:
        return bool(canonical_tag(text))
    except MalformedTag:
        return False


# Languages that are offered beside the hub's own; any tag is taken.
COMMON = frozenset(
    "ar bg cs da de el en es fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sv th tr uk vi zh".split()
)


def _cell(name: str, column: Column, texts: Mapping[str, list[str]], language: str) -> dict[str, Any]:
    values = [text for text in texts.get(column.name, ()) if text] or [""]
    if column.is_list:
        values = ["\n".join(values)]
    elif not column.is_long:
        values = values[:1]
    lines = max(1, values[0].count("\n") + 1) if column.is_list else 2
    return {"name": name, "column": column, "values": values, "lines": lines, "language": language}
