"""Plans as files: JSON with a title and steps, as docs/taxonomy.md describes them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from taxonomy.changes import Change, apply_all, preview_all
from taxonomy.changes.telling import told
from taxonomy.models import ChangePlan, PlanRemark, PlanState
from taxonomy.plans import changes_of
from taxonomy.termreader import is_storable

LARGEST_FILE = 10 * 1024 * 1024


@dataclass(frozen=True)
class PlanFile:
    """A plan as it was read."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Outcome:
    """What a plan does: a line for each step, and what is touched, by name."""

    lines: tuple[str, ...]
    counts: Mapping[str, int]


def read_plan_file(path: Path) -> PlanFile:
    """Return the plan in a file.

    Raises:
        ValidationError: the file is missing or unreadable, or steps are malformed: all of them, by number.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ValidationError(f"{path} is larger than {LARGEST_FILE // 1024 // 1024} MB.")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ValidationError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValidationError(f"{path} is no JSON in UTF-8: {error}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("title", ""), str):
        raise ValidationError(f'{path} is no plan: it is an object with a "title" and "steps".')
    if not is_storable(content.get("title", "")):
        raise ValidationError(f"{path}: the title holds a character that cannot be stored.")
    if unknown := sorted(content.keys() - {"title", "steps"}):
        raise ValidationError(f"{path}: a plan has no {', '.join(unknown)}, only title and steps.")
    return PlanFile((content.get("title") or path.stem)[:200], tuple(changes_of(content.get("steps"))))


@transaction.atomic
def apply_file(file: PlanFile, *, dry_run: bool) -> Outcome:
    """Make all changes of the file, or tell what they would do. What is so already is passed over.

    A plan is kept of what was done: it can be undone as one.

    Raises:
        ValidationError: a step cannot be done, by number; nothing was changed.
    """
    impact = preview_all(file.changes, skip_done=True)
    lines = tuple(f"{number}. {told(change, str)}" for number, change in enumerate(file.changes, start=1))
    if not dry_run and impact.terms:
        steps = [change.as_json() for change in file.changes]
        plan = ChangePlan.objects.create(title=file.title, steps=steps, state=PlanState.APPLIED)
        PlanRemark.objects.create(plan=plan, did=PlanState.APPLIED)
        apply_all(file.changes, plan=plan, skip_done=True)
    return Outcome(lines, {name: count for name, count in impact.counts.items() if count})
