"""Preview tokens: signed names of drafts, bound to what is previewed, how, and by whom.

A token names a row of ``wagtail_headless_preview``, where the draft lies. It opens nothing but that draft.
"""

import secrets
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from wagtail_headless_preview.models import HeadlessPreviewMixin

PREFIX, REVIEW_PREFIX = "preview", "review"
_SEPARATOR = "|"


class TokenInvalid(Exception):
    """Raised for what is none of our tokens, or names a draft that is gone."""


class TokenExpired(Exception):
    """Raised for a token that is older than ``HUB_PREVIEW_SECONDS``, or past the end of a link for reviewers."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says: which row of which model, in which preview mode, for which user. ``pk`` None: never saved."""

    model: str
    pk: int | None
    mode: str
    user_id: int

    def sign(self) -> str:
        """Return a new token; two for the same differ in their last parts alone."""
        parts = (PREFIX, self.model, self.pk or "", self.mode, self.user_id, secrets.token_urlsafe(9))
        return _signer().sign(_SEPARATOR.join(map(str, parts)))

    @staticmethod
    def alike(token: str) -> str:
        """Return what tokens begin with that say the same as ``token``."""
        return token.rpartition(_SEPARATOR)[0] + _SEPARATOR

    @classmethod
    def read(cls, token: str) -> Self:
        """Return what a token says.

        Raises:
            TokenInvalid: it was not signed here.
            TokenExpired: it is too old.
        """
        try:
            said = _signer().unsign(token, max_age=settings.HUB_PREVIEW_SECONDS)
        except SignatureExpired as error:
            raise TokenExpired from error
        except BadSignature as error:
            raise TokenInvalid from error
        try:
            prefix, model, pk, mode, user_id, _ = said.split(_SEPARATOR)
            if prefix != PREFIX:
                raise TokenInvalid
            return cls(model, int(pk) if pk else None, mode, int(user_id))
        except ValueError as error:
            raise TokenInvalid from error


def looks_like_token(text: str) -> bool:
    """Tell a token from a consumer's key."""
    return text.startswith((PREFIX + _SEPARATOR, REVIEW_PREFIX + _SEPARATOR))


def is_review(token: str) -> bool:
    """Tell the token of a link for reviewers from that of an editor's preview."""
    return token.startswith(REVIEW_PREFIX + _SEPARATOR)


def new_review_token() -> str:
    """Return a new token for reviewers: it says nothing, and is looked up by its digest."""
    return f"{REVIEW_PREFIX}{_SEPARATOR}{secrets.token_urlsafe(24)}"


def _signer() -> TimestampSigner:
    return HeadlessPreviewMixin.get_preview_signer()
