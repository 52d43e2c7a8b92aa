"""Translating side by side: the original on the left, one's own language on the right, text by text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import linebreaksbr
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.log_actions import log

from contenthub.delivery import store
from contenthub.delivery.search import plain_text
from locales.cldr import direction

from ..codes import TextKind, UnitState
from ..differences import difference
from ..granting import LanguageLock
from ..models import ContentItem, Variant
from ..publishing import sync
from ..richtext import FEATURES, clean_html
from .staleness import Change, changes_of, mark_up_to_date, original_of
from .units import Unit, refusal, save_draft, units_of, with_texts


class TextsForm(forms.Form):
    """One field a text, each with what it held when the page was opened: only what was changed is written."""

    def __init__(self, *args: Any, units: Sequence[Unit], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {f"text-{unit.id}": unit for unit in units}
        for place, (name, unit) in enumerate(self.units.items(), 1):
            self.fields[name] = _field(unit, language)
            # The editor of rich text looks for its field by an id in which a full stop would mean something else.
            self.fields[name].widget.attrs["id"] = f"text-{place}"

    def clean(self) -> dict[str, Any]:
        """Refuse a text that somebody else changed meanwhile to something else, and what its place cannot hold."""
        cleaned = super().clean()
        for name in self.changed_data:
            unit, text = self.units[name], cleaned.get(name)
            if text is None:
                continue
            if self._opened_with(name) != unit.target and text != unit.target:
                there = unit.target or _("nothing")
                self.add_error(name, _("Somebody changed this text meanwhile. It now says: %(text)s") % {"text": there})
            elif message := refusal(unit, text):
                self.add_error(name, message)
        return cleaned

    def texts(self) -> dict[str, str]:
        """Return what was changed, by the ids of the units."""
        return {self.units[name].id: self.cleaned_data[name] for name in self.changed_data}

    def _opened_with(self, name: str) -> str:
        field = self.fields[name]
        return field.clean(field.hidden_widget().value_from_datadict(self.data, None, self.add_initial_prefix(name)))


class RichTextField(forms.CharField):
    """Rich text; what its editor writes otherwise without a change by hand is no change."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self._as_edited(initial) != _plain(self.clean(data))

    def _as_edited(self, html: Any) -> str:
        edited = self.widget.format_value(self.clean(html))
        return _plain(self.widget.value_from_datadict({"text": edited}, {}, "text") or "")


def _plain(html: str) -> str:
    """Return HTML as two of the same are compared: without the editor's keys, an empty paragraph as nothing."""
    html = re.sub(r' data-block-key="[^"]*"', "", html)
    return "" if html in ("<p></p>", "<p><br/></p>") else html


def _field(unit: Unit, language: str) -> forms.CharField:
    # How much fits is told by ``refusal``: nothing that was typed is cut.
    given = {"label": " › ".join(unit.path), "initial": unit.target, "required": False, "show_hidden_initial": True}
    if unit.kind == TextKind.RICH:
        widget = get_rich_text_editor_widget(features=FEATURES)
        widget.options = {**(widget.options or {}), "ariaLabel": given["label"]}
        field = RichTextField(widget=widget, strip=False, **given)
    else:
        field = forms.CharField(widget=AdminAutoHeightTextInput(), **given)
    field.widget.attrs |= {"lang": language, "dir": direction(language).lower()}
    if unit.inherited and unit.kind != TextKind.RICH:
        field.widget.attrs["placeholder"] = unit.inherited
    return field


@dataclass(frozen=True)
class Pair:
    """A text of the original and the field for it; ``change`` is what the original says otherwise since."""

    unit: Unit
    field: forms.BoundField
    change: Change | None = None

    @property
    def original(self) -> SafeString:
        """The original's text, as it is read."""
        if self.unit.kind == TextKind.RICH:
            return mark_safe(clean_html(self.unit.source))
        return linebreaksbr(self.unit.source, autoescape=True)

    @property
    def inherited(self) -> str:
        """What is taken from the language, where the field has no place to show it."""
        return plain_text(self.unit.inherited).strip() if self.unit.kind == TextKind.RICH else ""

    @property
    def difference(self) -> SafeString | None:
        """What changed in the original, if there is a translation that it may matter to."""
        if self.unit.state != UnitState.STALE or self.change is None:
            return None
        return difference(self._readable(self.change.then or ""), self._readable(self.change.now or ""))

    def _readable(self, text: str) -> str:
        return plain_text(text).strip() if self.unit.kind == TextKind.RICH else text

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return self.unit.state in (UnitState.MISSING, UnitState.STALE)


