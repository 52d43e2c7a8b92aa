"""Answering from drafts: a preview is a publication that is rolled back (docs/adr/0009)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

from django.db import transaction

from contenthub.content.preview import put_on_air
from frontend_preview.tokens import TokenExpired, TokenInvalid

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
    """The draft that stands over what is published, while one root field is answered."""

    def __init__(self) -> None:
        self.token: str | None = None
        self._open = ExitStack()

    def enter(self, token: str, now: datetime) -> None:
        """Let the draft of ``token`` stand over what is published, until ``leave``.

        Raises:
            HubError: PREVIEW_INVALID or PREVIEW_EXPIRED.
        """
        if token == self.token:
            return
        self.leave()
        self._open.enter_context(transaction.atomic())
        self.token = token
        with told("context.preview"):
            put_on_air(token, now=now)

    def leave(self) -> None:
        """Take back all that the draft brought into the store."""
        if self.token is not None:
            transaction.set_rollback(True)
            self._open.close()
            self.token = None
