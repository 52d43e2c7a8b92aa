from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from channels.codes import Severity
from channels.registry import channel_registry
from contenthub.content.channelreport import look_at_all


class Command(BaseCommand):
    help = "Name what is on air and does not fit a channel that its item names; fail if any of it is an error."

    def add_arguments(self, parser):
        parser.add_argument("channels", metavar="CHANNEL", nargs="*", help="codes; without one: every channel")

    def handle(self, *, channels, **options):
        registry = channel_registry()
        if unknown := [code for code in channels if registry.find(code) is None]:
            raise CommandError(f"There is no channel '{unknown[0]}'.")
        errors = warnings = 0
        for entry in map(registry.get, channels) if channels else registry.current:
            for misfit in look_at_all(entry, now=timezone.now()):
                place = " ".join(filter(None, (misfit.key, misfit.locale, misfit.variant)))
                for finding in misfit.findings:
                    is_error = finding.severity == Severity.ERROR
                    errors, warnings = errors + is_error, warnings + (not is_error)
                    self.stdout.write(f"{entry.code}: {place}: {finding.severity}: {finding.message}")
        if errors:
            raise CommandError(f"{errors} errors and {warnings} warnings on air")
        self.stdout.write(f"no error on air, {warnings} warnings")
