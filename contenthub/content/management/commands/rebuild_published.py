from django.core.management.base import BaseCommand

from contenthub.content.publishing import rebuild
from contenthub.delivery.models import PublishedItem


class Command(BaseCommand):
    help = "Make the index, classification and search of the published store again, item by item, while serving."

    def add_arguments(self, parser):
        parser.add_argument("--after", default="", metavar="KEY", help="Go on after this item.")

    def handle(self, *, after, **options):
        total = PublishedItem.objects.filter(key__gt=after).count()
        for done, key in rebuild(after=after):
            self.stderr.write(f"{done} of {total} items, up to {key}")
        self.stdout.write(f"{total} items rebuilt")
