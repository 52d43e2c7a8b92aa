from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from contenthub.api.operations.loading import SHIPPED, load_operations


class Command(BaseCommand):
    help = "Load persisted operations from folders of .graphql files, beside those that ship with the hub."

    def add_arguments(self, parser):
        parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")

    def handle(self, *, folders, **options):
        report = load_operations([SHIPPED, *folders])
        if report.problems:
            raise CommandError("\n".join([*report.problems, "Nothing was changed."]))
        self.stdout.write(f"{len(report.added)} added, {len(report.changed)} changed, {len(report.same)} as they were")
