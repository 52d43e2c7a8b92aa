"""Form fields about languages, for the screens of any room."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language

from locales.catalogue import LocaleCatalogue, locale_catalogue
from locales.cldr import direction, locale_name
from locales.tags import MalformedTag


class SuggestionInput(forms.TextInput):
    """A text input that offers values while one types; ``suggestions`` are pairs of value and description."""

    template_name = "locales/widgets/suggestion_input.html"

    def __init__(self, suggestions: Iterable[tuple[str, str]] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.suggestions = list(suggestions)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}-suggestions"
        context["widget"]["attrs"]["list"] = list_id
        return context | {"list_id": list_id, "suggestions": self.suggestions}


class TextPerLocaleInput(forms.Widget):
    """One input for each locale of the hub, the default first, and for any other language that has a text."""

    template_name = "locales/widgets/text_per_locale_input.html"

    class Media:
        css = {"all": ["locales/text_per_locale_input.css"]}

    def get_context(self, name: str, value: Mapping[str, str] | None, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        texts = dict(value or {})
        shown_in = get_language() or "en"
        tags = [*locale_catalogue().by_code]
        tags += sorted(texts.keys() - set(tags))
        context["widget"]["rows"] = [
            {
                "name": f"{name}-{tag}",
                "id": f"{context['widget']['attrs'].get('id', name)}-{tag}",
                "tag": tag,
                "language": locale_name(tag, shown_in),
                "direction": direction(tag).lower(),
                "text": texts.get(tag, ""),
            }
            for tag in tags
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        prefix = f"{name}-"
        return {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_: str) -> str:
        return ""


class TextPerLocaleField(forms.Field):
    """A mapping of language tags to texts; empty inputs are left out of it."""

    widget = TextPerLocaleInput

    def to_python(self, value: Mapping[str, str] | None) -> dict[str, str]:
        return {tag: text.strip() for tag, text in (value or {}).items() if text.strip()}

    def has_changed(self, initial: Mapping[str, str] | None, data: Mapping[str, str] | None) -> bool:
        return self.to_python(initial) != self.to_python(data)


def editor_chain(catalogue: LocaleCatalogue) -> tuple[str, ...]:
    """Return the chain for labels on a screen: that of the language of the admin, if the hub has it."""
    try:
        entry = catalogue.negotiate(get_language() or "en")
    except MalformedTag:
        entry = None
    return entry.chain if entry else catalogue.default.chain
