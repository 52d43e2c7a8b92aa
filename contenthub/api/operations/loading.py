"""Loading operations from folders of .graphql files: all of them or, with the reasons, none."""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from graphql import OperationType

from contenthub.api.documents import InvalidQuery, PreparedQueries, PreparedQuery
from contenthub.api.errors import HubError
from contenthub.api.models import Operation
from contenthub.api.schema import schema

from .options import OTHERWISE, BadOptions, read_options
from .registry import digest_of
from .variables import UnreadableVariable, definitions

SHIPPED = Path(__file__).parent / "files"


@dataclass
class Report:
    """What loading did, or why it did nothing."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def load_operations(folders: list[Path]) -> Report:
    """Load every .graphql file of the folders under its own name; a later folder replaces what an earlier one has."""
    report = Report()
    texts: dict[str, str] = {}
    for folder in folders:
        files = sorted(folder.glob("*.graphql"))
        if not files:
            report.problems.append(f"{folder}: there is no .graphql file in it")
        for file in files:
            text = file.read_text(encoding="utf-8")
            problem = find_problem(file.stem, text)
            if problem:
                report.problems.append(f"{file}: {problem}")
            texts[file.stem] = text
    if not report.problems:
        with transaction.atomic():
            for name, text in texts.items():
                _save(name, text, report)
    return report


def find_problem(name: str, text: str) -> str | None:
    """Return what keeps a text from being an operation, or None."""
    try:
        Operation(name=name, text=text, digest=digest_of(text)).clean_fields()
        options = read_options(text)
        prepared = PreparedQueries(schema.graphql_schema).prepare(text)
        for operation in prepared.operations.values():
            definitions(operation, schema.graphql_schema)
        return _find_wrong_operations(prepared, wants_otherwise=options.on_empty == "item")
    except ValidationError as error:
        return " ".join(error.messages)
    except InvalidQuery as error:
        return "; ".join(each.message for each in error.errors)
    except (BadOptions, HubError, UnreadableVariable) as error:
        return str(error)


def _find_wrong_operations(prepared: PreparedQuery, *, wants_otherwise: bool) -> str | None:
    names = list(prepared.operations)
    if any(each.operation is not OperationType.QUERY for each in prepared.operations.values()):
        return "only queries are operations"
    if prepared.introspects:
        return "the schema is not asked by operations"
    if wants_otherwise != (OTHERWISE in names[1:]) or len(names) > 1 + wants_otherwise:
        return f"a file holds one query, and a second one, {OTHERWISE}, where 'onEmpty' is an item"
    return None


def _save(name: str, text: str, report: Report) -> None:
    stored = Operation.objects.filter(name=name).first()
    if stored and stored.text == text:
        report.same.append(name)
        return
    (report.changed if stored else report.added).append(name)
    Operation.objects.update_or_create(name=name, defaults={"text": text, "digest": digest_of(text)})
