"""The documentation keeps its promises: queries give the answers it shows, commands exist."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from contenthub.demo.loading import load_demo

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLE = re.compile(r"```graphql\n(.*?)```\s*(?:[^`]*?)```json\n(.*?)```", re.DOTALL)


def test_queries_give_the_answers_that_the_documentation_shows(ask):
    load_demo()

    examples = [(page.name, *example) for page in PAGES for example in EXAMPLE.findall(page.read_text())]

    assert len(examples) >= 1
    for page, query, answer in examples:
        assert ask(query) == json.loads(answer), f"{page}: {query}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_the_documentation_names_exist(page):
    named = set(re.findall(r"manage\.py (\w+)", page.read_text()))

    assert named <= set(get_commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    missing = [target for target in targets if not (page.parent / target).exists()]

    assert missing == []
