"""What editors do to items, without a browser: drafts, publications, schedules and language versions."""

from datetime import datetime
from typing import Any

from wagtail.models import Revision

from contenthub.content.localizations import create_localization
from contenthub.content.models import ContentItem, ItemTerm
from locales.changes import ensure_locale


def draft(item: ContentItem, *, terms=None, **changes: Any) -> Revision:
    """Save a draft as the editor's form does: over the newest one, and on the row as well where it is not live."""
    row = ContentItem.objects.get(pk=item.pk)
    changed = row.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(changed, name, value)
    if terms is not None:
        changed.classification = [ItemTerm(term=term, sort_order=place) for place, term in enumerate(terms)]
    if not row.live:
        changed.save()
    return changed.save_revision(clean=False)


def publish(item: ContentItem, **changes: Any) -> ContentItem:
    """Save and publish at once; return the row as it then is."""
    draft(item, **{"go_live_at": None, **changes}).publish()
    return ContentItem.objects.get(pk=item.pk)


def schedule(item: ContentItem, at: datetime, **changes: Any) -> ContentItem:
    """Save and publish from ``at`` on; return the row as it then is."""
    draft(item, go_live_at=at, **changes).publish()
    return ContentItem.objects.get(pk=item.pk)


def localize(item: ContentItem, tag: str, **changes: Any) -> ContentItem:
    """Make a language version as a draft with these changes."""
    made = create_localization(item, ensure_locale(tag))
    draft(made, **{"headline": f"{item.headline} in {tag}", **changes})
    return ContentItem.objects.get(pk=made.pk)
