"""Panels of the version editor: a field that is inherited until it is overridden."""

from collections.abc import Callable
from functools import partial
from typing import Any

from wagtail.admin.panels import MultiFieldPanel, ObjectList, Panel

from ..panels import TextsComparison
from ..translating.staleness import changes_of, original_of
from .forms import is_added
from .listing import variant_lines
from .making import moved_fields
from .overriding import field_label
from .values import readable


class VariantEditor(ObjectList):
    """The whole form; the inputs that it adds of itself are shown by panels of their own."""

    class BoundPanel(ObjectList.BoundPanel):
        def render_missing_fields(self) -> str:
            added = {name: self.form.fields.pop(name) for name in list(self.form.fields) if is_added(name)}
            html = super().render_missing_fields()
            self.form.fields.update(added)
            return html


class OverridePanel(MultiFieldPanel):
    """One field with its switch: the base's value while it is inherited, the inputs while it is overridden."""

    def __init__(self, name: str, children: list[Any], **kwargs: Any) -> None:
        super().__init__(children, **kwargs)
        self.name = name

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "name": self.name}

    class BoundPanel(MultiFieldPanel.BoundPanel):
        template_name = "content/panels/override.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return context | {"field": next(self.form.overridable([self.panel.name]))}


class AddedOverridesPanel(Panel):
    """The fields that the base's short texts and its type add, each with its switch."""

    def __init__(self, names: Callable[[Any], list[str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = names

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "names": self.names}

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/added_overrides.html"

        def is_shown(self) -> bool:
            return bool(self.form) and bool(self.panel.names(self.form))

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return context | {"fields": list(self.form.overridable(self.panel.names(self.form)))}

        def get_comparison(self) -> list[Callable[..., TextsComparison]]:
            return [partial(TextsComparison, self.heading, _read_own)]


class VariantsPanel(Panel):
    """All versions of the item on the item's own form."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/variants.html"

        def is_shown(self) -> bool:
            return bool(self.instance and self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            return context | {
                "instance": self.instance,
                "lines": variant_lines(self.instance),
                "source_pk": self.instance.pk,
                "can_add": self.request.user.has_perm("content.add_variant"),
            }


class BasePanel(Panel):
    """What the version hangs on, and what of it has changed since the version was written."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/panels/base.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context = super().get_context_data(parent_context)
            base = self.instance.localization
            moved = moved_fields(self.instance, base) if self.instance.pk else []
            return context | {"base": base, "moved": moved, "changed": self._changed(), "variant": self.instance}

        def _changed(self) -> list[str]:
            """Return the fields in which the original's version says otherwise since this language was written."""
            if not self.instance.pk or self.instance.is_source:
                return []
            original = original_of(self.instance)
            changes = changes_of(self.instance, original).values() if original else ()
            return list(dict.fromkeys(field_label(change.part.field, self.instance) for change in changes))


def read_targets(variant: Any) -> str:
    codes = [link.term.code for link in variant.audience.all()]
    arm = [f"{variant.experiment}: {variant.arm}"] if variant.experiment else []
    return "\n".join([*codes, *(link.channel.code for link in variant.channels.all()), *arm])


def _read_own(variant: Any) -> str:
    names = [name for name in variant.overrides if "." in name]
    return "\n".join(f"{field_label(name, variant)}: {readable(variant, name)}" for name in names)
