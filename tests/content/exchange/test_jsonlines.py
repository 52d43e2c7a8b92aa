import json
import tracemalloc

import pytest
from django.core.exceptions import ValidationError

from contenthub.content.exchange.jsonlines import decoded, raw_line_at, raw_lines


def test_lines_are_numbered_empty_ones_too_and_found_again_by_their_place(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b'\xef\xbb\xbf1\r\n\n  \n"\xc3\xa9"\n4')

    with path.open("rb") as file:
        found = list(raw_lines(file))
        again = [decoded(raw_line_at(file, one.offset)) for one in found]

    assert [(one.number, decoded(one.raw)) for one in found] == [(1, 1), (4, "é"), (5, 4)]
    assert again == [1, "é", 4]


def test_a_file_without_line_ends_takes_no_more_memory_than_one_line(tmp_path):
    path = tmp_path / "lines"
    with path.open("wb") as file:
        for _ in range(60):
            file.write(b"x" * 1_000_000)

    tracemalloc.start()
    with path.open("rb") as file:
        (one,) = raw_lines(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20_000_000
    with pytest.raises(ValidationError, match="longer than 4194304 bytes"):
        decoded(one.raw)


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True, "é\u200f"]}, [], "x", 0, -(2**53), 1e-300, {"": {}}])
def test_what_could_be_kept_is_read_as_it_is(value):
    assert decoded(json.dumps(value).encode()) == value
