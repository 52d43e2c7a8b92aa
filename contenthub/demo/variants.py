"""The demo's versions of items: for segments, markets, channels and the arm of a test."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from channels.models import Channel
from contenthub.content.models import ContentItem, Variant, VariantChannel, VariantTerm
from contenthub.content.variants.making import remember_base, set_override
from taxonomy.models import Term


def load_variants(path: Path) -> int:
    """Make and publish the versions of a file that the hub does not have yet; return how many."""
    return sum(_load(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def _load(entry: dict[str, Any]) -> int:
    """Make one version, the original's first: it says whom the version is for."""
    rows = ContentItem.objects.of_keys([entry["item"]]).filter(locale__language_code__in=entry["texts"])
    made = 0
    for base in rows.select_related("locale").order_by("-is_source"):
        if Variant.objects.filter(localization=base, code=entry["code"]).exists():
            continue
        variant = Variant(localization=base, code=entry["code"], live=False)
        if base.is_source:
            _target(variant, entry)
        for name, value in entry["texts"][base.locale.language_code].items():
            set_override(variant, name, value)
        variant.full_clean(exclude=["base_revision"])
        variant.save()
        remember_base(variant)
        variant.save_revision(log_action="wagtail.create").publish()
        made += 1
    return made


def _target(variant: Variant, entry: dict[str, Any]) -> None:
    terms = [Term.objects.get(code=code) for code in entry.get("terms", ())]
    channels = [Channel.objects.get(code=code) for code in entry.get("channels", ())]
    variant.audience = [VariantTerm(term=term, sort_order=place) for place, term in enumerate(terms)]
    variant.channels = [VariantChannel(channel=one, sort_order=place) for place, one in enumerate(channels)]
    variant.priority = entry.get("priority", 0)
    variant.experiment, variant.arm = entry.get("experiment", ""), entry.get("arm", "")
    if ends := entry.get("ends"):
        today = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
        variant.expire_at = today + timedelta(days=int(ends.strip("@d")))
