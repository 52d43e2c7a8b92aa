from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from taxonomy.models import Facet, Term
from tests.taxonomy.skos.vocabulary import PREFIXES, assert_exports, concept

pytestmark = pytest.mark.django_db

TREE = concept("tree", 'skos:prefLabel "Tree"@en')


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "trees.ttl"
    path.write_text(PREFIXES + TREE)
    return path


def run(command, *arguments, **options):
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def test_a_dry_run_reports_and_changes_nothing(file):
    told = run("import_skos", file, facet="v", dry_run=True)

    assert "v:tree  Tree  <https://example.org/v/tree>" in told
    assert told.endswith("Nothing was changed (--dry-run).\n")
    assert not Facet.objects.filter(code="v").exists()


def test_what_is_imported_is_exported_again(file, tmp_path):
    told = run("import_skos", file, facet="v")
    run("export_skos", "v", tmp_path / "out.rdf")

    assert told.endswith("v: 1 added, 0 changed, 0 retired.\n")
    assert "<rdf:RDF" in (tmp_path / "out.rdf").read_text()
    assert "skos:prefLabel" in run("export_skos", "v")
    assert_exports(TREE)


def test_codes_of_ones_own_come_from_a_csv_file(file, tmp_path):
    (tmp_path / "codes.csv").write_text("uri,code\nhttps://example.org/v/tree,v:baum\n", encoding="utf-8-sig")

    run("import_skos", file, facet="v", codes=str(tmp_path / "codes.csv"))

    assert Term.objects.get(facet__code="v").code == "v:baum"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.txt", "", "does not tell its format: give --format."),
        ("a.ttl", "<a", "this is not Turtle."),
        ("a.ttl", PREFIXES + concept("a", "skos:broader :b") + concept("b", "skos:broader :a"), "below itself"),
    ],
)
def test_a_file_that_cannot_be_imported_is_refused_and_nothing_changed(tmp_path, name, content, told):
    (tmp_path / name).write_text(content)

    with pytest.raises(CommandError, match=told):
        run("import_skos", tmp_path / name, facet="v")

    assert not Facet.objects.filter(code="v").exists()


def test_wrong_arguments_are_told(file, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_skos", tmp_path / "none.ttl", facet="v")
    with pytest.raises(CommandError, match="A facet code is lower-case"):
        run("import_skos", file, facet="Not A Code")
    with pytest.raises(CommandError, match="There is no facet 'nothing'"):
        run("export_skos", "nothing")
