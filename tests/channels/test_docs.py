"""docs/channels.md says what channels begin with."""

import re
from pathlib import Path

import pytest

from channels.codes import Measure, Shape
from channels.starter import BY_KIND

PAGE = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", BY_KIND)
def test_the_fields_of_each_kind_are_listed(kind):
    told = re.search(rf"^\| {kind} \| (.*) \|$", PAGE, re.MULTILINE)

    assert told
    assert told.group(1).split(", ") == [name for name, *_ in BY_KIND[kind].fields]


@pytest.mark.parametrize("value", [*Measure.values, *Shape.values])
def test_every_measure_and_shape_is_explained(value):
    assert f"`{value}`" in PAGE
