from django.core.management.base import BaseCommand, CommandError

from contenthub.content.publishing import differences
from contenthub.delivery.models import PublishedItem


class Command(BaseCommand):
    help = "Prove that the published store holds what the items say; name every difference."

    def handle(self, **options):
        found = 0
        for difference in differences():
            self.stderr.write(str(difference))
            found += 1
        if found:
            raise CommandError(f"{found} differences. rebuild_published mends them.")
        self.stdout.write(f"{PublishedItem.objects.count()} items checked, no difference")
