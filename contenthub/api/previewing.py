"""Answering from drafts: a preview is a publication that is rolled back (docs/adr/0009)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from contenthub.content.rehearsal import put_on_air
from contenthub.delivery.recalling import past_open
from frontend_preview.tokens import TokenExpired, TokenInvalid
from taxonomy.transactions import rolled_back

from .errors import ErrorCode, HubError


@contextmanager
def told(argument: str | None = None) -> Iterator[None]:
    """Tell a caller what is wrong with a token.

    Raises:
        HubError: PREVIEW_INVALID or PREVIEW_EXPIRED.
    """
    try:
        yield
    except TokenExpired as error:
        message = "The preview is too old: open it again."
        raise HubError(ErrorCode.PREVIEW_EXPIRED, message, argument) from error
    except TokenInvalid as error:
        raise HubError(ErrorCode.PREVIEW_INVALID, "The preview token opens nothing.", argument) from error


class Overlay:
    """What stands over the published store while one root field is answered: a draft, or what answered in the past."""

    def __init__(self) -> None:
        self.token: str | None = None
        self._open = ExitStack()
        self._is_past = False

    def enter(self, token: str, now: datetime) -> None:
        """Let the draft of ``token`` stand over what is published, until ``leave``.

        Raises:
            HubError: PREVIEW_INVALID or PREVIEW_EXPIRED.
        """
        if token == self.token:
            return
        self.leave()
        self._open.enter_context(rolled_back())
        self.token = token
        with told("context.preview"):
            put_on_air(token, now=now)

    def open_past(self) -> None:
        """Let what answered at a past instant be brought back, until ``leave``."""
        if not self._is_past:
            self.leave()
            self._open.enter_context(past_open())
            self._is_past = True

    def leave(self) -> None:
        """Take back all that was brought into the store."""
        self._open.close()
        self.token, self._is_past = None, False
