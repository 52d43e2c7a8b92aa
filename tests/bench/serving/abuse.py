"""Eight abusive callers on one key, and what another key's reader feels of them."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson

from tests.bench.measuring import Row, say
from tests.bench.serving.driving import Server, drive, write_script
from tests.bench.serving.questions import Question

ABUSERS = 8


def measure(wrk: str, server: Server, question: Question, seconds: int) -> Iterator[Row]:
    """Yield what the second key's reader waits for with and without the abusers."""
    abusing, reading = _key("abuser"), _key("reader", 1_000_000)
    alone = drive(wrk, server, question.path, question.bodies, seconds, key=reading, connections=2)
    with tempfile.TemporaryDirectory() as folder:
        script = write_script(Path(folder), question.path, _abuse(), abusing)
        command = [
            wrk,
            "-t1",
            f"-c{ABUSERS}",
            f"-d{seconds + 6}s",
            "--timeout",
            "20s",
            "-s",
            str(script),
            server.address,
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as abusers:
            beside = drive(wrk, server, question.path, question.bodies, seconds, key=reading, connections=2)
            told = abusers.communicate(timeout=seconds + 60)[0]
    say(
        "".join(
            f"  abusers: {line.strip()}\n" for line in told.splitlines() if "requests in" in line or "Non-2xx" in line
        )
    )
    name = f"{question.name} beside {ABUSERS} abusive callers on another key, p99 ms (p50, rate)"
    measured = f"{beside.p99:.0f} ({beside.p50:.1f}, {beside.rate:.0f}/s)"
    yield (name, measured, "< 200", f"alone {alone.p99:.0f} ({alone.p50:.1f}, {alone.rate:.0f}/s)")


def _key(name: str, requests_per_minute: int | None = None) -> str:
    from contenthub.delivery.consumers.issuing import issue_key
    from contenthub.delivery.consumers.models import Consumer

    # The abuser has the limits that a connection begins with.
    limits = {"requests_per_minute": requests_per_minute} if requests_per_minute else {}
    consumer, _ = Consumer.objects.get_or_create(name=name, defaults=limits)
    return issue_key(consumer).whole


def _abuse() -> list[bytes]:
    """Return what is refused for its size, depth or cost, and the dearest that is not."""
    aliases = " ".join(f'a{number}: item(key: "k{number}") {{ headline }}' for number in range(5_000))
    deep = "{ " + "facets { terms { facet { " * 30 + "code" + " } } }" * 30 + " }"
    repeated = "{ " + "__typename " * 10_000 + "}"
    spreads = "{ ...a } " + " ".join(f"fragment f{number} on Query {{ ...f{number + 1} }}" for number in range(500))
    dear = """{ items(first: 100) { nodes { key headline summary body blocks { __typename } references { key }
        terms { code label children { code } } localizations { locale { code } } }
        facetCounts(facet: "product") { count term { code } } } }"""
    huge = '{ item(key: "' + "x" * 2_000_000 + '") { key } }'
    brackets = {"query": "query ($a: JSON) { __typename }", "variables": {"a": "[" * 10_000}}
    queries = [
        aliases.join(("{ ", " }")),
        deep,
        repeated,
        spreads,
        dear,
        huge,
        "{ items(first: 100000) { totalCount } }",
    ]
    return [*(orjson.dumps({"query": query}) for query in queries), orjson.dumps(brackets)]
