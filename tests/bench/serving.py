"""What the real server answers, where granian and wrk are there."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.corpus import ROOT, load_corpus
from tests.bench.measuring import Row, say
from tests.bench.reading import BARE, COUNTS, KEPT_BYTES, LIST


def measure(folder: Path) -> Iterator[Row]:
    load_corpus(folder)
    yield from over_http()


def over_http() -> Iterator[Row]:
    """Yield requests a second through the real server, where granian and wrk are there."""
    granian, wrk = Path(sys.executable).with_name("granian"), shutil.which("wrk")
    if not granian.exists() or not wrk:
        say("No granian or no wrk: nothing is measured over HTTP")
        return
    for kept, told in ((1, "answered anew"), (KEPT_BYTES, "kept")):
        rates = _rates(granian, wrk, {"HUB_ANSWER_CACHE_BYTES": str(kept)})
        for name, label in (("list", "items"), ("counts", "facetCounts")):
            ratio = f"{rates[name] / rates['bare']:.2f} x {{ __typename }}" if rates["bare"] else ""
            yield (f"{label} over HTTP, {told}, requests/s", f"{rates[name]:.0f}", "", ratio)


def _rates(granian: Path, wrk: str, settings: dict[str, str]) -> dict[str, float]:
    """Return the requests a second of each query, asked again and again of a server of its own."""
    port = 18000 + os.getpid() % 1000
    address = ["--host", "127.0.0.1", "--port", str(port)]
    command = [granian, "--interface", "wsgi", *address, "contenthub.wsgi:application"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, **quiet)
    try:
        time.sleep(6)
        queries = {"bare": BARE, "list": LIST, "counts": COUNTS}
        return {name: wrk_rate(wrk, port, query) for name, query in queries.items()}
    finally:
        server.terminate()
        server.wait(timeout=20)


def wrk_rate(wrk: str, port: int, query: str) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        body = json.dumps(json.dumps({"query": query}))
        script.write(f'wrk.method = "POST"\nwrk.body = {body}\nwrk.headers["Content-Type"] = "application/json"\n')
        script.flush()
        command = [wrk, "-t1", "-c4", "-d5s", "-s", script.name, f"http://127.0.0.1:{port}/graphql"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    if "Non-2xx" in told:
        say(told)
    found = [part for part in told.splitlines() if part.startswith("Requests/sec:")]
    return float(found[0].split()[1]) if found else 0.0
