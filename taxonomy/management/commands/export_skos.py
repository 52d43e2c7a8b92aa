from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from taxonomy.models import Facet
from taxonomy.skos.exporting import CannotWrite, export_facet
from taxonomy.skos.files import FORMATS, format_of


class Command(BaseCommand):
    help = "Write a facet as a SKOS vocabulary: Turtle, RDF/XML or JSON-LD."

    def add_arguments(self, parser):
        parser.add_argument("facet", metavar="FACET", help="the code of the facet, for example journey")
        parser.add_argument("file", metavar="FILE", nargs="?", help="where to; left out: to the terminal")
        parser.add_argument("--format", choices=FORMATS, help="default: what the file's name tells, else turtle")

    def handle(self, *, facet, file, **options):
        row = Facet.objects.filter(code=facet).first()
        if row is None:
            raise CommandError(f"There is no facet '{facet}'.")
        try:
            text = export_facet(row, options["format"] or format_of(file or "") or "turtle")
        except CannotWrite as error:
            raise CommandError(str(error)) from error
        if file:
            Path(file).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
