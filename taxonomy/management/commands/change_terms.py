from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from taxonomy.changes.telling import counted
from taxonomy.planfiles import apply_file, read_plan_file


class Command(BaseCommand):
    help = "Make the changes of a plan (JSON, see docs/taxonomy.md), all or none. Doing it twice changes nothing more."

    def add_arguments(self, parser):
        parser.add_argument("plan", type=Path, help="The file of the plan.")
        parser.add_argument("--dry-run", action="store_true", help="Tell what it would do, and do nothing.")

    def handle(self, *, plan, dry_run, **options):
        try:
            file = read_plan_file(plan)
            outcome = apply_file(file, dry_run=dry_run)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        for line in outcome.lines:
            self.stdout.write(line)
        touched = ", ".join(counted(outcome.counts)) if outcome.counts else "nothing"
        self.stdout.write(f"{touched} {'would change' if dry_run else 'changed'}")
