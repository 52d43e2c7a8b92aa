"""Which of a picture's sizes a channel takes."""

from typing import Any

Json = dict[str, Any]

CLOSE_ENOUGH = 0.02  # of the ratio: whole pixels seldom meet it exactly


def choose_size(image: Json, minimum_width: int) -> Json:
    """Return the smallest size that is wide enough, else the largest: ``{"url", "width", "height"}``."""
    sizes = sorted((image, *image["sources"]), key=lambda size: size["width"])
    chosen = next((size for size in sizes if size["width"] >= minimum_width), sizes[-1]) if minimum_width else image
    return {name: chosen[name] for name in ("url", "width", "height")}


def has_ratio(image: Json, ratio: str) -> bool:
    """Return whether width to height are as in ``ratio``, for example 16:9."""
    width, height = map(int, ratio.split(":"))
    return abs(image["width"] * height - image["height"] * width) <= CLOSE_ENOUGH * image["height"] * width
