"""Runs the subjects one after the other on one database and prints what they measured."""

import importlib
import os
import random
import shutil
import tempfile
from pathlib import Path

from tests.bench.corpus import ITEMS, LOCALES, SEED
from tests.bench.database import with_database
from tests.bench.measuring import print_table, say

SUBJECTS = (
    "writing",
    "reading",
    "serving",
    "vocabularies",
    "tree",
    "variants",
    "moving",
    "tagging",
    "fitting",
    "wall",
    "deciding",
)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hub-bench-"))
    try:
        with_database(os.environ.get("DATABASE_URL", ""), folder, run)
    finally:
        shutil.rmtree(folder)


def run(folder: Path) -> None:
    from django.db import connection

    for subject in os.environ.get("SUBJECTS", "").split() or SUBJECTS:
        random.seed(SEED)
        say(f"Measuring {subject}")
        rows = list(importlib.import_module(f"tests.bench.{subject}").measure(folder))
        print_table(f"{subject}: {ITEMS} items x {len(LOCALES)} languages on {connection.vendor}", rows)


if __name__ == "__main__":
    main()
