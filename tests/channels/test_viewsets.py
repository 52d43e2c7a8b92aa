import pytest
from bs4 import BeautifulSoup
from django.urls import NoReverseMatch, reverse

from channels.models import Channel, ChannelField
from channels.registry import channel_registry
from locales.changes import ensure_locale
from tests.channels.factories import ChannelFactory, LimitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alone(settings):
    settings.LOCALES_DEPENDANTS = None
    settings.SECURE_SSL_REDIRECT = False


def page(response):
    return BeautifulSoup(response.content, "html.parser")


def posted(*limits, **changes):
    """Return the data of the form, as a browser sends it."""
    data = {
        "code": "channel:web-page",
        "kind": "web",
        "parent": "",
        "position": "1",
        "labels-en": "Web page",
    }
    for rows, count in (("limits", len(limits)), ("fields", 0)):
        numbers = {"TOTAL_FORMS": count, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
        data |= {f"{rows}-{name}": str(number) for name, number in numbers.items()}
    for number, (field, maximum) in enumerate(limits):
        row = {"field": field, "maximum": str(maximum), "measure": "characters", "severity": "error", "id": ""}
        data |= {f"limits-{number}-{name}": value for name, value in row.items()}
    return data | changes


def test_the_listing_is_the_tree_with_limits_of_its_own_and_of_parents(admin_client):
    mobile = ChannelFactory(code="channel:mobile", labels={"en": "Mobile"}, kind="mobile", position=2)
    ChannelFactory(code="channel:web", labels={"en": "Web"}, position=1)
    push = ChannelFactory(
        code="channel:mobile-push", labels={"en": "Push"}, kind="mobile", parent=mobile, is_retired=True
    )
    LimitFactory(channel=mobile, field="body", maximum=200)
    LimitFactory(channel=push, field="title", maximum=50)

    table = page(admin_client.get(reverse("channels:index"))).select_one("table.listing")

    rows = [[" ".join(cell.text.split()) for cell in row.select("td")] for row in table.select("tbody tr")]
    assert rows == [
        ["Web", "channel:web", "", "web", ""],
        ["Mobile", "channel:mobile", "", "mobile", "body: 200 characters"],
        [
            "Push retired",
            "channel:mobile-push",
            "Mobile",
            "mobile",
            "title: 50 characters body: 200 characters, from its parent",
        ],
    ]


def test_limits_of_a_placement_are_told_with_its_name_and_measures_in_words(admin_client):
    web = ChannelFactory(code="channel:web")
    LimitFactory(channel=web, field="title", maximum=1200, measure="graphemes", placement="sidebar")

    shown = page(admin_client.get(reverse("channels:index")))

    limits = shown.select_one("td.channel-listing__limits")
    assert limits.get_text(" ", strip=True) == "title in sidebar: 1,200 characters as readers see them"


def test_a_phone_is_shown_names_and_limits(admin_client):
    ChannelFactory(code="channel:web")

    shown = page(admin_client.get(reverse("channels:index")))

    asides = [" ".join(cell.text.split()) for cell in shown.select("table.listing .channel-listing__aside")]
    assert asides == ["Code", "Parent", "Kind", "channel:web", "", "web"]
    assert any("channels/listing.css" in link["href"] for link in shown.select("link[rel=stylesheet]"))


def test_the_listing_costs_the_same_whatever_the_number_of_channels(admin_client, django_assert_max_num_queries):
    root = ChannelFactory()
    admin_client.get(reverse("channels:index"))
    with django_assert_max_num_queries(30) as few:
        admin_client.get(reverse("channels:index"))
    for child in ChannelFactory.create_batch(25, parent=root):
        LimitFactory(channel=child)

    with django_assert_max_num_queries(30) as many:
        admin_client.get(reverse("channels:index"))

    assert len(many) == len(few)


def test_a_channel_is_added_with_names_and_limits(admin_client):
    ensure_locale("ja")
    root = ChannelFactory(code="channel:web")
    for name in ("title", "body"):
        ChannelField.objects.create(channel=root, name=name, source="headline")

    response = admin_client.post(
        reverse("channels:add"),
        posted(("title", 60), ("body", 120), parent=str(root.pk), **{"labels-ja": "ウェブページ"}),
    )

    assert response.status_code == 302
    entry = channel_registry().get("channel:web-page")
    assert (entry.parent, entry.labels) == ("channel:web", {"en": "Web page", "ja": "ウェブページ"})
    assert [(limit.field, limit.maximum) for limit in entry.limits] == [("body", 120), ("title", 60)]


def test_a_new_root_begins_with_the_fields_of_its_kind_and_a_child_with_none_of_its_own(admin_client):
    admin_client.post(reverse("channels:add"), posted(code="channel:line", kind="messaging"))
    root = Channel.objects.get(code="channel:line")
    admin_client.post(reverse("channels:add"), posted(code="channel:line-vip", kind="messaging", parent=str(root.pk)))

    names = [field.name for field in channel_registry().get("channel:line-vip").fields]
    assert names == ["text", "link", "link_label", "image"]
    assert list(ChannelField.objects.filter(channel=root).values_list("name", flat=True)) == names
    assert not ChannelField.objects.exclude(channel=root).exists()


def test_a_source_that_names_nothing_known_is_an_error_at_its_field(admin_client):
    row = {"name": "title", "source": "titel", "shape": "plain", "need": "optional", "minimum_width": "0", "id": ""}
    rows = {f"fields-0-{name}": value for name, value in row.items()}

    response = admin_client.post(reverse("channels:add"), posted(**rows | {"fields-TOTAL_FORMS": "1"}))

    assert "&#x27;titel&#x27; is none of headline, summary" in response.content.decode()
    assert not Channel.objects.exists()


def test_a_source_that_cannot_feed_the_shape_is_an_error_at_its_field(admin_client):
    row = {
        "name": "image",
        "source": "headline",
        "shape": "image",
        "need": "obligatory",
        "minimum_width": "0",
        "id": "",
    }
    rows = {f"fields-0-{name}": value for name, value in row.items()}

    response = admin_client.post(reverse("channels:add"), posted(**rows | {"fields-TOTAL_FORMS": "1"}))

    assert "&#x27;headline&#x27; cannot feed a field of the shape picture" in response.content.decode()
    assert not Channel.objects.exists()


def test_a_limit_on_a_field_that_the_channel_does_not_have_is_an_error_at_its_limit(admin_client):
    response = admin_client.post(reverse("channels:add"), posted(("title", 60), ("titel", 50)))

    assert "The channel has no field &#x27;titel&#x27;." in response.content.decode()
    assert not Channel.objects.exists()

    admin_client.post(reverse("channels:add"), posted(("title", 60)))

    channel = Channel.objects.get()
    rows = {"name": "title", "source": "headline", "shape": "plain", "need": "optional", "minimum_width": "0"}
    ids = {row.name: row.pk for row in channel.fields.all()}
    data = posted(("title", 60)) | {f"fields-0-{name}": value for name, value in rows.items()}
    data |= {"fields-0-id": ids["title"], "fields-0-DELETE": "on", "limits-0-id": channel.limits.get().pk}
    data |= {"fields-TOTAL_FORMS": "1", "fields-INITIAL_FORMS": "1", "limits-INITIAL_FORMS": "1"}
    response = admin_client.post(reverse("channels:edit", args=[channel.pk]), data)
    assert "The channel has no field &#x27;title&#x27;." in response.content.decode()


def test_a_limit_that_a_file_brought_without_a_field_does_not_keep_the_rest_from_being_saved(admin_client):
    channel = ChannelFactory(code="channel:web-page")
    limit = LimitFactory(channel=channel, field="body", maximum=400)
    data = posted(("body", 400), **{"limits-INITIAL_FORMS": "1", "limits-0-id": str(limit.pk), "labels-en": "Page"})

    admin_client.post(reverse("channels:edit", args=[channel.pk]), data)

    channel.refresh_from_db()
    assert channel.labels == {"en": "Page"}


def test_a_channel_without_a_name_is_refused(admin_client):
    response = admin_client.post(reverse("channels:add"), posted(**{"labels-en": " "}))

    assert response.context["form"].errors == {"labels": ["This field is required."]}
    assert not Channel.objects.exists()


def test_two_limits_of_one_field_are_an_error_on_the_form(admin_client):
    response = admin_client.post(reverse("channels:add"), posted(("title", 60), ("title", 50)))

    assert response.status_code == 200
    assert "Please correct the duplicate" in page(response).text
    assert not Channel.objects.exists()


def test_the_code_of_a_channel_stays_and_names_in_other_languages_are_kept(admin_client):
    channel = ChannelFactory(
        code="channel:web-page", labels={"en": "Web page", "fi": "Sivu"}, attributes={"note": "kept"}
    )

    shown = page(admin_client.get(reverse("channels:edit", args=[channel.pk])))
    admin_client.post(
        reverse("channels:edit", args=[channel.pk]),
        posted(code="channel:other", is_retired="on", **{"labels-en": "Page", "labels-fi": "Sivu"}),
    )

    assert shown.select_one("[name=code]").has_attr("disabled")
    assert shown.select_one("[name=labels-fi]")["value"] == "Sivu"
    channel.refresh_from_db()
    assert (channel.code, channel.labels) == ("channel:web-page", {"en": "Page", "fi": "Sivu"})
    assert (channel.is_retired, channel.attributes) == (True, {"note": "kept"})


def test_only_channels_that_make_no_circle_are_offered_as_parent(admin_client):
    root = ChannelFactory(code="channel:web", labels={"en": "Web"})
    child = ChannelFactory(code="channel:web-page", labels={"en": "Page"}, parent=root)
    ChannelFactory(code="channel:email", labels={"en": "Email"})

    shown = page(admin_client.get(reverse("channels:edit", args=[root.pk])))
    response = admin_client.post(reverse("channels:edit", args=[root.pk]), posted(parent=str(child.pk)))

    assert [option.text for option in shown.select("[name=parent] option")] == ["None: a root", "Email (channel:email)"]
    assert "parent" in response.context["form"].errors
    root.refresh_from_db()
    assert root.parent is None


def test_the_parents_are_offered_as_a_tree(admin_client):
    root = ChannelFactory(code="channel:web", labels={"en": "Web"})
    ChannelFactory(code="channel:web-page", labels={"en": "Page"}, parent=root)

    shown = page(admin_client.get(reverse("channels:add")))

    assert [option.text for option in shown.select("[name=parent] option")] == [
        "None: a root",
        "Web (channel:web)",
        "\u2003Page (channel:web-page)",
    ]


def test_a_channel_cannot_be_deleted(admin_client):
    channel = ChannelFactory()

    shown = page(admin_client.get(reverse("channels:edit", args=[channel.pk])))

    assert not shown.select('a[href*="delete"]')
    with pytest.raises(NoReverseMatch):
        reverse("channels:delete", args=[channel.pk])
