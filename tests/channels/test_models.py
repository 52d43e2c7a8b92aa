import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from channels.models import Channel
from tests.channels.factories import ChannelFactory, LimitFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "code", ["web", "channel:", "channel:Web", "channel:web_page", "channel:web page", "journey:web"]
)
def test_a_code_is_channel_and_a_key(code):
    with pytest.raises(ValidationError) as refused:
        ChannelFactory.build(code=code, labels={"en": "Web"}).full_clean()

    assert refused.value.message_dict == {"code": ["Write a code like channel:web-page."]}


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ({}, "This field cannot be blank."),
        (["Web"], "A channel needs a name in at least one language."),
        ({"PT_br": "Rede"}, "'PT_br' is no canonical language tag such as en, ja or pt-BR."),
        ({"en": " "}, "The name in 'en' is empty."),
        ({"en": 5}, "The name in 'en' is empty."),
    ],
)
def test_labels_are_names_by_canonical_language_tag(labels, message):
    with pytest.raises(ValidationError) as refused:
        ChannelFactory.build(labels=labels).full_clean()

    assert refused.value.message_dict == {"labels": [message]}


def test_a_circle_of_parents_is_refused_by_name():
    root = ChannelFactory(code="channel:web")
    page = ChannelFactory(code="channel:web-page", parent=root)
    root.parent = page

    with pytest.raises(ValidationError) as refused:
        root.full_clean()

    assert refused.value.message_dict == {
        "parent": ["This would go round in a circle: channel:web → channel:web-page → channel:web."]
    }


def test_the_database_refuses_a_channel_under_itself_and_two_limits_of_one_field():
    channel = ChannelFactory()
    LimitFactory(channel=channel, field="title")

    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(parent=channel)
    with pytest.raises(IntegrityError), transaction.atomic():
        LimitFactory(channel=channel, field="title", maximum=5)


def test_a_channel_with_children_is_not_deleted():
    child = ChannelFactory(parent=ChannelFactory())

    with pytest.raises(ProtectedError):
        child.parent.delete()


def test_a_limit_is_at_least_one_and_reads_with_its_measure():
    limit = LimitFactory(maximum=1200)

    assert str(limit) == "title: 1,200 characters"
    limit.maximum = 0
    with pytest.raises(ValidationError):
        limit.full_clean()
