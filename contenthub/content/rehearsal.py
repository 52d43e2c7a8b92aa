"""Drafts put on air for one answer, and taken back: a preview is a publication that is rolled back (docs/adr/0009)."""

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from contenthub.accounts.models import User
from contenthub.delivery import store
from contenthub.delivery.documents import ItemProjection
from frontend_preview.tokens import Ticket, TokenInvalid, is_review

from .airing import rows_drafted, variants_drafted
from .experiments.running import rehearse
from .preview import UNNAMED, find_preview
from .projection import project_drafts
from .regions import languages_of
from .reviewing import find_link

MOST_REFERRED = 100  # items to which a draft refers, seen in their drafts too


def put_on_air(token: str, *, now: datetime) -> None:
    """Write what a token's draft would put on air into the published store, for the caller to roll back.

    With a localization go the newest drafts of the item's versions, for reviewers in their language alone; with a
    version goes its base as it stands. For whoever edits items, a region's language that is not on air yet and what
    the draft refers to are there in their newest drafts too. So a preview is answered by all that answers readers,
    and by nothing else.

    Raises:
        TokenInvalid, TokenExpired: the token opens nothing.
    """
    base, variants = read_draft(token).drafts_on_air(in_all_languages=not is_review(token))
    base.key = base.key or UNNAMED
    rows, variants = [base], list(variants)
    if _opens_other_drafts(token):
        rows += [language for language in languages_of(base) if not language.live]
        # Projected once more below: only when it is known what they are can all be locked, in one order.
        others = _referred_keys(project_drafts(rows, variants, now=now)) - {base.key}
        rows += rows_drafted(others)
        variants += variants_drafted(others)
    store.lock_items({row.key for row in (*rows, *variants)})
    projections = project_drafts(rows, variants, now=now)
    store.write(projections, now=now)
    rehearse(_tests_of(projections), now=now)


def _opens_other_drafts(token: str) -> bool:
    """Tell whether drafts of other items may be seen with a token: by whoever edits items, never by reviewers."""
    if is_review(token):
        return False
    user = User.objects.get(pk=Ticket.read(token).user_id)
    return user.has_perm("content.change_contentitem")


def _referred_keys(projections: Iterable[ItemProjection]) -> set[str]:
    """Return the keys of the items that these refer to in any language, the first ``MOST_REFERRED`` of them."""
    found = dict.fromkeys(key for projection in projections for key in projection.referred_keys())
    return set(islice(found, MOST_REFERRED))


def _tests_of(projections: Iterable[ItemProjection]) -> set[str]:
    """Return the codes of the tests to which versions of items belong."""
    variants = (one for each in projections for found in each.variants.values() for one in found)
    return {one.targeting.experiment for one in variants if one.targeting.experiment}


def read_draft(token: str) -> Any:
    """Return the row that a token names, with the draft's content; for reviewers its newest draft.

    Raises:
        TokenInvalid, TokenExpired: as ``find_preview`` and ``find_link`` do.
    """
    if is_review(token):
        return find_link(token).item.get_latest_revision_as_object()
    ticket, preview = find_preview(token)
    model, content = preview.content_type.model_class(), json.loads(preview.content_json)
    if ticket.pk is None:
        return model.from_serializable_data(content)
    row = model.objects.filter(pk=ticket.pk).first()
    if row is None:
        raise TokenInvalid
    return row.with_content_json(content)
