from django.core.management.base import BaseCommand

from contenthub.content.clock import publish_due
from contenthub.content.publishing import purge


class Command(BaseCommand):
    help = (
        "Carry out on the editors' rows what the clock has done: items that went live or expired. "
        "What is served does not wait for it. Documents past their retention time are purged. "
        "Replaces Wagtail's command of this name."
    )

    def handle(self, **options):
        for row, done in publish_due():
            self.stdout.write(f"{row.key} [{row.locale.language_code}]: {done}")
        if purged := purge():
            self.stdout.write(f"{purged} documents purged that were not served for HUB_DOCUMENT_RETENTION_DAYS")
