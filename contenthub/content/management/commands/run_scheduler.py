import logging
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from contenthub.content.catalogues import purge_if_changed
from contenthub.content.clock import publish_due
from contenthub.content.publishing import purge
from taxonomy.plans import apply_due

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Run publish_scheduled again and again until interrupted: the editors' rows follow the clock. "
        "A cache in front of the hub is purged where terms, channels, languages, types or tests changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=int, default=30, help="The pause between two runs.")

    def handle(self, *, seconds, **options):
        self.catalogues = None
        try:
            while True:
                self._run()
                time.sleep(seconds)
        except KeyboardInterrupt:
            self.stdout.write("stopped")

    def _run(self):
        close_old_connections()
        try:
            for row, done in publish_due():
                self.stdout.write(f"{row.key} [{row.locale.language_code}]: {done}")
            for plan, done in apply_due():
                self.stdout.write(f"plan {plan}: {done}")
            purge()
            self.catalogues = purge_if_changed(self.catalogues)
        except Exception:
            log.exception("A run failed; the next one follows.")
