"""Changing the taxonomy so that no consumer breaks: say what is to change, look at what that touches, do it, undo it.

>>> impact = preview(Merge("journey:look", into="journey:compare"))          # nothing is written
>>> done = apply(Merge("journey:look", into="journey:compare"), user=user, basis=impact.basis)
>>> undo(done, user=user)

What cannot be done raises ValidationError, naming the term and the remedy, and nothing is changed.
"""

from taxonomy.changes.engine import apply, apply_all, preview, preview_all
from taxonomy.changes.impact import Impact
from taxonomy.changes.kinds import Change, Merge, Move, Rename, Restore, Retire, Split, from_json
from taxonomy.changes.undoing import undo, undo_all, what_builds_on

__all__ = [
    "Change",
    "Impact",
    "Merge",
    "Move",
    "Rename",
    "Restore",
    "Retire",
    "Split",
    "apply",
    "apply_all",
    "from_json",
    "preview",
    "preview_all",
    "undo",
    "undo_all",
    "what_builds_on",
]
