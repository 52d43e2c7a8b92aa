import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from taxonomy.changing import retire_term
from tests.taxonomy.factories import TermFactory

pytestmark = pytest.mark.django_db


def dumped(*arguments):
    out = StringIO()
    call_command("dump_terms", *arguments, stdout=out)
    return out.getvalue()


def test_json_holds_the_facet_and_its_current_terms_in_tree_order():
    top = TermFactory(key="top", position=2, labels={"en": "Top", "ja": "上"})
    TermFactory(key="first", position=1)
    TermFactory(key="low", parent=top, position=1)
    retire_term(TermFactory(key="gone"))

    document = json.loads(dumped("journey"))

    assert document == {
        "facet": "journey",
        "labels": {"en": "Journey", "ja": "ジャーニー", "ko": "고객 여정"},
        "count": 3,
        "terms": [
            {"code": "journey:first", "parent": None, "labels": {"en": "First"}, "depth": 1, "order": 1},
            {"code": "journey:top", "parent": None, "labels": {"en": "Top", "ja": "上"}, "depth": 1, "order": 2},
            {"code": "journey:low", "parent": "journey:top", "labels": {"en": "Low"}, "depth": 2, "order": 1},
        ],
    }


def test_csv_holds_the_tree_and_the_labels():
    top = TermFactory(key="top", position=1, labels={"en": "Top, or so", "ja": "上"})
    TermFactory(key="low", parent=top, position=1, labels={"en": "Low"})

    assert dumped("journey", "--format", "csv") == (
        "code,parent,depth,order,source_id,label_en,label_ja\n"
        'journey:top,,1,1,,"Top, or so",上\n'
        "journey:low,journey:top,2,1,,Low,\n"
    )


def test_an_unknown_facet_is_refused():
    with pytest.raises(CommandError, match="There is no facet 'nowhere'"):
        dumped("nowhere")
