"""Clocks, and how figures are told."""

import statistics
import sys
import time
from collections.abc import Callable

REQUESTS = 200

Row = tuple[str, str, str, str]  # what, measured, target, beside it


def cost(action: Callable[[], object]) -> tuple[float, float]:
    """Return median seconds and mean CPU seconds of one call, warmed up; at most ten seconds are spent."""
    for _ in range(3):
        action()
    taken = []
    started, cpu = time.perf_counter(), time.process_time()
    while len(taken) < REQUESTS and time.perf_counter() - started < 10:
        taken.append(seconds(action))
    return statistics.median(taken), (time.process_time() - cpu) / len(taken)


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def say(text: str) -> None:
    print(f"== {text}" if not text.startswith(" ") else text, file=sys.stderr, flush=True)


def print_table(title: str, rows: list[Row]) -> None:
    print(f"\n{title}\n")
    table = [("what", "measured", "target", "beside it, in the same run"), *rows]
    widths = [max(len(row[column]) for row in table) for column in range(4)]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip(), flush=True)
