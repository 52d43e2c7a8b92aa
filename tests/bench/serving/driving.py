"""A server of its own for each peer, wrk before it, and what the operating system says they used."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.corpus import ROOT
from tests.bench.measuring import say

CONNECTIONS = 16
THREADS = 2
TICK = os.sysconf("SC_CLK_TCK")

REQUESTS = """local requests, turn = {}, 0
init = function(args)
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "%s"
  for line in io.lines("%s") do
    requests[#requests + 1] = wrk.format("POST", "%s", nil, line)
  end
end
request = function()
  turn = turn %% #requests + 1
  return requests[turn]
end
"""
TELLING = """done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("told %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """What a server bore: requests a second, milliseconds, CPU seconds a request and bytes of its worker."""

    rate: float
    p50: float
    p99: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class Server:
    address: str
    pid: int


@contextmanager
def running(granian: Path, app: str, settings: dict[str, str] | None = None) -> Iterator[Server]:
    """Serve an application on an address of its own until the end; one worker, as `make demo` has."""
    port = 18000 + os.getpid() % 1000
    address = f"http://127.0.0.1:{port}"
    serving = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS)]
    command = [granian, "--interface", "wsgi", *serving, "--log-level", "warning", app]
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(settings or {})}, stdout=subprocess.DEVNULL)
    try:
        _wait_for(address)
        yield Server(address, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=20)


def drive(
    wrk: str,
    server: Server,
    path: str,
    bodies: list[bytes],
    seconds: int,
    *,
    key: str = "",
    connections: int = CONNECTIONS,
) -> Load:
    """Post bodies one after the other over some connections; what is not answered with 200 fails the run."""
    with tempfile.TemporaryDirectory() as folder:
        script = write_script(Path(folder), path, bodies, key, TELLING)
        _wrk(wrk, server.address, script, 1, connections)
        before = _cpu(server)
        requests, micros, p50, p99 = _wrk(wrk, server.address, script, seconds, connections)
        used = _cpu(server) - before
    return Load(requests / micros * 1e6, p50 / 1e3, p99 / 1e3, used / requests, _memory(server))


def write_script(folder: Path, path: str, bodies: list[bytes], key: str = "", also: str = "") -> Path:
    """Return the file of what wrk is to do: post bodies one after the other, with a consumer's key if there is one."""
    lines, script = folder / "bodies", folder / "wrk.lua"
    lines.write_bytes(b"\n".join(bodies))
    script.write_text(REQUESTS % (f"Bearer {key}" if key else "", lines, path) + also)
    return script


def _wrk(wrk: str, address: str, script: Path, seconds: int, connections: int) -> tuple[int, int, int, int]:
    command = [wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(script), address]
    told = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, check=True).stdout
    requests, micros, p50, p99, errors = (
        int(part) for part in next(line for line in told.splitlines() if line.startswith("told")).split()[1:]
    )
    if errors:
        say(told)
        raise AssertionError(f"{errors} requests to {address} failed")
    return requests, micros, p50, p99


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urlopen(f"{address}/healthz", timeout=5).close()
            return
        except URLError as error:
            if getattr(error, "code", None):  # it answers, whatever it says
                return
            time.sleep(0.25)
    raise AssertionError(f"Nothing answers at {address}")


def _cpu(server: Server) -> float:
    """Return the CPU seconds that the server and PostgreSQL have used so far, user's and system's."""
    processes, ticks = _processes(), 0
    for pid, (name, _, own, of_ended) in processes.items():
        if name == "postgres" or _is_below(pid, server, processes):
            ticks += own + of_ended
    return ticks / TICK


def _memory(server: Server) -> int:
    """Return the bytes that the server's largest process holds in memory."""
    processes = _processes()
    own = [pid for pid in processes if _is_below(pid, server, processes)]
    sizes = [Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in own]
    return max(map(int, sizes)) * os.sysconf("SC_PAGE_SIZE")


def _processes() -> dict[int, tuple[str, int, int, int]]:
    """Return every process with its name, its parent, and the ticks that it and its ended children have used."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, rest = path.read_text().rpartition(")")
        except OSError:  # it has ended
            continue
        parts = rest.split()
        user, system, user_ended, system_ended = map(int, parts[11:15])
        found[int(path.parent.name)] = (head.partition("(")[2], int(parts[1]), user + system, user_ended + system_ended)
    return found


def _is_below(pid: int, server: Server, processes: dict) -> bool:
    while pid in processes and pid != server.pid:
        pid = processes[pid][1]
    return pid == server.pid
