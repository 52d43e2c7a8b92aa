"""The neutral blocks of a body: structure and validation, no channel's shape.

The block types are those of the API. The id of a block in the stream is its key: it joins one block over languages.
"""

from django.core.exceptions import BadRequest, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from taxonomy.models import Term
from taxonomy.widgets import TermChooser

from .links import validate_link
from .richtext import FEATURES, validate_html
from .widgets import ItemInput, LinkInput


class TermBlock(blocks.ChooserBlock):
    """A term of one facet."""

    def __init__(self, facet: str | None = None, **kwargs: object) -> None:
        self.facet = facet
        super().__init__(**kwargs)

    @cached_property
    def target_model(self) -> type[Term]:
        return Term

    @cached_property
    def widget(self) -> TermChooser:
        return TermChooser(facet=self.facet)

    def value_from_form(self, value: str | None) -> Term | None:
        return super().value_from_form(value or None)  # the chooser posts an empty text for no term

    def get_form_state(self, value: Term | int | None) -> int | None:
        return self.get_prep_value(value)

    class Meta:
        icon = "tag"


class LinkBlock(blocks.CharBlock):
    """A link as editors write it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(
            max_length=2000,
            validators=[validate_link],
            help_text=_("https://…, mailto:…, tel:…, or the name of an item to link to."),
            **kwargs,
        )
        self.field.widget = LinkInput(self.field.widget.attrs)


class ItemKeyBlock(blocks.CharBlock):
    """The key of another item."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=255, **kwargs)
        self.field.widget = ItemInput(self.field.widget.attrs)


class PointBlock(blocks.CharBlock):
    """One point of a list. Its label stands on the frame around it, where no screen reader looks for it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=1000, **kwargs)
        self.field.widget.attrs["aria-label"] = _("Point")

    class Meta:
        label = gettext_lazy("Point")


class NeutralTextBlock(blocks.RichTextBlock):
    """Rich text that any channel can shape: paragraphs, lists, emphasis, links."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(features=FEATURES, **kwargs)

    def clean(self, value):  # noqa: ANN001, ANN201 - Wagtail's own types
        value = super().clean(value)
        validate_html(value.source)
        return value


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=255)
    level = blocks.ChoiceBlock(choices=[("2", "2"), ("3", "3"), ("4", "4")], default="2")

    class Meta:
        icon = "title"


class ImageBlock(blocks.StructBlock):
    image = ImageChooserBlock()
    alt = blocks.CharBlock(label=gettext_lazy("Alternative text"), required=False, max_length=500)
    caption = blocks.CharBlock(required=False, max_length=500)

    class Meta:
        icon = "image"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()
    source = blocks.CharBlock(required=False, max_length=255)

    class Meta:
        icon = "openquote"


class ListBlock(blocks.StructBlock):
    items = blocks.ListBlock(PointBlock())
    ordered = blocks.BooleanBlock(required=False, label=gettext_lazy("Numbered"))

    class Meta:
        icon = "list-ul"


class CallToActionBlock(blocks.StructBlock):
    label = blocks.CharBlock(max_length=255)
    link = LinkBlock(required=False)
    action = TermBlock(facet="action", required=False)

    class Meta:
        icon = "link-external"
        label = gettext_lazy("Call to action")


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=500)
    answer = NeutralTextBlock()

    class Meta:
        icon = "help"


class EmbedBlock(blocks.StructBlock):
    url = blocks.URLBlock()
    title = blocks.CharBlock(required=False, max_length=255)

    class Meta:
        icon = "media"


class ProductReferenceBlock(blocks.StructBlock):
    term = TermBlock(facet="product", label=gettext_lazy("Product"))
    label = blocks.CharBlock(required=False, max_length=255)

    class Meta:
        icon = "tag"
        label = gettext_lazy("Product")


class ItemReferenceBlock(blocks.StructBlock):
    key = ItemKeyBlock(label=gettext_lazy("Item"))
    role = blocks.CharBlock(max_length=100, default="related")

    class Meta:
        icon = "snippet"
        label = gettext_lazy("Item")


class LegalNoteBlock(blocks.StructBlock):
    text = blocks.TextBlock()

    class Meta:
        icon = "warning"
        label = gettext_lazy("Legal note")


class NeutralBody(blocks.StreamBlock):
    """The body of an item."""

    heading = HeadingBlock()
    rich_text = NeutralTextBlock(icon="pilcrow", label=gettext_lazy("Text"))
    image = ImageBlock()
    quote = QuoteBlock()
    list = ListBlock()
    call_to_action = CallToActionBlock()
    question = QuestionBlock()
    table = TableBlock(icon="table", table_options={"minSpareRows": 0, "language": "en-US"})
    embed = EmbedBlock()
    product_reference = ProductReferenceBlock()
    item_reference = ItemReferenceBlock()
    legal_note = LegalNoteBlock()

    class Meta:
        block_counts = {}

    def value_from_datadict(self, data, files, prefix):  # noqa: ANN001, ANN201 - Wagtail's own types
        try:
            return super().value_from_datadict(data, files, prefix)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise BadRequest(_("This is not what the form of an item posts.")) from error

    def clean(self, value, **kwargs):  # noqa: ANN001, ANN201 - Wagtail's own types
        value = super().clean(value, **kwargs)
        ids = [child.id for child in value if child.id]
        if len(ids) != len(set(ids)):
            raise ValidationError(_("Two blocks have the same key."))
        return value
