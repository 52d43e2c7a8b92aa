"""Items put into the published store by hand, through the same door as the content room."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from contenthub.delivery import store
from contenthub.delivery.documents import Facts, ItemProjection, Json, Publication, VariantPublication
from contenthub.delivery.models import FOREVER
from contenthub.delivery.targeting import Targeting

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=400)
DAY = timedelta(days=1)


def text(
    headline: str = "Headline",
    *,
    summary: str | None = None,
    slug: str = "",
    start: datetime = NOW - DAY,
    end: datetime = FOREVER,
    published_at: datetime | None = None,
    updated_at: datetime | None = None,
    blocks: Sequence[Json] = (),
    fields: Sequence[Json] = (),
    texts: Mapping[str, str] | None = None,
    cta: Json | None = None,
    image: Json | None = None,
    is_stale: bool = False,
) -> Publication:
    """Return the text of one locale; it was published and changed when it went on air unless told otherwise."""
    return Publication(
        start=start,
        end=end,
        published_at=published_at or start,
        updated_at=updated_at or published_at or start,
        slug=slug,
        head={
            "headline": headline,
            "summary": summary,
            "cta": cta,
            "image": image,
            "texts": [{"name": name, "text": value} for name, value in (texts or {}).items()],
        },
        body={"blocks": list(blocks)},
        fields=tuple(fields),
        is_stale=is_stale,
    )


def delta(
    code: str,
    *,
    start: datetime = NOW - DAY,
    end: datetime = FOREVER,
    updated_at: datetime | None = None,
    blocks: Sequence[Json] | None = None,
    texts: Mapping[str, str] | None = None,
    targeting: Targeting | None = None,
    **whole: Any,
) -> VariantPublication:
    """Return a variant; what is given it overrides, of headline, summary, cta, image, ``blocks`` and ``texts``.

    Keywords that are parts of a targeting say whom it is for.
    """
    target = {name: whole.pop(name) for name in list(whole) if name in Targeting.__dataclass_fields__}
    names = ["callToAction" if name == "cta" else name for name in whole]
    names += ["body"] if blocks is not None else []
    names += [f"texts.{name}" for name in texts or {}]
    named = [{"name": name, "text": value} for name, value in (texts or {}).items() if value]
    return VariantPublication(
        code=code,
        start=start,
        end=end,
        published_at=start,
        updated_at=updated_at or start,
        targeting=targeting or Targeting(**target),
        head={"overrides": names, **whole, "texts": named, "fields": []},
        body={"blocks": list(blocks)} if blocks is not None else {},
    )


def project(
    key: str,
    texts: Mapping[str, Publication | Sequence[Publication]] | None = None,
    *,
    type: str = "article",
    terms: Sequence[str] = (),
    channels: Sequence[str] = (),
    references: Sequence[tuple[str, str]] = (),
    fields: Sequence[Json] = (),
    priority: int = 0,
    fallback_allowed: bool = True,
    variants: Sequence[VariantPublication] | Mapping[str, Sequence[VariantPublication]] = (),
) -> ItemProjection:
    """Return an item as the content room projects it: by default an English text on air since yesterday."""
    facts = Facts(
        since=LONG_AGO,
        type=type,
        terms=tuple(terms),
        channels=tuple(channels),
        references=tuple(references),
        fields=tuple(fields),
        priority=priority,
        fallback_allowed=fallback_allowed,
    )
    given = texts or {"en": text(f"Headline of {key}")}
    publications = {code: [each] if isinstance(each, Publication) else list(each) for code, each in given.items()}
    by_locale = variants if isinstance(variants, Mapping) else {"en": list(variants)}
    return ItemProjection(key=key, facts=(facts,), publications=publications, variants=by_locale)


def publish(*projections: ItemProjection, now: datetime = NOW) -> None:
    """Bring the store in step with these items."""
    with transaction.atomic():
        store.lock_items([projection.key for projection in projections])
        store.write(projections, now=now)
