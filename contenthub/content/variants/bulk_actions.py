"""What can be done to many versions of a listing at once."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from contenthub.accounts.grants import refuse_language

from ..models import Variant


class DeleteVersions(DeleteBulkAction):
    """Wagtail's own would delete versions on the original that other languages lean on."""

    aria_label = _("Delete the chosen versions")

    @classproperty
    def models(cls) -> list[type[Variant]]:
        return [Variant]

    @classmethod
    def execute_action(cls, objects: Iterable[Variant], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        request, done = kwargs["self"].request, 0
        # Those on the original last: by then other languages may have none left.
        for variant in sorted(objects, key=lambda one: one.is_source):
            try:
                with transaction.atomic():
                    refuse_language(request.user, variant.locale)
                    variant.delete()
                    done += 1
            except (ValidationError, PermissionDenied) as refusal:
                said = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
                messages.error(request, f"{variant} ({variant.locale}): {said}")
        return done, 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(count)d version deleted.", "%(count)d versions deleted.", num_parent_objects) % {
            "count": num_parent_objects
        }
