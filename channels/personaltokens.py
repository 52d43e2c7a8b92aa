"""Personal tokens: places in a text that whoever sends it fills in for each customer, written ``{{first_name}}``.

The hub never sees a value. It knows of each token what stands where there is none (its default), an example to show
(its sample) and how long a value may be; and it writes a token the way the tool that pulls it does.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from django.db import models

CODE_PATTERN = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
# What a tool calls it, such as profile.person.name.firstName or custom_attribute.${points}; other braces would end it.
NAME_PATTERN = r"^(?=.{1,100}$)([A-Za-z0-9_.-]|\$\{[A-Za-z0-9_.-]+\})+$"
# A default goes into templates of other tools, within quotation marks and within HTML.
UNSAFE_IN_DEFAULTS = frozenset("<>&\"'`{}%|\\\r\n\t")

TOKEN = re.compile(r"\{\{([a-z][a-z0-9]*(?:_[a-z0-9]+)*)\}\}")
_IN_JSON = re.compile(TOKEN.pattern.encode())
_BRACES = re.compile(r"\{\{.{0,40}|.{0,40}\}\}", re.DOTALL)


class Syntax(models.TextChoices):
    """How a tool that pulls content writes a token."""

    NEUTRAL = "", "As written here: {{first_name}}"
    LIQUID = "liquid", "Liquid: {{ first_name | default: 'friend' }}"
    BRAZE = "braze", "Braze: {{${first_name} | default: 'friend'}}"
    HANDLEBARS = "handlebars", "Handlebars (Iterable): {{#if first_name}}…{{else}}friend{{/if}}"
    AMPSCRIPT = "ampscript", "AMPscript: %%=IIF(EMPTY(AttributeValue('first_name')), …)=%%"
    JOURNEY_OPTIMIZER = "journey_optimizer", "Journey Optimizer: {%=profile.first_name ?: 'friend'%}"


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """One personal token; ``names`` are what tools call it, by syntax, where they do not call it by its code."""

    code: str
    sample: str
    max_length: int
    default: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def longest(self) -> str:
        """A value as long as may be, of the sample's characters: as wide and as dear to send."""
        return "".join(islice(cycle(self.sample), self.max_length))

    def written(self, syntax: str) -> str:
        """Return the token as a tool writes it; without a default it is empty where the customer has no value."""
        name, default = self.names.get(syntax) or self.code, self.default
        match syntax:
            case Syntax.LIQUID:
                return f"{{{{ {name} | default: '{default}' }}}}" if default else f"{{{{ {name} }}}}"
            case Syntax.BRAZE:
                attribute = name if "$" in name else f"${{{name}}}"
                return f"{{{{{attribute} | default: '{default}'}}}}" if default else f"{{{{{attribute}}}}}"
            case Syntax.HANDLEBARS:
                otherwise = f"{{{{else}}}}{default}" if default else ""
                # A balance of 0 is a value (https://handlebarsjs.com/guide/builtin-helpers.html#includezero).
                return f"{{{{#if {name} includeZero=true}}}}{{{{{name}}}}}{otherwise}{{{{/if}}}}"
            case Syntax.AMPSCRIPT:
                value = f"AttributeValue('{name}')"
                return f"%%=IIF(EMPTY({value}),'{default}',{value})=%%"
            case Syntax.JOURNEY_OPTIMIZER:
                attribute = name if "." in name else f"profile.{name}"
                return f"{{%={attribute} ?: '{default}'%}}" if default else f"{{{{{attribute}}}}}"
        return f"{{{{{self.code}}}}}"


Tokens = Mapping[str, TokenEntry]
Catalogue = Callable[[], Tokens]  # asked only where a text holds a token


def codes_in(texts: Iterable[str | None]) -> list[str]:
    """Return the codes of the tokens that texts hold, in order, each once.

    >>> codes_in(["Hello {{first_name}}", None, "{{points}} for {{first_name}}"])
    ['first_name', 'points']
    """
    return list(dict.fromkeys(code for text in texts if text for code in TOKEN.findall(text)))


def with_values(text: str, value: Callable[[TokenEntry], str], tokens: Catalogue) -> str:
    """Return a text with each known token replaced by its value."""
    if not TOKEN.search(text):
        return text
    known = tokens()
    return TOKEN.sub(lambda found: value(known[found[1]]) if found[1] in known else found[0], text)


def broken_tokens(text: str, tokens: Catalogue) -> list[str]:
    """Return what looks like a token in a text and is none, each once.

    >>> broken_tokens("{{ first name }} and {{first_name}}", lambda: {"first_name": TokenEntry("first_name", "Ada", 9)})
    ['{{ first name }}']
    """
    if "{{" not in text and "}}" not in text:
        return []
    known = tokens()
    unknown = [found[0] for found in TOKEN.finditer(text) if found[1] not in known]
    rest = TOKEN.sub("\0", text)
    stray = [_shortened(found[0]) for found in _BRACES.finditer(rest)]
    return list(dict.fromkeys((*unknown, *stray)))


def refusal(texts: Iterable[str], tokens: Catalogue) -> str | None:
    """Return what is wrong with the tokens in texts; None: nothing.

    What looks like a token and is none would be read as one by whoever sends the text, and filled with nothing.
    """
    broken = list(dict.fromkeys(each for text in texts for each in broken_tokens(text, tokens)))
    if not broken:
        return None
    known = ", ".join(f"{{{{{code}}}}}" for code in tokens()) or "none yet"
    return f"No personal token: {', '.join(broken[:5])}. There are: {known}."


def written_for(body: bytes, syntax: str, tokens: Catalogue) -> bytes:
    """Return JSON with the tokens in its texts as a tool writes them.

    Outside texts JSON has no two opening braces in a row, so that none is looked for elsewhere.
    """
    if not syntax or b"{{" not in body or not _IN_JSON.search(body):
        return body
    known = tokens()

    def write(found: re.Match[bytes]) -> bytes:
        entry = known.get(found[1].decode())
        return entry.written(syntax).encode() if entry else found[0]

    return _IN_JSON.sub(write, body)


def texts_in(value: Any) -> Iterable[str]:
    """Yield every text within a document's JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_in(one)


def _shortened(text: str) -> str:
    end = text.find("}}")
    return text[: end + 2] if text.startswith("{{") and end > 0 else text
