from django.core.management.base import BaseCommand, CommandError

from taxonomy.loading import load
from taxonomy.termrecords import FileProblems


class Command(BaseCommand):
    help = "Load terms from JSON or CSV files. Terms missing from them are retired, never deleted."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="a .json or .csv file holding one facet")
        parser.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")

    def handle(self, *, files, dry_run, **options):
        try:
            reports = load(files, dry_run=dry_run)
        except FileProblems as error:
            raise CommandError(f"{error}\nNothing was changed.") from error
        for report in reports:
            self.stdout.write(f"{report.facet}: {report}")
            for warning in report.warnings:
                self.stderr.write(self.style.WARNING(f"  {warning}"))
            for line in report.lines() if dry_run else report.retirements():
                self.stdout.write(f"  {line}")
        if dry_run:
            self.stdout.write("Nothing was changed (--dry-run).")