def translate(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the texts of a localization beside those of its original; save what was changed as a draft."""
    return _side_by_side(request, ContentItem.objects.select_related("type", "locale"), pk)


def translate_variant(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the texts of a variant in one language beside those of the original's; save what was changed as a draft."""
    return _side_by_side(request, Variant.objects.select_related("localization__type", "localization__locale"), pk)


def _side_by_side(request: HttpRequest, rows: QuerySet, pk: int) -> HttpResponse:
    if not request.user.has_perm(f"content.change_{rows.model._meta.model_name}"):
        raise PermissionDenied
    row = get_object_or_404(rows, pk=pk)
    source = original_of(row.get_latest_revision_as_object())
    if row.is_source or source is None:
        raise Http404
    language = LanguageLock(row)
    lock = language if language.for_user(request.user) else row.get_lock()
    is_locked = bool(lock and lock.for_user(request.user))
    if request.method == "POST" and not is_locked:
        with transaction.atomic():
            store.lock_items([row.key])
            row.refresh_from_db()
            form = _form(row, source, request.POST)
            if form.is_valid():
                return _saved(request, row, source, form)
        messages.error(request, _("Nothing was saved yet: see below what needs your attention."))
    else:
        form = _form(row, source)
        if is_locked:
            messages.warning(request, lock.get_message(request.user))
    return TemplateResponse(request, "content/translating/translate.html", _context(row, source, form, is_locked))


def _form(row: Any, source: Any, data: Any = None) -> TextsForm:
    units = units_of(row.get_latest_revision_as_object(), source=source)
    return TextsForm(data, units=units, language=row.locale.language_code)


def _saved(request: HttpRequest, row: Any, source: Any, form: TextsForm) -> HttpResponse:
    texts, right = form.texts(), request.POST.getlist("right")
    is_all_right = "all_right" in request.POST
    if texts:
        draft = with_texts(row.get_latest_revision_as_object(), texts, source=source)
        save_draft(draft, user=request.user)
        messages.success(request, _("Saved as a draft. What readers see is as it was."))
    if right or is_all_right:
        row.refresh_from_db()
        mark_up_to_date(row, None if is_all_right else right)
        sync(row.key)
        log(row, "content.up_to_date", user=request.user)
        messages.success(request, _("Marked as up to date with the original."))
    elif not texts:
        messages.info(request, _("Nothing was changed."))
    return HttpResponseRedirect(reverse(f"{_screens(row)}:translate", args=[row.pk]))


def _screens(row: Any) -> str:
    """Return the namespace of the editor's screens for a row."""
    return "variants" if isinstance(row, Variant) else "items"


def _context(row: Any, source: Any, form: TextsForm, is_locked: bool) -> dict[str, Any]:
    changes = changes_of(row.get_latest_revision_as_object(), source)
    edit_url, base = reverse(f"{_screens(row)}:edit", args=[row.pk]), getattr(row, "localization", row)
    version = [{"url": edit_url, "label": row.code}] if isinstance(row, Variant) else []
    title = _("Translate into %(language)s") % {"language": row.locale}
    subtitle = f"{row.code} · \u2068{source.localization}\u2069" if version else str(source)
    pairs = [Pair(unit, form[name], changes.pop(unit.id, None)) for name, unit in form.units.items()]
    return {
        "row": row,
        "edit_url": edit_url,
        "source": source,
        "form": form,
        "pairs": pairs,
        "left": _left(pairs),
        "untouched": _untouched(pairs),
        "others": changes.values(),
        "has_changes": bool(changes) or any(pair.difference for pair in pairs),
        "is_locked": is_locked,
        "source_direction": direction(source.locale.language_code).lower(),
        "media": form.media,
        "header_title": title,
        "header_icon": "globe",
        "page_subtitle": subtitle,
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("items:list"), "label": _("Items")},
            {"url": reverse("items:edit", args=[base.pk]), "label": str(base)},
            *version,
            {"url": "", "label": title, "sublabel": subtitle},
        ],
    }


def _left(pairs: Iterable[Pair]) -> int:
    return sum(pair.is_open for pair in pairs)


def _untouched(pairs: Iterable[Pair]) -> int:
    return sum(pair.unit.state == UnitState.SAME for pair in pairs)
