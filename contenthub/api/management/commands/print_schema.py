from django.core.management.base import BaseCommand

from contenthub.api.sdl import schema_text


class Command(BaseCommand):
    help = "Print the schema of the API in GraphQL's own language, in a stable order."

    def handle(self, **options):
        self.stdout.write(schema_text(), ending="")
