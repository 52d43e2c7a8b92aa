from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from contenthub.delivery.consumers.issuing import issue_key, revoke_key
from contenthub.delivery.consumers.keys import digest_of
from contenthub.delivery.consumers.models import Consumer, ConsumersVersion
from contenthub.delivery.refusals import BadArgument

pytestmark = pytest.mark.django_db


@pytest.fixture
def consumer():
    return Consumer.objects.create(name="Braze")


def version():
    return ConsumersVersion.objects.values_list("number", flat=True).first() or 0


def test_of_a_key_only_digest_and_beginning_are_stored(consumer):
    key = issue_key(consumer)

    stored = consumer.keys.get()
    assert stored.digest == digest_of(key.whole) == key.digest
    assert key.whole.startswith(f"{stored.prefix}_")
    assert key.whole not in str(list(consumer.keys.values()))
    assert len(key.whole) == 45


def test_two_keys_are_live_at_a_time_and_no_more(consumer):
    issue_key(consumer)
    issue_key(consumer)

    with pytest.raises(BadArgument, match="revoke one first"):
        issue_key(consumer)

    revoke_key(consumer.keys.first())
    issue_key(consumer)
    assert sorted(key.state for key in consumer.keys.all()) == ["live", "live", "revoked"]


def test_an_expired_key_makes_room_for_another(consumer):
    issue_key(consumer)
    issue_key(consumer)
    consumer.keys.filter(pk=consumer.keys.first().pk).update(expires_at=timezone.now() - timedelta(days=1))

    issue_key(consumer)

    assert sorted(key.state for key in consumer.keys.all()) == ["expired", "live", "live"]


def test_a_key_that_would_have_expired_is_not_made(consumer):
    with pytest.raises(BadArgument, match="choose a later day"):
        issue_key(consumer, expires_at=timezone.now())

    assert not consumer.keys.exists()


def test_every_change_is_seen_by_its_number(consumer):
    before = version()
    issue_key(consumer)
    made = version()
    consumer.save()
    saved = version()
    revoke_key(consumer.keys.get())
    revoked = version()
    revoke_key(consumer.keys.get())
    again = version()
    consumer.delete()

    assert [made, saved, revoked, again, version()] == [before + 1, before + 2, before + 3, before + 3, before + 4]


@pytest.mark.parametrize(
    ("described", "field"),
    [
        ({"rights": ["everything"]}, "rights"),
        ({"rights": ["drafts"], "kind": "publishable"}, "rights"),
        ({"key_in_address": True}, "key_in_address"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
    ],
)
def test_what_would_open_more_than_was_meant_is_refused(described, field):
    with pytest.raises(ValidationError) as refused:
        Consumer(name="x", **described).full_clean()

    assert list(refused.value.message_dict) == [field]


def test_the_command_makes_a_connection_and_prints_its_key_alone(capsys):
    call_command("make_consumer", "Shop", "--publishable", "--right", "time", "--days", "30")

    consumer = Consumer.objects.get()
    assert (consumer.name, consumer.kind, consumer.rights) == ("Shop", "publishable", ["time"])
    assert digest_of(capsys.readouterr().out.strip()) == consumer.keys.get().digest
    assert consumer.keys.get().expires_at - timezone.now() > timedelta(days=29)


def test_the_command_gives_a_connection_another_key_until_two_are_live():
    call_command("make_consumer", "Shop")
    call_command("make_consumer", "Shop", "--publishable")

    with pytest.raises(CommandError, match="Two keys are live"):
        call_command("make_consumer", "Shop")

    assert (Consumer.objects.get().kind, Consumer.objects.get().keys.count()) == ("server", 2)


@pytest.mark.parametrize("days", ["0", "-1", "99999999"])
def test_the_command_refuses_days_that_are_none(days):
    with pytest.raises(CommandError, match="36,500"):
        call_command("make_consumer", "Shop", f"--days={days}")

    assert not Consumer.objects.exists()
