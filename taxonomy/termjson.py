"""Reading the complete term file: JSON. Whatever a record holds beyond the known keys becomes an attribute."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from taxonomy.codes import (
    FACET_CODE_CHARS,
    IDENTIFIER_CHARS,
    LABEL_CHARS,
    SOURCE_SYSTEM,
    SYSTEM_CHARS,
    URI_CHARS,
    WINDOW_LABEL_CHARS,
    MappingKind,
    NoteKind,
    validate_address,
    validate_facet_code,
)
from taxonomy.facetview import Window
from taxonomy.strictjson import DEEPEST, NestedTooDeeply, read_json, strings_in
from taxonomy.termreader import CHANNEL, TermFileReader, is_storable
from taxonomy.termrecords import TermFile, TermRecord

TERM_KEYS = {
    *("code", "parent", "depth", "order", "labels", "alt_labels", "definition"),
    *("exact_match", "source_id", "windows", "further_parents", "uri"),
    *("hidden_labels", "notes", "mappings", "notations", "external_ids", "related"),
}
MANY_VALUED = TERM_KEYS - {"code", "parent", "depth", "order", "source_id", "uri"}
NOT_READ = {
    "retired": "a term of the file is in use, one that is missing from it is retired",
    "replaced_by": "what replaces a term is said where it is retired",
}
FACET_KEYS = {"facet", "labels", "count", "terms"}


class JsonReader(TermFileReader):
    def parse(self, text: str) -> TermFile:
        data = self._data(text)
        facet = data.get("facet")
        if not isinstance(facet, str):
            raise self.fail("", "It names no facet.")
        if facet != CHANNEL:
            self.check("", facet, validate_facet_code, FACET_CODE_CHARS, "facet")
        terms = data.get("terms")
        if not isinstance(terms, list):
            raise self.fail("", "It has no list of terms.")
        count = data.get("count", len(terms))
        if count != len(terms):
            self.tell("", f"It says that it has {count} terms, but there are {len(terms)}.")
        names = self._texts("", data["labels"], "labels") if "labels" in data else None
        if not all(map(is_storable, strings_in({key: value for key, value in data.items() if key != "terms"}))):
            self.tell("", "What it says of the facet holds a character that cannot be stored.")
        return TermFile(
            path=self.path,
            facet=facet,
            terms=list(self._records(terms)) if facet != CHANNEL else [],
            names=names,
            attributes={key: value for key, value in data.items() if key not in FACET_KEYS},
        )

    def _data(self, text: str) -> dict[str, Any]:
        try:
            data = read_json(text, deepest=DEEPEST + 3)  # attributes stand within a term, a list and the file
        except json.JSONDecodeError as error:
            raise self.fail(f"line {error.lineno}", f"This is not JSON: {error.msg}.") from error
        except NestedTooDeeply as error:
            raise self.fail("", "It is nested too deeply.") from error
        except ValueError as error:
            raise self.fail("", f"This is not JSON: {error}.") from error
        if not isinstance(data, dict):
            raise self.fail("", "It is not a JSON object.")
        return data

    def _records(self, terms: list[Any]) -> Iterator[TermRecord]:
        siblings: Counter[str | None] = Counter()
        for number, term in enumerate(terms, start=1):
            place = f"term {number}"
            if not isinstance(term, dict) or not isinstance(term.get("code"), str):
                self.tell(place, "It is not an object with a code.")
                continue
            place = f"term {number} ({term['code'][:60]})"
            if not all(map(is_storable, strings_in(term))):
                self.tell(place, "It holds a character that cannot be stored (NUL or half a surrogate pair).")
            parent = term.get("parent")
            if parent is not None and not isinstance(parent, str):
                self.tell(place, "The parent is not a code.")
                parent = None
            siblings[parent] += 1
            yield self._record(place, term, parent, siblings[parent])

    def _record(self, place: str, term: dict[str, Any], parent: str | None, number: int) -> TermRecord:
        for key in NOT_READ.keys() & term.keys():
            self.tell(place, f"'{key}' is not read: {NOT_READ[key]}. Leave it out.")
        uri = term.get("uri")
        if uri is not None:
            self._uris(place, [uri], "uri")
        return TermRecord(
            place=place,
            code=term["code"],
            parent=parent,
            position=self.position(place, term["order"]) if "order" in term else number,
            labels=self._texts(place, term.get("labels", {}), "labels"),
            alternatives=self._lists(place, term.get("alt_labels", {}), "alt_labels"),
            hidden=self._lists(place, term["hidden_labels"], "hidden_labels") if "hidden_labels" in term else None,
            definitions=self._definitions(place, term.get("definition", {})),
            other_notes=self._notes(place, term["notes"]) if "notes" in term else None,
            other_mappings=self._mappings(place, term["mappings"]) if "mappings" in term else None,
            notations=self._notations(place, term["notations"]) if "notations" in term else None,
            external_ids=self._external_ids(place, term["external_ids"]) if "external_ids" in term else None,
            related=self._codes(place, term["related"], "related") if "related" in term else None,
            exact_matches=self._uris(place, term.get("exact_match", []), "exact_match"),
            source_ids=self._source_ids(place, term.get("source_id")),
            windows=self._windows(place, term.get("windows", [])),
            further_parents=self._codes(place, term["further_parents"], "further_parents")
            if "further_parents" in term
            else None,
            uri=uri if isinstance(uri, str) else None,
            attributes={key: value for key, value in term.items() if key not in TERM_KEYS},
            empty_keys=[key for key in sorted(MANY_VALUED) if key in term and not term[key]],
        )

    def _texts(self, place: str, value: Any, key: str) -> dict[str, str]:
        """Return one text a language."""
        if not isinstance(value, dict) or not all(isinstance(text, str) and text.strip() for text in value.values()):
            self.tell(place, f"'{key}' is not one text for each language.")
            return {}
        texts = {}
        for tag, text in value.items():
            language = self.language(place, tag)
            if language in texts:
                self.tell(place, f"'{key}' has {language} twice.")
            texts[language] = self.label(place, text) if key == "labels" else text
        return texts

    def _definitions(self, place: str, value: Any) -> list[tuple[str, str]]:
        """Return language and text of each definition: one a language, or a list of several."""
        if not isinstance(value, dict):
            return list(self._texts(place, value, "definition").items())
        several = {tag: texts for tag, texts in value.items() if isinstance(texts, list)}
        single = {tag: text for tag, text in value.items() if tag not in several}
        return [*self._texts(place, single, "definition").items(), *self._lists(place, several, "definition")]

    def _lists(self, place: str, value: Any, key: str) -> list[tuple[str, str]]:
        """Return language and text of each."""
        lists = value.values() if isinstance(value, dict) else [None]
        if not all(isinstance(texts, list) and all(isinstance(t, str) and t.strip() for t in texts) for texts in lists):
            self.tell(place, f"'{key}' is not a list of texts for each language.")
            return []
        if key != "definition":
            for text in (text for texts in value.values() for text in texts):
                self.label(place, text)
        return [(self.language(place, tag), text) for tag, texts in value.items() for text in texts]

    def _objects(
        self, place: str, value: Any, key: str, needed: tuple[str, ...], optional: str = ""
    ) -> list[dict[str, str]]:
        """Return objects that have the needed keys and perhaps the optional one, all of them texts."""

        def fits(one: Any) -> bool:
            if not isinstance(one, dict) or not {*needed} <= one.keys() <= {*needed, optional}:
                return False
            return all(isinstance(text, str) and (name == optional or text.strip()) for name, text in one.items())

        if isinstance(value, list) and all(map(fits, value)):
            return value
        also = f" and perhaps {optional}" if optional else ""
        self.tell(place, f"'{key}' is not a list of objects with {', '.join(needed)}{also}.")
        return []

    def _kind(self, place: str, kind: str, kinds: Any, key: str) -> str:
        if kind not in kinds:
            self.tell(place, f"'{kind}' is none of the kinds of '{key}': {', '.join(kinds)}.")
        return kind

    def _notes(self, place: str, value: Any) -> list[tuple[str, str, str, str]]:
        kinds = [kind for kind in NoteKind.values if kind != NoteKind.DEFINITION]
        notes = []
        for one in self._objects(place, value, "notes", ("kind", "language", "text"), "uri"):
            uri = one.get("uri", "")
            if uri:
                self._uris(place, [uri], "uri")
            kind = self._kind(place, one["kind"], kinds, "notes")
            notes.append((self.language(place, one["language"]), kind, one["text"], uri))
        return notes

    def _mappings(self, place: str, value: Any) -> list[tuple[str, str]]:
        kinds = [kind for kind in MappingKind.values if kind != MappingKind.EXACT]
        found = self._objects(place, value, "mappings", ("kind", "uri"))
        self._uris(place, [one["uri"] for one in found], "mappings")
        return [(self._kind(place, one["kind"], kinds, "mappings"), one["uri"]) for one in found]

    def _notations(self, place: str, value: Any) -> list[tuple[str, str]]:
        found = self._objects(place, value, "notations", ("text",), "datatype")
        for one in found:
            self.check(place, one["text"], None, LABEL_CHARS, "notation")
        self._uris(place, [one["datatype"] for one in found if one.get("datatype")], "datatype")
        return [(one["text"], one.get("datatype", "")) for one in found]

    def _external_ids(self, place: str, value: Any) -> list[tuple[str, str]]:
        """Return system and identifier; those of the system "source" have a key of their own."""
        lists = value.values() if isinstance(value, dict) else [None]
        if not all(isinstance(names, list) and all(isinstance(n, str) and n for n in names) for names in lists):
            self.tell(place, "'external_ids' is not a list of texts for each system.")
            return []
        for system, names in value.items():
            if system in ("", SOURCE_SYSTEM):
                self.tell(place, f"'external_ids' has the system '{system}': give its ids as source_id.")
            self.check(place, system, None, SYSTEM_CHARS, "system")
            for name in names:
                self.check(place, name, None, IDENTIFIER_CHARS, "external id")
        return [(system, name) for system, names in value.items() for name in names]

    def _codes(self, place: str, value: Any, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            self.tell(place, f"'{key}' is not a list of codes.")
            return []
        return list(dict.fromkeys(value))

    def _uris(self, place: str, value: Any, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(uri, str) for uri in value):
            self.tell(place, f"'{key}' is not made of URIs.")
            return []
        for uri in value:
            self.check(place, uri, validate_address, URI_CHARS, "URI")
        return value

    def _source_ids(self, place: str, value: Any) -> list[str]:
        names = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(name, str) and name for name in names):
            self.tell(place, "'source_id' is not a text.")
            return []
        for name in names:
            self.check(place, name, None, IDENTIFIER_CHARS, "source_id")
        return names

    def _windows(self, place: str, value: Any) -> list[Window]:
        if not isinstance(value, list) or not all(isinstance(window, dict) for window in value):
            self.tell(place, "'windows' is not a list of objects.")
            return []
        return [window for entry in value if (window := self._window(place, entry))]

    def _window(self, place: str, entry: dict[str, Any]) -> Window | None:
        days = {}
        for key in ("start", "end", "event_start", "event_end"):
            text = entry.get(key)
            if text is None and key.startswith("event"):
                days[key] = None
                continue
            try:
                days[key] = date.fromisoformat(text)
            except (TypeError, ValueError):
                self.tell(place, f"A window's {key} '{text}' is not a day such as 2026-03-31.")
                return None
        label = str(entry.get("label", entry.get("year", "")))
        self.check(place, label, None, WINDOW_LABEL_CHARS, "window label")
        if days["start"] > days["end"]:
            self.tell(place, f"A window starts on {days['start']}, after its end on {days['end']}.")
        if days["event_start"] and days["event_end"] and days["event_start"] > days["event_end"]:
            self.tell(place, f"An event starts on {days['event_start']}, after its end on {days['event_end']}.")
        return Window(days["start"], days["end"], label, days["event_start"], days["event_end"])
