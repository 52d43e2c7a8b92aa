"""Which instants a schedule may name."""

from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# In every time zone, with room to spare to what dates can hold: a shifted date must not overflow.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2999, 12, 30, tzinfo=UTC)


def validate_instant(instant: datetime) -> None:
    """Refuse an instant before 1970 or after 2999."""
    if not EARLIEST <= instant <= LATEST:
        raise ValidationError(_("A date lies between 1970 and 2999."))
