"""Pictures as published documents show them."""

import mimetypes
from collections.abc import Iterable, Iterator
from typing import Any

from wagtail.images import get_image_model

from contenthub.delivery.documents import Json

from .codes import FieldKind

MAIN = "max-1600x1600"
SOURCES = ("width-320", "width-640", "width-1280")


def images_of(row: Any) -> Iterator[int]:
    """Yield the ids of all pictures that a row shows."""
    if row.image_id:
        yield row.image_id
    for block in row.body.raw_data:
        if block["type"] == "image" and block["value"].get("image"):
            yield block["value"]["image"]
    for definition in row.type.field_definitions.all():
        if definition.kind == FieldKind.IMAGE:
            yield from (entry["id"] for entry in row.own_fields.get(definition.name) or ())


def load_images(ids: Iterable[int]) -> dict[int, Any]:
    """Return the pictures by id, their renditions read along; those that are gone are left out."""
    ids = set(ids)
    if not ids:
        return {}
    images = get_image_model().objects.filter(pk__in=ids).prefetch_renditions(MAIN, *SOURCES)
    return {image.pk: image for image in images}


def make_renditions(row: Any) -> None:
    """Make the renditions of all pictures of a row, so that no transaction waits for image work."""
    for image in load_images(images_of(row)).values():
        image.get_renditions(MAIN, *SOURCES)


def image_document(image: Any, *, alt: str, caption: str = "", credit: str = "") -> Json:
    """Return a picture in the form of published documents; a source that is no smaller than another is left out."""
    renditions = image.get_renditions(MAIN, *SOURCES)
    main = renditions[MAIN]
    widths = {renditions[spec].width: renditions[spec] for spec in reversed(SOURCES)}
    return {
        "url": main.url,
        "alt": alt or image.description or image.default_alt_text,
        "caption": caption or None,
        "credit": credit or None,
        "width": main.width,
        "height": main.height,
        "focal_point": _focal_point(image),
        "sources": [
            {
                "url": rendition.url,
                "width": rendition.width,
                "height": rendition.height,
                "mime_type": mimetypes.guess_type(rendition.url)[0] or "application/octet-stream",
            }
            for _, rendition in sorted(widths.items())
        ],
    }


def _focal_point(image: Any) -> Json | None:
    """Return the focal point as shares of width and height."""
    if not image.has_focal_point():
        return None
    return {"x": image.focal_point_x / image.width, "y": image.focal_point_y / image.height}
