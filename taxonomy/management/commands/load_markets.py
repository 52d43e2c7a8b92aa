from django.core.management.base import BaseCommand

from locales.catalogue import locale_catalogue
from taxonomy.markets import fill_markets


class Command(BaseCommand):
    help = "Add missing markets, and their names in every locale of the hub, from CLDR."

    def handle(self, **options):
        report = fill_markets(locale_catalogue().by_code)
        self.stdout.write(f"{report.terms} markets and {report.labels} labels added")
