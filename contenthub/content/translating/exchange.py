"""Texts out to translation agencies and back: what comes back becomes drafts, and nothing of it is on air.

One file is of one source and one target language. Each text is named by item, version and unit:
``offer/spring@students#body.intro.text``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale

from contenthub.accounts.grants import refuse_language
from contenthub.delivery import store
from locales.messages import Message, UnreadableFile, from_po, to_po

from ..codes import TextKind, UnitState
from ..localizations import create_localization
from ..models import ContentItem, Variant
from ..publishing import sync
from ..variants.making import create_variant
from .staleness import mark_up_to_date, original_of
from .units import Unit, refusal, save_draft, units_of, with_texts
from .xliff import from_xliff, owner_of, to_xliff1, to_xliff2

LARGEST_BYTES = 32 * 1024 * 1024
MOST_TEXTS = 200_000
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")


class FileFormat(models.TextChoices):
    """What agencies and tools read and write."""

    PO = "po", gettext_lazy("gettext PO")
    XLIFF1 = "xliff-1.2", gettext_lazy("XLIFF 1.2")
    XLIFF2 = "xliff-2.0", gettext_lazy("XLIFF 2.0")

    @property
    def ending(self) -> str:
        return "po" if self is FileFormat.PO else "xlf"


class FindingKind(models.TextChoices):
    """What an import has to say about one text."""

    UNKNOWN = "unknown", gettext_lazy("Not found")
    REFUSED = "refused", gettext_lazy("Not allowed")
    TOO_LONG_OR_MARKUP = "unfit", gettext_lazy("Does not fit its place")
    PLACEHOLDER = "placeholder", gettext_lazy("Placeholders differ")
    TAGS = "tags", gettext_lazy("Markup differs from the original")
    STALE = "stale", gettext_lazy("Translated from an older original")


IMPORTED = frozenset({FindingKind.TAGS, FindingKind.STALE})  # told, and imported all the same


@dataclass(frozen=True)
class Finding:
    """Something to look at; ``context`` names the text."""

    kind: FindingKind
    context: str
    message: str


@dataclass
class Report:
    """What came of an import; ``drafts`` has the rows that have a new draft."""

    locale: Locale
    texts: int = 0
    confirmed: int = 0
    unchanged: int = 0
    empty: int = 0
    drafts: list[Any] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


# --- out --------------------------------------------------------------------------------------------------


def messages_of(sources: Iterable[ContentItem], locale: Locale, *, is_open: bool = False) -> Iterator[Message]:
    """Yield the texts of items and of their versions for a language, with what it says so far.

    ``sources`` are originals. ``is_open``: only what is missing, or older than the original.
    """
    for source in sources:
        row = ContentItem.objects.filter(key=source.key, locale=locale).first()
        newest = row.get_latest_revision_as_object() if row else _unwritten(source, locale)
        yield from _messages(source.key, newest, is_open)
        for variant in source.variants.all():
            own = Variant.objects.filter(localization=row, code=variant.code).first() if row else None
            delta = own.get_latest_revision_as_object() if own else Variant(localization=newest, code=variant.code)
            yield from _messages(f"{source.key}@{variant.code}", delta, is_open)


def to_file(messages: Iterable[Message], form: FileFormat, *, source: Locale, target: Locale) -> bytes:
    """Return messages as a file of a format."""
    write: Mapping[FileFormat, Callable[..., bytes]] = {
        FileFormat.PO: to_po,
        FileFormat.XLIFF1: to_xliff1,
        FileFormat.XLIFF2: to_xliff2,
    }
    return write[form](messages, source=source.language_code, target=target.language_code)


def _messages(owner: str, row: Any, is_open: bool) -> Iterator[Message]:
    for unit in units_of(row):
        is_left = unit.state in (UnitState.MISSING, UnitState.SAME, UnitState.STALE)
        if is_left or not is_open:
            yield Message(
                f"{owner}#{unit.id}",
                unit.source,
                # What was only copied from the original is still to be written.
                "" if unit.state == UnitState.SAME else unit.target,
                tuple(_notes(unit)),
                unit.max_length,
                is_fuzzy=unit.state == UnitState.STALE,
            )


def _notes(unit: Unit) -> Iterator[str]:
    yield " › ".join(unit.path)
    if unit.kind == TextKind.RICH:
        yield _("HTML: leave the tags as they are.")
    elif unit.kind == TextKind.ALT:
        yield _("Alternative text: what the picture says to those who cannot see it.")
    if unit.max_length:
        yield _("At most %(count)d characters.") % {"count": unit.max_length}


def _unwritten(source: ContentItem, locale: Locale) -> ContentItem:
    return ContentItem(key=source.key, type=source.type, locale=locale, is_source=False)


# --- back -------------------------------------------------------------------------------------------------


def from_file(data: bytes) -> tuple[str | None, list[Message]]:
    """Return the target language that a file names, and its messages, whatever its format.

    Raises:
        UnreadableFile: it is too large, or none of the formats.
    """
    if len(data) > LARGEST_BYTES:
        raise UnreadableFile(
            _("The file has %(data)s bytes; %(largest_bytes)s are allowed.")
            % {"data": f"{len(data):,}", "largest_bytes": f"{LARGEST_BYTES:,}"}
        )
    if not data.strip():
        raise UnreadableFile(_("The file is empty."))
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or data.startswith((b"\xff\xfe", b"\xfe\xff"))
    language, messages = from_xliff(data) if is_xml else from_po(data.removeprefix(b"\xef\xbb\xbf"))
    if len(messages) > MOST_TEXTS:
        raise UnreadableFile(
            _("The file has %(messages)s texts; %(most_texts)s are allowed.")
            % {"messages": f"{len(messages):,}", "most_texts": f"{MOST_TEXTS:,}"}
        )
    return language, messages


def import_messages(messages: Iterable[Message], locale: Locale, *, user: Any = None, dry_run: bool = False) -> Report:
    """Write translations as drafts, row by row, each whole or not at all; what is on air stays as it is.

    A text that was translated from an older original is written, and goes on counting as older. One that is as it
    was and no longer marked as unfinished is noted to be up to date.

    Raises:
        PermissionDenied: ``user`` may not write in this language.
    """
    refuse_language(user, locale)
    report = Report(locale)
    for owner, texts in groupby(sorted(messages, key=owner_of), owner_of):
        try:
            with transaction.atomic():
                _import_row(owner, list(texts), report, user)
                if dry_run:
                    transaction.set_rollback(True)
        except (ValidationError, PermissionDenied) as error:
            said = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            report.findings.append(Finding(FindingKind.REFUSED, owner, said))
    return report


def _import_row(owner: str, messages: list[Message], report: Report, user: Any) -> None:
    key, _at, code = owner.partition("@")
    store.lock_items([key])
    source = ContentItem.objects.sources().filter(key=key).first()
    if source is None or (code and not source.variants.filter(code=code).exists()):
        report.findings.append(Finding(FindingKind.UNKNOWN, owner, _("There is no such item or version.")))
        return
    if source.locale_id == report.locale.pk:
        raise ValidationError(_("%(language)s is the original of this item.") % {"language": report.locale})
    row = _row(source, code, report.locale, messages, user)
    if row is None:
        report.texts += len(messages)
        report.empty += len(messages)
        return
    lock = row.get_lock()
    if lock and user is not None and lock.for_user(user):
        raise ValidationError(_("It is locked."))
    _import_texts(row, owner, messages, report, user)


def _row(source: ContentItem, code: str, locale: Locale, messages: list[Message], user: Any) -> Any:
    """Return the row that texts are for, made where there is something to write; None: there is neither."""
    row = ContentItem.objects.filter(key=source.key, locale=locale).first()
    if row is None:
        if not any(one.target for one in messages):
            return None
        _refuse_beginning(user, "content.add_contentitem")
        row = create_localization(source, locale, user=user)
    if not code:
        return row
    variant = Variant.objects.filter(localization=row, code=code).first()
    if variant is None and any(one.target for one in messages):
        _refuse_beginning(user, "content.add_variant")
        variant = create_variant(row, code, user=user)
    return variant


def _refuse_beginning(user: Any, right: str) -> None:
    """Raise PermissionDenied where somebody may write what is there, and begin nothing."""
    if user is not None and not user.has_perm(right):
        raise PermissionDenied(_("This language is not begun yet, and you may not begin it."))


def _import_texts(row: Any, owner: str, messages: list[Message], report: Report, user: Any) -> None:
    draft = row.get_latest_revision_as_object()
    source = original_of(draft)
    units = {unit.id: unit for unit in units_of(draft, source=source)}
    texts: dict[str, str] = {}
    older: dict[str, str] = {}
    confirmed: list[str] = []
    for one in messages:
        name = one.context.partition("#")[2]
        unit = units.get(name)
        report.texts += 1
        if unit is None:
            report.findings.append(Finding(FindingKind.UNKNOWN, one.context, _("There is no such text any more.")))
        elif not one.target:
            report.empty += 1
        elif _alike(one.target, unit.target):
            is_right = unit.state == UnitState.STALE and not one.is_fuzzy and _alike(one.source, unit.source)
            confirmed += [name] if is_right else []
            report.unchanged += not is_right
        else:
            findings = list(_findings(one, unit))
            report.findings += findings
            if all(finding.kind in IMPORTED for finding in findings):
                texts[name] = one.target
                if any(finding.kind == FindingKind.STALE for finding in findings):
                    older[name] = one.source
                elif unit.state == UnitState.STALE and one.is_fuzzy:
                    older[name] = draft.source_values.get(name, "")
    if texts:
        draft = with_texts(draft, texts, source=source)
        draft.written_for = older
        save_draft(draft, user=user)
        report.drafts.append(row)
    if confirmed:
        row.refresh_from_db()
        mark_up_to_date(row, confirmed)
        sync(row.key)
        report.confirmed += len(confirmed)


def _findings(message: Message, unit: Unit) -> Iterator[Finding]:
    if said := refusal(unit, message.target) or _broken(unit, message.target):
        yield Finding(FindingKind.TOO_LONG_OR_MARKUP, message.context, said)
        return
    theirs, ours = (Counter(_PLACEHOLDER.findall(text)) for text in (message.target, unit.source))
    if theirs != ours:
        lost, more = ours - theirs, theirs - ours
        parts = [_("missing: %(names)s") % {"names": ", ".join(lost)} if lost else ""]
        parts += [_("not in the original: %(names)s") % {"names": ", ".join(more)} if more else ""]
        yield Finding(FindingKind.PLACEHOLDER, message.context, "; ".join(filter(None, parts)))
    if unit.kind == TextKind.RICH and Counter(_tags(message.target)) != Counter(_tags(unit.source)):
        yield Finding(FindingKind.TAGS, message.context, _("It has other tags than the original."))
    if not _alike(message.source, unit.source):
        yield Finding(
            FindingKind.STALE, message.context, _("The original now says: %(text)s") % {"text": unit.source[:200]}
        )


def _broken(unit: Unit, text: str) -> str | None:
    """Return what is wrong with the nesting of tags."""
    if unit.kind != TextKind.RICH:
        return None
    reader = _Nesting()
    reader.feed(text)
    reader.close()
    return _("Tags are not closed: %(tags)s") % {"tags": " ".join(reader.wrong)} if reader.finish() else None


def _tags(html: str) -> list[str]:
    return re.findall(r"<([a-z][a-z0-9]*)", html)


def _alike(one: str, other: str) -> bool:
    """Return whether two texts are the same but for spaces around them and how lines end."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


class _Nesting(HTMLParser):
    """Finds tags that are not closed, or closed and never opened."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}>")

    def finish(self) -> bool:
        self.wrong += [f"<{tag}>" for tag in self.open]
        return bool(self.wrong)
