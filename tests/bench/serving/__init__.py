"""What the real server answers to five questions, beside others that answer the same in the same run.

Answers are compared with the peers' before these are timed. CPU is that of the server and of PostgreSQL as the
operating system accounts for it, which holds still where clocks do not.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.corpus import load_corpus
from tests.bench.measuring import Row, say
from tests.bench.serving import abuse
from tests.bench.serving.driving import Load, drive, running
from tests.bench.serving.questions import QUESTIONS, Question, questions
from tests.bench.serving.tables import fill_tables

HUB, BY_HAND, GRAPHENE, VIEW, BARE = "hub", "by hand", "graphene-django", "a Django view", "a bare answer of 10 KB"
KEPT_BYTES = 256 * 1024 * 1024
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
PEERS = "tests.bench.serving.peers"
APPS = {
    HUB: "contenthub.wsgi:application",
    BY_HAND: f"{PEERS}.by_hand:application",
    GRAPHENE: f"{PEERS}.django_site:application",
    VIEW: f"{PEERS}.django_site:application",
    BARE: f"{PEERS}.bare:application",
}


def measure(folder: Path) -> Iterator[Row]:
    load_corpus(folder)
    granian, wrk = Path(sys.executable).with_name("granian"), shutil.which("wrk")
    if not granian.exists() or not wrk:
        say("No granian or no wrk: nothing is measured over HTTP")
        return
    fill_tables()
    asked = questions()
    statements = {question.name: question.statements() for question in asked}
    loads = measured(asked, granian, wrk)
    view = loads[VIEW, "", ""]
    for question in asked:
        name = question.name
        told, target = f"{statements[name]} SQL", f"< {'1.5' if name == 'Q4' else '2'} x by hand"
        yield _row(f"{name} {QUESTIONS[name]}", loads[HUB, "anew", name], _beside(loads, name), told, target)
        yield _row(
            f"  {name} kept", loads[HUB, "kept", name], _ratio(loads[HUB, "kept", name], view, VIEW), target="< 2 x"
        )
        for peer in (BY_HAND, GRAPHENE):
            if (peer, "", name) in loads:
                yield _row(f"  {name} {peer}", loads[peer, "", name])
    for peer in (VIEW, BARE):
        yield _row(peer, loads[peer, "", ""])
    heaviest = max(load.memory for (app, *_), load in loads.items() if app == HUB)
    with running(granian, APPS[HUB], {"HUB_ANSWER_CACHE_BYTES": "1"}) as server:
        yield from abuse.measure(wrk, server, asked[0], SECONDS)
    yield ("memory of the hub's worker, MB", f"{heaviest / 1e6:.0f}", "< 250", "")


def measured(asked: list[Question], granian: Path, wrk: str) -> dict[tuple[str, str, str], Load]:
    """Return what each server bore, by its name, how it answers, and the question."""
    from django.db import connection

    loads: dict[tuple[str, str, str], Load] = {}
    answers: dict[str, list[bytes]] = {}
    settings = {"anew": {"HUB_ANSWER_CACHE_BYTES": "1"}, "kept": {"HUB_ANSWER_CACHE_BYTES": str(KEPT_BYTES)}}
    for how, given in settings.items():
        with running(granian, APPS[HUB], given) as server:
            for question in asked:
                if how == "anew":
                    answers[question.name] = question.sample(server.address)
                bodies = question.bodies if how == "anew" else question.bodies[:1]
                loads[HUB, how, question.name] = drive(wrk, server, question.path, bodies, SECONDS)
    peers = [GRAPHENE, BY_HAND] if connection.vendor == "postgresql" else [GRAPHENE]
    for peer in peers:
        with running(granian, APPS[peer]) as server:
            for question in asked:
                if question.peer_bodies:
                    question.refuse_other(answers[question.name], question.sample(server.address, of_peers=True), peer)
                    path = f"/{question.name}"
                    loads[peer, "", question.name] = drive(wrk, server, path, question.peer_bodies, SECONDS)
    for peer in (VIEW, BARE):
        with running(granian, APPS[peer]) as server:
            loads[peer, "", ""] = drive(wrk, server, "/bare", [b"{}"], SECONDS)
    return loads


def _row(name: str, load: Load, beside: str = "", told: str = "", target: str = "") -> Row:
    measured = (
        f"{load.cpu * 1000:.2f} ({load.rate:.0f}/s, {load.p50:.1f}, {load.p99:.1f} ms{', ' if told else ''}{told})"
    )
    return (f"{name}: CPU ms (rate, p50, p99)", measured, target, beside)


def _beside(loads: dict, name: str) -> str:
    """Return what a question costs against the peers'; deciding is held against a list of as many items."""
    load, twin = loads[HUB, "anew", name], "Q2" if name == "Q5" else name
    return ", ".join(
        _ratio(load, loads[peer, "", twin], peer) for peer in (BY_HAND, GRAPHENE) if (peer, "", twin) in loads
    )


def _ratio(load: Load, other: Load, name: str) -> str:
    return f"{load.cpu / other.cpu:.2f} x {name}"
