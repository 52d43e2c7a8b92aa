from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contenthub.content.exchange.importing import MOST_PROBLEMS, import_content


class Command(BaseCommand):
    help = "Import localizations from a JSON Lines file. Broken lines are named and left out; the others go in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="Only read and report; change nothing.")
        parser.add_argument(
            "--overwrite", action="store_true", help="Also what an editor has drafted, locked or taken off air."
        )

    def handle(self, *, file: Path, check: bool, overwrite: bool, **options):
        try:
            report = import_content(file, check_only=check, overwrite=overwrite, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror or error}") from error
        for problem in report.problems:
            self.stderr.write(f"{file}: {problem}")
        if len(report.problems) >= MOST_PROBLEMS:
            self.stderr.write(f"{file}: further problems are not shown")
        written = report.written
        self.stdout.write(
            f"{report.lines} lines read: {written.added} {'to add' if check else 'added'}, "
            f"{written.changed} {'to change' if check else 'changed'}, "
            f"{written.unchanged} unchanged, {report.left_out} left out"
        )
        if report.left_out:
            raise CommandError("Some lines were left out; mend them and import the file again.")

    def _progress(self, done: int, total: int) -> None:
        if done == total or done % 500 == 0:
            self.stderr.write(f"{done} of {total} items")
