"""The preview counts SMS parts in JavaScript as the hub does in Python."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from channels.sms import BASIC, EXTENSION, count_sms

SCRIPT = Path(__file__).parents[2] / "frontend_preview/static/frontend_preview/sms.js"
TEXTS = [
    "",
    "a" * 160,
    "a" * 161,
    "a" * 152 + "€" + "a" * 154,
    "あ" * 70,
    "あ" * 71,
    "a" * 66 + "😀" * 40,
    "".join(sorted(BASIC)),
    "".join(sorted(EXTENSION)) * 20,
]


def test_parts_are_counted_alike():
    node = shutil.which("node")
    if node is None:
        pytest.skip("There is no node: the preview's script is not run.")
    program = (
        f"import {{ countSms }} from '{SCRIPT.as_uri()}';"
        "import { readFileSync } from 'node:fs';"
        "console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(countSms)))"
    )

    ran = subprocess.run(
        [node, "--input-type=module", "--eval", program],
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=True,
    )

    for text, theirs in zip(TEXTS, json.loads(ran.stdout), strict=True):
        ours = count_sms(text)
        assert (theirs["encoding"] == "GSM-7", theirs["units"], theirs["segments"]) == ours[:3], text[:20]
