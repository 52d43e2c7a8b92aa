from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contenthub.content.importing import import_content


class Command(BaseCommand):
    help = "Import localizations from a JSON Lines file. Broken lines are named and left out; the others go in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="Only read and report; change nothing.")

    def handle(self, *, file: Path, check: bool, **options):
        try:
            report = import_content(file, check_only=check, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        for problem in report.problems:
            self.stderr.write(f"{file}: {problem}")
        written = report.written
        self.stdout.write(
            f"{report.lines} lines read: {written.added} added, {written.changed} changed, "
            f"{written.unchanged} unchanged, {len({problem.line for problem in report.problems})} left out"
        )
        if report.problems:
            raise CommandError("Some lines were left out; mend them and import the file again.")

    def _progress(self, done: int, total: int) -> None:
        if done == total or done % 500 == 0:
            self.stderr.write(f"{done} of {total} items")
