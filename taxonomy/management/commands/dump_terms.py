from django.core.management.base import BaseCommand, CommandError

from taxonomy.dump import dump_csv, dump_json
from taxonomy.snapshot import UnknownFacet, taxonomy_snapshot


class Command(BaseCommand):
    help = "Write the current terms of a facet as load_terms reads them."

    def add_arguments(self, parser):
        parser.add_argument("facet", metavar="FACET", help="the code of the facet, for example journey")
        parser.add_argument("--format", choices=["json", "csv"], default="json", help="json is complete (default)")

    def handle(self, *, facet, **options):
        try:
            view = taxonomy_snapshot().get_facet(facet)
        except UnknownFacet as error:
            raise CommandError(str(error)) from error
        dump = dump_csv if options["format"] == "csv" else dump_json
        self.stdout.write(dump(view), ending="")
