import csv
from collections import Counter
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from taxonomy.skos.files import FORMATS, format_of
from taxonomy.skos.importing import carry_out, plan_import
from taxonomy.skos.plans import FacetChanged, ImportRefused, Source
from taxonomy.skos.reporting import report_lines
from taxonomy.skos.spelling import UnreadableFile


class Command(BaseCommand):
    help = "Import a SKOS vocabulary into a facet: Turtle, RDF/XML or JSON-LD. The report comes first."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--facet", required=True, metavar="CODE", help="the facet; it is made if it is not there")
        parser.add_argument("--format", choices=FORMATS, help="where the file's name does not tell it")
        parser.add_argument("--base", default="", metavar="URI", help="what relative addresses are read against")
        parser.add_argument(
            "--codes-from", choices=["notation", "address"], default="notation", help="where new codes come from"
        )
        parser.add_argument("--codes", metavar="CSV", help="codes of your own: a file with the columns uri and code")
        parser.add_argument("--prefer-file", action="store_true", help="where both changed, take the file's")
        parser.add_argument("--dry-run", action="store_true", help="stop after the report")
        parser.add_argument("--all", action="store_true", help="report every line, not the first of each kind")

    def handle(self, *, file, facet, **options):
        path = Path(file)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        source = Source(
            name=path.name,
            content=content,
            format=options["format"] or self._format(path),
            base=options["base"],
            codes=self._codes(options["codes"]) if options["codes"] else {},
            use_notation=options["codes_from"] == "notation",
            prefer_file=options["prefer_file"],
        )
        try:
            plan = plan_import(facet, source)
            for line in report_lines(plan, everything=options["all"]):
                self.stdout.write(line)
            if options["dry_run"]:
                self.stdout.write("Nothing was changed (--dry-run).")
                return
            written = carry_out(plan)
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}\nNothing was changed.") from error
        except (ImportRefused, FacetChanged) as error:
            raise CommandError(f"{error}\nNothing was changed.") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        counts = Counter(added=len(written.added), changed=len(written.changed), retired=len(written.retired))
        told = ", ".join(f"{counts[what]} {what}" for what in ("added", "changed", "retired"))
        self.stdout.write(self.style.SUCCESS(f"{facet}: {told}."))

    def _format(self, path):
        found = format_of(path.name)
        if found is None:
            raise CommandError(f"The name of {path} does not tell its format: give --format.")
        return found

    def _codes(self, path):
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                return {row["uri"].strip(): row["code"].strip() for row in csv.DictReader(file)}
        except (OSError, UnicodeDecodeError, KeyError, AttributeError) as error:
            raise CommandError(f"{path} is no CSV file with the columns uri and code.") from error
