"""Reading the lines of the import format: all that is wrong with one is told at once (docs/import.md)."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

from channels.registry import UnknownChannel
from contenthub.delivery.documents import Json
from locales.tags import MalformedTag, UnknownLanguage, parent_tags, supported_tag
from taxonomy.snapshot import UnknownTerm

from ..codes import FieldKind
from ..fieldvalues import clean_value
from ..instants import validate_instant
from ..models.items import valid_key
from ..models.types import ItemType, valid_name
from .lines import Facts, Known, Localization
from .streams import link_of, stream_of

KNOWN = frozenset(
    "id locale kind slug title summary internal_title body cta image texts fields references channels priority tags "
    "wanted_locales fallback_forbidden state go_live_at expire_at".split()
)
STATES = ("live", "draft", "off")
MOST_PROBLEMS = 20  # told of one line


def read_line(line: Any, known: Known) -> Localization:
    """Return the localization that a line describes.

    Raises:
        ValidationError: one message for everything that is wrong with it.
    """
    if not isinstance(line, dict):
        raise ValidationError("expected a JSON object")
    reader = _Reader(line, known)
    found = reader.read()
    if reader.problems:
        raise ValidationError([problem[:300] for problem in reader.problems[:MOST_PROBLEMS]])
    return found


class _Reader:
    """Reads one line and collects everything that is wrong with it."""

    def __init__(self, line: Json, known: Known) -> None:
        self.line = line
        self.known = known
        self.problems: list[str] = []

    def read(self) -> Localization | None:
        key = self._text("id", required=True, longest=255)
        self._check("id", valid_key, key)
        self._refuse_unknown("cta", {"label", "url", "item", "action"})
        self._refuse_unknown("image", {"file", "alt", "caption", "credit"})
        locale = self._locale(self.line.get("locale"))
        kind = self._text("kind", required=True)
        item_type = self.known.types.get(kind)
        if kind and item_type is None:
            self.problems.append(f"kind: there is no type {kind}")
        columns = {
            "slug": self._text("slug", longest=255),
            # A text for a region may take its title from its language; whether there is one shows at the writing.
            "headline": self._text("title", required=not (locale and parent_tags(locale)), longest=255),
            "summary": self._text("summary"),
            "internal_title": self._text("internal_title", longest=255),
        }
        cta = self._object("cta")
        self._check("slug", validate_unicode_slug, columns["slug"])
        columns["cta_label"] = self._text("label", of=cta, place="cta", required=bool(cta), longest=255)
        columns["cta_link"] = self._try("cta", lambda: link_of(cta)) or ""
        image = self._object("image")
        columns["image_alt"] = self._text("alt", of=image, place="image", longest=500)
        columns["image_caption"] = self._text("caption", of=image, place="image", longest=500)
        columns["image_credit"] = self._text("credit", of=image, place="image", longest=255)
        body = self._list("body")
        localized, facts = self._fields(item_type)
        found = Localization(
            key=key,
            locale=locale,
            kind=kind,
            columns=columns,
            stream=self._try("", lambda: stream_of(body, self.known.lookups)) or [],
            texts=self._texts(),
            fields=localized,
            image=self._image(image),
            cta_action=self._text("action", of=cta, place="cta"),
            extra={name: value for name, value in self.line.items() if name not in KNOWN},
            facts=self._facts(facts),
            state=self._state(),
            go_live_at=self._instant("go_live_at"),
            expire_at=self._instant("expire_at"),
        )
        if found.cta_action:
            self._try("cta", lambda: self.known.lookups.term_id(found.cta_action, "action"))
        if found.go_live_at and found.expire_at and found.expire_at <= found.go_live_at:
            self.problems.append("expire_at: is not after go_live_at")
        return found

    # --- parts ------------------------------------------------------------------------------------------

    def _locale(self, tag: Any, place: str = "locale") -> str:
        try:
            return supported_tag(tag if isinstance(tag, str) else "")
        except (MalformedTag, UnknownLanguage) as error:
            self.problems.append(f"{place}: {error}")
            return ""

    def _texts(self) -> list[tuple[str, str]]:
        texts = self._object("texts")
        for name in texts:
            self._check("texts", valid_name, name)
            if len(name) > 100:
                self.problems.append("texts: a name is longer than 100 characters")
            self._text(name, of=texts, place="texts", required=True, longest=1000)
        return list(texts.items())

    def _image(self, image: Json) -> int | None:
        if not image:
            return None
        alt = image.get("alt") if isinstance(image.get("alt"), str) else ""
        return self._try("image", lambda: self.known.lookups.image_id(image.get("file"), alt))

    def _fields(self, item_type: ItemType | None) -> tuple[Json, Json]:
        """Return the type's own fields that are localized, and those that are facts."""
        given = self._object("fields")
        definitions = {one.name: one for one in item_type.field_definitions.all()} if item_type else {}
        localized, facts = {}, {}
        for name, value in given.items():
            definition = definitions.get(name)
            if definition is None:
                self.problems.append(f"fields: {name} is no field of this type")
                continue
            if value is None:
                continue
            kept = self._try(f"fields, {name}", lambda kind=definition.kind, value=value: self._value(kind, value))
            (localized if definition.localized else facts)[name] = kept
        return localized, facts

    def _value(self, kind: str, value: Any) -> Any:
        match kind:
            case FieldKind.LINK if isinstance(value, dict):
                return link_of(value)
            case FieldKind.IMAGE if isinstance(value, list):
                value = [self._picture(one) for one in value]
            case FieldKind.TERM if isinstance(value, list):
                for code in value:
                    self._known_term(code)
        return clean_value(kind, value)

    def _picture(self, one: Any) -> Json:
        if not isinstance(one, dict) or one.keys() - {"file", "alt"} or not isinstance(one.get("alt", ""), str):
            raise ValidationError("expected pictures as objects with file and alt")
        alt = one.get("alt", "")
        return {"id": self.known.lookups.image_id(one.get("file"), alt), "alt": alt}

    def _facts(self, fields: Json) -> Facts:
        return Facts(
            terms=self._terms(),
            channels=self._channels(),
            references=self._references(),
            fields=fields,
            priority=self._priority(),
            wanted_locales=sorted({self._locale(tag, "wanted_locales") for tag in self._list("wanted_locales")} - {""}),
            fallback_forbidden=self._flag("fallback_forbidden"),
        )

    def _terms(self) -> list[str]:
        terms = []
        for facet, codes in self._object("tags").items():
            if facet not in self.known.lookups.taxonomy.facets:
                self.problems.append(f"tags: there is no facet {facet}")
            elif not isinstance(codes, list):
                self.problems.append(f"tags, {facet}: expected a list of codes")
            else:
                terms += [code for code in codes if self._tag(facet, code)]
                if len(set(map(str, codes))) != len(codes):
                    self.problems.append(f"tags, {facet}: a term is given twice")
        order = list(self.known.lookups.taxonomy.facets)
        return sorted(terms, key=lambda code: order.index(code.partition(":")[0]))

    def _tag(self, facet: str, code: Any) -> bool:
        term = self.known.lookups.taxonomy.find(code) if isinstance(code, str) else None
        if term is None:
            self.problems.append(f"tags, {facet}: unknown term {code}")
        elif term.facet != facet:
            self.problems.append(f"tags, {facet}: {code} is a term of {term.facet}")
        return term is not None and term.facet == facet

    def _known_term(self, code: Any) -> None:
        try:
            self.known.lookups.taxonomy.get(str(code))
        except UnknownTerm as error:
            raise ValidationError(f"unknown term {code}") from error

    def _channels(self) -> list[str]:
        codes = self._list("channels")
        for code in codes:
            try:
                self.known.channels.get(code)
            except (UnknownChannel, TypeError):
                self.problems.append(f"channels: unknown channel {code}")
        if len(set(map(str, codes))) != len(codes):
            self.problems.append("channels: a channel is given twice")
        return list(map(str, codes))

    def _references(self) -> list[tuple[str, str]]:
        found = []
        for one in self._list("references"):
            role, key = (one.get("role"), one.get("item")) if isinstance(one, dict) else (None, None)
            if not isinstance(role, str) or not isinstance(key, str) or not key or len(one) > 2:
                self.problems.append("references: expected objects with role and item")
                continue
            self._check("references", valid_name, role)
            if len(role) > 100 or len(key) > 255:
                self.problems.append("references: a role is longer than 100 or a key than 255 characters")
            found.append((role, key))
        if len(set(found)) != len(found):
            self.problems.append("references: an item is given twice in one role")
        return found

    def _state(self) -> str:
        state = self.line.get("state", "live")
        if state not in STATES:
            self.problems.append(f"state: expected one of {', '.join(STATES)}")
        return state

    def _priority(self) -> int:
        priority = self.line.get("priority", 0)
        if isinstance(priority, bool) or not isinstance(priority, int) or abs(priority) > 1_000_000:
            self.problems.append("priority: expected a whole number of at most a million")
            return 0
        return priority

    # --- values -----------------------------------------------------------------------------------------

    def _text(
        self,
        name: str,
        *,
        of: Json | None = None,
        place: str = "",
        required: bool = False,
        longest: int = 100_000,
    ) -> str:
        where = f"{place}, {name}" if place else name
        value = (self.line if of is None else of).get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or (required and not value.strip()):
            self.problems.append(f"{where}: expected text")
            return ""
        if len(value) > longest:
            self.problems.append(f"{where}: longer than {longest} characters")
        return value

    def _object(self, name: str) -> Json:
        value = self.line.get(name)
        if value is not None and not isinstance(value, dict):
            self.problems.append(f"{name}: expected an object")
            return {}
        return value or {}

    def _list(self, name: str) -> list[Any]:
        value = self.line.get(name)
        if value is not None and not isinstance(value, list):
            self.problems.append(f"{name}: expected a list")
            return []
        return value or []

    def _refuse_unknown(self, name: str, known: set[str]) -> None:
        value = self.line.get(name)
        unknown = value.keys() - known if isinstance(value, dict) else ()
        if unknown:
            self.problems.append(f"{name}: unknown key {min(unknown)}")

    def _flag(self, name: str) -> bool:
        value = self.line.get(name, False)
        if not isinstance(value, bool):
            self.problems.append(f"{name}: expected true or false")
        return value is True

    def _instant(self, name: str) -> datetime | None:
        value = self.line.get(name)
        if value is None:
            return None
        try:
            instant = parse_datetime(value)
        except (TypeError, ValueError):
            instant = None
        if instant is None or not is_aware(instant):
            self.problems.append(f"{name}: expected an instant with offset such as 2026-12-01T09:00:00+09:00")
            return None
        if self._try(name, lambda: validate_instant(instant) or True):
            return instant.astimezone(UTC)
        return None

    def _check(self, place: str, validator: Any, value: str) -> None:
        if value:
            self._try(place, lambda: validator(value))

    def _try(self, place: str, action: Any) -> Any:
        try:
            return action()
        except ValidationError as error:
            self.problems += [f"{place}: {message}" if place else message for message in error.messages]
            return None
