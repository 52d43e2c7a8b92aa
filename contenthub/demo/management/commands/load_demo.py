from django.core.management.base import BaseCommand, CommandError

from contenthub.content.models import ContentItem
from contenthub.demo.loading import load_demo, make_account


class Command(BaseCommand):
    help = "Fill the hub with its demo content and make an editor account. What is there already is left alone."

    def handle(self, **options):
        if ContentItem.objects.exists():
            self.stdout.write("The hub has content already; the demo content is left out.")
        else:
            report = load_demo()
            for problem in report.problems:
                self.stderr.write(str(problem))
            if report.problems:
                raise CommandError("The demo content could not be loaded whole.")
            self.stdout.write(f"{report.written.added} texts and versions loaded")
        account = make_account()
        password = f"password: {account.password}" if account.password else "with the password that was set for it"
        self.stdout.write(f"Editor account: {account.username}, {password}")
