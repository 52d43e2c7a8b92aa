from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from contenthub.delivery.consumers.codes import Kind, Right
from contenthub.delivery.consumers.issuing import issue_key
from contenthub.delivery.consumers.models import Consumer
from contenthub.delivery.refusals import BadArgument


class Command(BaseCommand):
    help = "Make a connection with its first key, or give one that is there another key. The key is shown once."

    def add_arguments(self, parser):
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--publishable", action="store_true", help="for apps and pages, where anybody reads it")
        parser.add_argument("--right", action="append", default=[], choices=Right.values, metavar="RIGHT",
                            help=f"one of {', '.join(Right.values)}; may be repeated")  # fmt: skip
        parser.add_argument("--days", type=int, help="how long the key opens; without it: until it is revoked")

    def handle(self, *, name, publishable, right, days, **options):
        if days is not None and not 1 <= days <= 36_500:
            raise CommandError(f"--days is {days}: a key opens for 1 to 36,500 days, or without end.")
        try:
            with transaction.atomic():
                consumer, is_new = _find_or_make(name, Kind.PUBLISHABLE if publishable else Kind.SERVER, right)
                key = issue_key(consumer, expires_at=days and timezone.now() + timedelta(days=days))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except BadArgument as error:
            raise CommandError(str(error)) from error
        told = "is made" if is_new else "has another key"
        self.stderr.write(f"{consumer} {told}. The key, shown this once:")
        self.stdout.write(key.whole)


def _find_or_make(name, kind, rights):
    """Return the consumer, and whether it is new; one that is there keeps its kind and rights."""
    found = Consumer.objects.filter(name=name).first()
    if found:
        return found, False
    consumer = Consumer(name=name, kind=kind, rights=rights)
    consumer.full_clean()
    consumer.save()
    return consumer, True
