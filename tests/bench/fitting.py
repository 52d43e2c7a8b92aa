"""What it costs to shape a piece for a channel, and to judge an item in all its languages, versions and channels."""

from collections.abc import Iterator
from pathlib import Path

from tests.bench.corpus import load_corpus
from tests.bench.measuring import Row, cost

LANGUAGES, VERSIONS, CHANNELS = 10, 5, 12
TAGS = "en ja de fr es it nl pl pt sv".split()
RENDITION = """query ($channel: String!) { item(key: "article/bench-1", context: {locale: "en"}) {
  rendition(channel: $channel) { fields fits findings { message } } } }"""
WITHOUT = """{ item(key: "article/bench-1", context: {locale: "en"}) { key body } }"""


def measure(folder: Path) -> Iterator[Row]:
    from django.test import Client

    from channels.registry import channel_registry
    from contenthub.content.channelchecks import check_item

    load_corpus(folder)
    client = Client()

    def asking(query: str, **variables: str) -> None:
        answer = client.post("/graphql", {"query": query, "variables": variables}, "application/json").json()
        assert "errors" not in answer, answer

    bare = cost(lambda: asking(WITHOUT))
    for channel in ("channel:web-page", "channel:email-marketing", "channel:mobile-push"):
        wall, cpu = cost(lambda channel=channel: asking(RENDITION, channel=channel))
        told = f"{(wall - bare[0]) * 1000:.1f} ({cpu * 1000:.1f})"
        yield (f"rendition for {channel} beyond the item itself, ms (CPU ms in all)", told, "< 3", "")
    item = _item_in_all(channel_registry())
    wall, cpu = cost(lambda: check_item(item))
    name = f"checks of {LANGUAGES} languages x {VERSIONS} versions x {CHANNELS} channels, s (CPU s)"
    yield (name, f"{wall:.2f} ({cpu:.2f})", "< 1.5", "")


def mean_for_channels(item, registry) -> None:
    """Save a draft of an item that is meant for twelve channels."""
    from contenthub.content.models import ItemChannel

    named = [entry for entry in registry.current if entry.fields][:CHANNELS]
    draft = item.get_latest_revision_as_object()
    draft.channels = [ItemChannel(channel_id=entry.id, sort_order=place) for place, entry in enumerate(named)]
    draft.save_revision(clean=False)


def _item_in_all(registry):
    """Return an item in ten languages with five versions of each, each for a segment, meant for twelve channels."""
    from contenthub.content.localizations import create_localization
    from contenthub.content.models import ContentItem
    from contenthub.content.variants.making import create_variant, set_override
    from locales.changes import ensure_locale
    from taxonomy.models import Term

    segments = Term.objects.filter(facet__code="segment").order_by("code")[:VERSIONS]
    source = ContentItem.objects.sources().get(key="article/bench-0")
    mean_for_channels(source, registry)
    for tag in TAGS[:LANGUAGES]:
        base = ContentItem.objects.filter(key=source.key, locale__language_code=tag).first()
        base = base or create_localization(source, ensure_locale(tag))
        for number, segment in enumerate(segments):
            terms = [segment] if base.is_source else ()
            variant = create_variant(base, f"v{number}", terms=terms).get_latest_revision_as_object()
            set_override(variant, "headline", f"A headline of its own for version {number} in {tag}")
            variant.save_revision(clean=False)
    return source
