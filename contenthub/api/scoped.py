"""What a consumer's scope leaves of a document that is handed over as it was stored."""

from dataclasses import replace
from typing import Any

from contenthub.delivery.consumers.scope import EVERYTHING
from contenthub.delivery.documents import Json, referred_keys
from contenthub.delivery.filters import seen_keys
from contenthub.delivery.versions import ServedVersion

from .context import RequestContext


def seen_version(version: ServedVersion | None, around: RequestContext) -> ServedVersion | None:
    """Return a version as the caller may see it: without what its scope hides, None if it hides the whole."""
    if version is None or around.scope == EVERYTHING:
        return version
    document = version.document
    channels = document["channels"]
    served = {code for entry in around.locales.by_code.values() for code in entry.chain}
    is_meant = not channels or any(around.channels.find(code) for code in channels)
    is_named = not around.scope.keys or version.key in around.scope.keys
    if not (around.scope.shows_type(document["type"]) and version.locale in served and is_meant and is_named):
        return None
    return replace(version, document=_Screen(around, document).show(document))


class _Screen:
    """Leaves out of a document the codes and keys that are not seen."""

    def __init__(self, around: RequestContext, document: Json) -> None:
        self._around = around
        scope = around.scope.rows(around.channels, around.locales)
        self._keys = seen_keys(set(referred_keys(document, document.get("blocks", ()))), scope, around.now)

    def show(self, document: Json) -> Json:
        shown = {name: self._value(value) for name, value in document.items()}
        shown["terms"] = [code for code in document["terms"] if self._finds(code)]
        shown["channels"] = [code for code in document["channels"] if self._around.channels.find(code)]
        shown["references"] = [each for each in document["references"] if each["key"] in self._keys]
        return shown

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(each) for each in value if not self._is_hidden(each)]
        if not isinstance(value, dict):
            return value
        shown = {name: self._value(each) for name, each in value.items()}
        if value.get("kind") == "term":
            shown["value"] = [code for code in value["value"] if self._finds(code)]
        elif value.get("kind") == "item":
            shown["value"] = [key for key in value["value"] if key in self._keys]
        if value.get("action") and not self._finds(value["action"]):
            shown["action"] = None
        return shown

    def _is_hidden(self, value: Any) -> bool:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind == "product_reference":
            return not self._finds(value["term"])
        return kind == "item_reference" and value["key"] not in self._keys

    def _finds(self, code: str) -> bool:
        return self._around.taxonomy.find(code) is not None
