"""What editors may only read, on screens and in forms (``accounts.grants`` says who may do what)."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.locks import BaseLock

from contenthub.accounts.grants import may_write


class LanguageLock(BaseLock):
    """That somebody may read a language, not write it."""

    def for_user(self, user: Any) -> bool:
        return not may_write(user, self.object.locale.pk)

    def get_message(self, user: Any) -> str:
        return _("You may read %(language)s, not write it.") % {"language": self.object.locale}

    def get_locked_by(self, user: Any) -> str:
        return _("Not yours to write")

    def get_description(self, user: Any) -> str:
        return self.get_message(user)


class InGrantedLanguages:
    """What views share that change one language version: in another language than granted nothing is allowed."""

    def user_has_permission(self, permission: str) -> bool:
        row = getattr(self, "object", None)
        if row is not None and row.pk and not may_write(self.request.user, row.locale.pk):
            return False
        return super().user_has_permission(permission)


class ReadableInAllLanguages(InGrantedLanguages):
    """What edit views share: another language than granted is shown, and can only be read."""

    def get_lock(self) -> BaseLock | None:
        lock = LanguageLock(self.object)
        return lock if lock.for_user(self.request.user) else super().get_lock()

    def user_has_permission(self, permission: str) -> bool:
        if permission == "change" and self.request.method in ("GET", "HEAD"):
            return super(InGrantedLanguages, self).user_has_permission(permission)
        return super().user_has_permission(permission)
