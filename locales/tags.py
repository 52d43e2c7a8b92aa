"""Language tags: which are canonical, and which of ours answers a tag from outside (BCP 47, RFC 4647)."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from babel import Locale as CldrLocale
from babel import UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.localedata import exists, locale_identifiers

_SHAPE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
_EXTENSIONS = re.compile(r"[-_][A-Za-z0-9]([-_].*)?$")  # a one-character subtag opens an extension


class MalformedTag(ValueError):
    """Raised for text that is no language tag at all. ``argument`` is where the API takes one."""

    argument = "locale"


class UnknownLanguage(ValueError):
    """Raised for a well-formed tag whose language CLDR knows nothing of."""


@lru_cache(maxsize=1024)
def canonical_tag(tag: str) -> str:
    """Return language, script and region of ``tag`` in canonical case, extensions and variants left out.

    A script that the region already implies is left out too; withdrawn codes become their replacement.

    Raises:
        MalformedTag: the text is not a language tag.

    >>> canonical_tag("PT_br"), canonical_tag("zh-Hans-CN"), canonical_tag("sr-latn"), canonical_tag("iw-u-ca-x")
    ('pt-BR', 'zh-CN', 'sr-Latn', 'he')
    """
    language, territory, script = _parsed(tag)
    language = _replacement(get_global("language_aliases"), language)
    territory = territory and _replacement(get_global("territory_aliases"), territory)
    if script and territory and script == _likely_script(language, territory):
        script = None
    return "-".join(part for part in (language, script, territory) if part)


def supported_tag(tag: str) -> str:
    """Return ``tag`` in canonical form if a locale of the hub can have it.

    Raises:
        MalformedTag: the text is not a language tag.
        UnknownLanguage: CLDR has no data for it.
    """
    canonical = canonical_tag(tag)
    if canonical not in _content_tags():
        raise UnknownLanguage(f"'{tag}' names no language that CLDR has data for.")
    return canonical


@lru_cache(maxsize=1024)
def parent_tags(tag: str) -> tuple[str, ...]:
    """Return the tags that a canonical tag inherits from, nearest first (CLDR's parents, else RFC 4647 3.4).

    Nothing in another script is among them: traditional Chinese does not inherit from simplified Chinese.

    >>> parent_tags("de-CH"), parent_tags("es-MX"), parent_tags("zh-HK"), parent_tags("ja")
    (('de',), ('es-419', 'es'), ('zh-Hant',), ())
    """
    script = _script(tag)
    parents: list[str] = []
    parent = _parent(tag)
    while parent and parent not in parents:
        if _script(parent) == script:
            parents.append(parent)
        parent = _parent(parent)
    return tuple(parents)


def negotiate(tag: str, available: Collection[str]) -> str | None:
    """Return the tag of ``available`` that answers ``tag`` best, or None.

    First the tag itself, then those it inherits from, then one of the same language (or inheriting from it)
    in the same script, of which the likely region comes first.

    Raises:
        MalformedTag: the text is not a language tag.

    >>> negotiate("de-AT", ["en", "de"]), negotiate("zh", ["zh-TW", "zh-CN"]), negotiate("zh-HK", ["zh-TW"])
    ('de', 'zh-CN', 'zh-TW')
    """
    wanted = canonical_tag(tag)
    for candidate in (wanted, *parent_tags(wanted)):
        if candidate in available:
            return candidate
    language, script = wanted.split("-")[0], _script(wanted)
    same = sorted(
        code
        for code in available
        if _script(code) == script and (code.split("-")[0] == language or language in parent_tags(code))
    )
    likely = _likely(language, None, script)[1]
    return next((code for code in same if code.endswith(f"-{likely}")), same[0] if same else None)


@lru_cache(maxsize=1)
def _content_tags() -> frozenset[str]:
    return frozenset(content_tags())


@lru_cache(maxsize=1)
def content_tags() -> list[str]:
    """Return every canonical tag that CLDR has data for, in order."""
    tags = set()
    for identifier in locale_identifiers():
        try:
            parsed = CldrLocale.parse(identifier)
        except (UnknownLocaleError, ValueError):
            continue
        if not parsed.variant and exists(identifier):
            tags.add(canonical_tag(identifier))
    return sorted(tags)


def _parsed(tag: str) -> tuple[str, str | None, str | None]:
    """Return language, territory and script of a tag."""
    malformed = MalformedTag(f"'{tag}' is not a language tag such as en, ja or pt-BR.")
    if not _SHAPE.fullmatch(tag.strip()):
        raise malformed
    plain = _EXTENSIONS.sub("", tag.strip()).replace("-", "_")
    try:
        language, territory, script, *_ = parse_locale(plain)
    except ValueError as error:
        raise malformed from error
    return language, territory, script


def _replacement(aliases: Mapping[str, str | list[str]], code: str) -> str:
    """Return what stands for a withdrawn code, where that is one code of the same sort, else the code."""
    found = aliases.get(code, code)
    only = found if isinstance(found, str) else found[0] if len(found) == 1 else code
    return code if "_" in only else only


def _parent(tag: str) -> str | None:
    language, territory, script = _parsed(tag)
    exceptions = get_global("parent_exceptions")
    full = "_".join(part for part in (language, script or _script(tag), territory) if part)
    parent = exceptions.get(tag.replace("-", "_")) or exceptions.get(full)
    if parent:
        return None if parent == "root" else canonical_tag(parent)
    if territory:
        return f"{language}-{_script(tag)}" if _script(tag) != _likely_script(language, None) else language
    return language if script else None


@lru_cache(maxsize=1024)
def _script(tag: str) -> str | None:
    language, territory, script = _parsed(tag)
    return script or _likely_script(language, territory)


def _likely_script(language: str, territory: str | None) -> str | None:
    return _likely(language, territory, None)[2]


def _likely(language: str, territory: str | None, script: str | None) -> tuple[str, str | None, str | None]:
    """Return language, territory and script after adding CLDR's likely subtags."""
    table = get_global("likely_subtags")
    keys = [f"{language}_{script}", f"{language}_{territory}", language]
    found = next((table[key] for key in keys if key in table), None)
    if not found:
        return language, territory, script
    full = parse_locale(found)
    return full[0], territory or full[1], script or full[2]
