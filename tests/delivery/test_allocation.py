import json
import math
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contenthub.delivery.allocation import Allocation, Arm, Experiment, allocate, fraction
from contenthub.delivery.refusals import BadArgument

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "allocation.md").read_text()
REFERENCE = ROOT / "clients" / "javascript" / "allocation.mjs"
SUBJECTS = [f"subject-{number}" for number in range(20_000)]

TEST = Experiment(
    code="headline",
    layer="home",
    start=0.0,
    share=1.0,
    salt="s1",
    ramp=1.0,
    holdout=0.0,
    arms=(Arm("a", 0.5, is_control=True), Arm("b", 0.3), Arm("c", 0.2)),
)
codes = st.from_regex(r"[a-z][a-z0-9_-]{0,8}", fullmatch=True)
subjects = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="@"), min_size=1, max_size=30).filter(
    lambda text: text.strip() and not text.lstrip().startswith("+")
)


def read_experiment(given):
    arms = tuple(Arm(arm["code"], arm["weight"], arm["isControl"]) for arm in given["arms"])
    return Experiment(**{**given, "arms": arms})


def published_experiments():
    return json.loads(re.search(r"## Test vectors.*?```json\n(.*?)```", PAGE, re.DOTALL)[1])


def published_vectors():
    """Return (subject, the four fractions, the two allocations) as the page has them."""
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", PAGE, re.MULTILINE)
    cells = [(subject, row.split(" | ")) for subject, row in rows]
    return [(subject, [float(cell) for cell in row[:4]], row[4:]) for subject, row in cells]


def in_words(allocation):
    if allocation is None:
        return "none"
    return "held out" if allocation.is_holdout else allocation.arm


def share_of(predicate):
    return sum(map(predicate, SUBJECTS)) / len(SUBJECTS)


def test_the_published_vectors_are_what_comes_out():
    hero, offer = map(read_experiment, published_experiments())
    salts = (hero.layer, f"{hero.salt}:holdout", f"{hero.salt}:ramp", hero.salt)

    found = [
        (
            subject,
            [fraction(salt, subject) for salt in salts],
            [in_words(allocate(each, subject)) for each in (hero, offer)],
        )
        for subject, _, _ in published_vectors()
    ]

    assert found == published_vectors()
    assert {word for _, _, words in found for word in words} == {
        "none",
        "held out",
        *"control warm bold urgent".split(),
    }


@settings(deadline=None)
@given(st.lists(subjects, min_size=1, max_size=30), codes, codes, st.tuples(*[st.floats(0, 1)] * 4), st.data())
def test_the_javascript_reference_gives_the_same(node, given_subjects, layer, salt, numbers, data):
    start, share, ramp, holdout = numbers
    arms = data.draw(st.lists(codes, min_size=1, max_size=4, unique=True))
    experiment = {
        "code": "x", "layer": layer, "start": start, "share": share, "salt": salt, "ramp": ramp, "holdout": holdout,
        "arms": [{"code": arm, "weight": 1 / len(arms), "isControl": place == 0} for place, arm in enumerate(arms)],
    }  # fmt: skip

    theirs = node(experiment, given_subjects)

    ours = [allocate(read_experiment(experiment), subject) for subject in given_subjects]
    assert theirs == [each and {"arm": each.arm, "isHoldout": each.is_holdout} for each in ours]


def test_the_javascript_reference_keeps_to_the_published_vectors(node):
    vectors = published_vectors()

    answers = [node(each, [subject for subject, _, _ in vectors]) for each in published_experiments()]

    words = [["none" if one is None else one["arm"] or "held out" for one in answer] for answer in answers]
    assert [list(pair) for pair in zip(*words, strict=True)] == [given for _, _, given in vectors]


@pytest.mark.parametrize("subject", ["", " ", "jo@example.org", "+4917012345", " +49170", "x" * 501, "\ud800"])
def test_what_tells_who_somebody_is_is_no_subject(node, subject):
    with pytest.raises(BadArgument) as refusal:
        allocate(TEST, subject)

    assert refusal.value.argument == "context.subject"
    assert node(published_experiments()[0], [subject]) == ["RangeError"]


def test_arms_get_their_weights():
    counted = Counter(allocate(TEST, subject).arm for subject in SUBJECTS)

    expected = {"a": 10_000, "b": 6_000, "c": 4_000}
    # Chi-square with two degrees of freedom: beyond 13.8 once in a thousand, and the subjects are always the same.
    assert sum((counted[arm] - number) ** 2 / number for arm, number in expected.items()) < 13.8


def test_layers_are_independent_of_each_other():
    """The cells of two layers cut into ten parts each hold equally many subjects."""
    cells = Counter((int(fraction("one", each) * 10), int(fraction("two", each) * 10)) for each in SUBJECTS)

    expected = len(SUBJECTS) / 100
    assert len(cells) == 100
    assert sum((number - expected) ** 2 / expected for number in cells.values()) < 148.2  # 99 degrees, 1 in 1,000


def test_experiments_of_one_layer_exclude_each_other():
    first, second = replace(TEST, share=0.4), replace(TEST, salt="s2", start=0.4, share=0.6)

    both = [(allocate(first, subject), allocate(second, subject)) for subject in SUBJECTS]

    assert all((one is None) != (two is None) for one, two in both)


def test_a_growing_ramp_moves_nobody_who_was_in():
    narrow, wide = replace(TEST, ramp=0.1, holdout=0.05), replace(TEST, ramp=0.2, holdout=0.05)

    before = {subject: allocate(narrow, subject) for subject in SUBJECTS}

    after = {subject: allocate(wide, subject) for subject in SUBJECTS}
    assert all(after[subject] == given for subject, given in before.items() if given)
    assert math.isclose(
        share_of(lambda each: after[each] is not None and not after[each].is_holdout), 0.2 * 0.95, abs_tol=0.01
    )


def test_who_is_both_held_out_and_outside_the_ramp_is_held_out():
    test = replace(TEST, ramp=0.0, holdout=0.3)

    given_out = Counter(allocate(test, subject) for subject in SUBJECTS)

    assert set(given_out) == {None, Allocation(None, is_holdout=True)}
    assert math.isclose(given_out[None], 14_000, rel_tol=0.02)


def test_what_rounding_leaves_over_goes_to_the_last_arm_with_a_weight():
    thirds = replace(TEST, arms=(Arm("a", 0.0), Arm("b", 1e-18), Arm("c", 0.0)))

    assert {allocate(thirds, subject).arm for subject in SUBJECTS[:50]} == {"b"}


@pytest.fixture(scope="module")
def node():
    """Allocate in JavaScript: one process that is asked line by line."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("There is no node: the JavaScript reference is not run.")
    program = (
        f"import {{ allocate }} from '{REFERENCE.as_uri()}';"
        "import { createInterface } from 'node:readline';"
        "for await (const line of createInterface({ input: process.stdin })) {"
        "  const [experiment, subjects] = JSON.parse(line);"
        "  const one = (subject) => allocate(experiment, subject).catch((error) => error.name);"
        "  console.log(JSON.stringify(await Promise.all(subjects.map(one))));"
        "}"
    )
    command = [path, "--input-type=module", "--eval", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def asking(experiment, given_subjects):
            process.stdin.write(json.dumps([experiment, given_subjects]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield asking
        process.stdin.close()
