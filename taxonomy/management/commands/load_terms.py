from django.core.management.base import BaseCommand, CommandError

from taxonomy.loading import load
from taxonomy.termrecords import FileProblems


class Command(BaseCommand):
    help = "Load terms from JSON or CSV files. Terms missing from them are retired, never deleted."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="a .json or .csv file holding one facet")

    def handle(self, *, files, **options):
        try:
            reports = load(files)
        except FileProblems as error:
            raise CommandError(f"{error}\nNothing was changed.") from error
        for report in reports:
            self.stdout.write(f"{report.facet}: {report}")
