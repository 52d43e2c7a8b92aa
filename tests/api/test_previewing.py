"""A preview token's draft stands over what is published: in the answer to its holder, and nowhere else."""

import random
import string
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail_headless_preview.models import PagePreview

from contenthub.content.experiments.running import launch, stop
from contenthub.content.models import ItemReference
from contenthub.content.publishing import differences
from contenthub.content.reviewing import make_link
from contenthub.delivery.models import Edition, PublishedExperiment
from frontend_preview.tokens import Ticket, TokenInvalid
from tests.content.editing import localize, publish
from tests.content.factories import ExperimentFactory, ItemFactory, VariantFactory

pytestmark = pytest.mark.django_db
HEADLINE = "query ($key: String!, $context: ContextInput) { item(key: $key, context: $context) { headline } }"


def token_of(row, user, mode="all", **changes) -> str:
    """Return a token for a row as it stands in memory, with changes that nobody saved."""
    for name, value in changes.items():
        setattr(row, name, value)
    token = Ticket(row._meta.label_lower, row.pk, mode, user.pk).sign()
    row.update_page_preview(token)
    return token


@pytest.fixture
def headline(ask):
    def reading(key, **context):
        found = ask(HEADLINE, key=key, context=context)["item"]
        return found and found["headline"]

    return reading


@pytest.fixture
def refusal(client, settings):
    settings.HUB_ANONYMOUS_ACCESS = True

    def asking(token, **headers):
        body = {"query": HEADLINE, "variables": {"key": "any", "context": {"preview": token}}}
        answer = client.post("/graphql", body, content_type="application/json", headers=headers).json()
        return answer["errors"][0]["extensions"]["code"]

    return asking


def test_a_draft_is_seen_with_its_token_and_nothing_of_it_stays(headline, editor):
    item = ItemFactory(headline="On air", published=True)
    token = token_of(item, editor, headline="Draft")
    editions = Edition.objects.count()

    assert headline(item.key, preview=token) == "Draft"
    assert headline(item.key) == "On air"
    assert Edition.objects.count() == editions
    assert list(differences()) == []


def test_an_item_that_was_never_published_is_seen_with_its_token(headline, editor):
    item = ItemFactory(headline="Never out")

    assert headline(item.key, preview=token_of(item, editor)) == "Never out"
    assert headline(item.key) is None


def test_a_draft_is_found_in_lists_and_decisions(ask, editor):
    item = ItemFactory(headline="Draft")
    query = """query ($context: ContextInput!) { items(context: $context) { totalCount nodes { headline } }
        decide(context: $context) { items { headline } } }"""

    seen = ask(query, context={"preview": token_of(item, editor)})

    assert seen["items"] == {"totalCount": 1, "nodes": [{"headline": "Draft"}]}
    assert seen["decide"]["items"] == [{"headline": "Draft"}]
    assert ask(query, context={})["items"]["totalCount"] == 0


def test_one_query_shows_drafts_and_what_is_on_air_side_by_side(ask, editor):
    one, two = ItemFactory(headline="One", published=True), ItemFactory(headline="Two", published=True)
    tokens = [token_of(one, editor, headline="One, changed"), token_of(two, editor, headline="Two, changed")]
    query = """query ($one: String!, $two: String!, $a: String!, $b: String!) {
        first: item(key: $one, context: {preview: $a}) { headline }
        other: item(key: $two, context: {preview: $a}) { headline }
        second: item(key: $two, context: {preview: $b}) { headline }
        aired: item(key: $one) { headline } }"""

    seen = ask(query, one=one.key, two=two.key, a=tokens[0], b=tokens[1])

    assert [seen[name]["headline"] for name in ("first", "other", "second", "aired")] == [
        "One, changed",
        "Two",
        "Two, changed",
        "One",
    ]


def test_a_translation_is_previewed_before_its_original_was_published(headline, editor, locales):
    source = ItemFactory(headline="English")
    german = localize(source, "de")

    token = token_of(german, editor, headline="Deutsch")

    assert headline(source.key, locale="de", preview=token) == "Deutsch"
    assert headline(source.key, locale="en", preview=token) is None


def test_a_version_is_previewed_over_its_base(headline, editor):
    item = ItemFactory(headline="For all", published=True)
    variant = VariantFactory(localization=item, overrides={"headline": "Young"}, published=True)
    token = token_of(variant, editor, headline="Younger")

    context = {"segments": [], "preview": token}
    assert headline(item.key, **context) == "Younger"
    assert headline(item.key, segments=[]) == "Young"


def test_an_item_is_previewed_with_the_newest_drafts_of_its_versions(headline, editor):
    item = ItemFactory(headline="For all", published=True)
    variant = VariantFactory(localization=item, overrides={"headline": "Young"}, published=True)
    variant.headline = "Younger"
    variant.save_revision()

    assert headline(item.key, segments=[], preview=token_of(item, editor)) == "Younger"
    assert headline(item.key, segments=[]) == "Young"


def test_drafts_of_versions_in_every_language_are_seen_but_not_by_reviewers(headline, editor, locales):
    item = ItemFactory(headline="For all", published=True)
    german = publish(localize(item, "de", headline="Für alle"))
    for base in (item, german):
        VariantFactory(localization=base, code="young", overrides={"headline": f"Young: {base.headline}"})
    token = token_of(item, editor)
    _, for_reviewers = make_link(item, user=editor, minutes=60)

    assert headline(item.key, locale="de", segments=[], preview=token) == "Young: Für alle"
    assert headline(item.key, locale="en", segments=[], preview=for_reviewers) == "Young: For all"
    assert headline(item.key, locale="de", segments=[], preview=for_reviewers) != "Young: Für alle"


def test_many_drafts_of_versions_cost_no_more_statements(ask, editor):
    def statements(versions):
        item = ItemFactory(published=True)
        for number in range(versions):
            VariantFactory(localization=item, code=f"v{number}", overrides={"headline": "Young"}).save_revision()
        context = {"preview": token_of(item, editor)}
        ask(HEADLINE, key=item.key, context=context)
        with CaptureQueriesContext(connection) as asked:
            ask(HEADLINE, key=item.key, context=context)
        return len(asked)

    assert statements(2) == statements(12)


REFERENCES = (
    "query ($key: String!, $context: ContextInput) { item(key: $key, context: $context) { references { headline } } }"
)


def referring(*others):
    """Return an item on air that refers to others."""
    item = ItemFactory(headline="Referring")
    return publish(item, references=[ItemReference(role="related", target_key=other.key) for other in others])


@pytest.fixture
def related(ask):
    """Headlines of what an item refers to."""

    def reading(item, **context):
        found = ask(REFERENCES, key=item.key, context=context)["item"]["references"]
        return [one["headline"] for one in found]

    return reading


def test_what_a_draft_refers_to_is_seen_as_drafts_too(related, editor, locales):
    never_out, settled = ItemFactory(headline="Never out"), ItemFactory(headline="Settled", published=True)
    changed = ItemFactory(headline="On air", published=True)
    changed.headline = "Changed"
    changed.save_revision()
    item = referring(never_out, changed, settled)
    token = token_of(item, editor)

    assert related(item, preview=token) == ["Never out", "Changed", "Settled"]
    assert related(item) == ["On air", "Settled"]
    assert list(differences()) == []


def test_versions_of_what_a_draft_refers_to_are_seen_as_drafts(related, editor):
    other = ItemFactory(published=True)
    VariantFactory(localization=other, overrides={"headline": "Young"}).save_revision()
    item = referring(other)

    assert related(item, segments=[], preview=token_of(item, editor)) == ["Young"]
    assert related(item, segments=[]) == [other.headline]


def test_reviewers_see_what_a_draft_refers_to_as_readers_do(related, editor):
    item = referring(ItemFactory(headline="Never out"))
    _, for_reviewers = make_link(item, user=editor, minutes=60)

    assert related(item, preview=for_reviewers) == []


def test_a_translator_of_versions_alone_sees_no_drafts_of_items(related, editor):
    item = referring(ItemFactory(headline="Never out"))
    variant = VariantFactory(localization=item, overrides={"headline": "Young"}, published=True)
    token = token_of(variant, editor)
    assert related(item, segments=[], preview=token) == ["Never out"]

    editor.is_superuser = False
    editor.save()
    editor.user_permissions.add(Permission.objects.get(codename="change_variant"))

    assert related(item, segments=[], preview=token) == []


def test_drafts_that_refer_to_each_other_are_both_seen(related, headline, editor):
    one, two = ItemFactory(headline="One"), ItemFactory(headline="Two")
    for this, other in ((one, two), (two, one)):
        this.cta_label, this.cta_link = "Go", f"item:{other.key}"
        this.save_revision()

    assert headline(one.key, preview=token_of(two, editor)) == "One"
    assert headline(two.key, preview=token_of(one, editor)) == "Two"


def test_many_drafts_that_are_referred_to_cost_no_more_statements(ask, editor):
    def statements(others):
        item = referring(*ItemFactory.create_batch(others))
        context = {"preview": token_of(item, editor)}
        ask(REFERENCES, key=item.key, context=context)
        with CaptureQueriesContext(connection) as asked:
            ask(REFERENCES, key=item.key, context=context)
        return len(asked)

    assert statements(2) == statements(12)


def test_arms_of_a_test_are_previewed_before_it_starts(headline, editor):
    test = ExperimentFactory()
    item = ItemFactory(headline="For all", published=True)
    VariantFactory(localization=item, experiment=test.code, arm="warm", overrides={"headline": "Warm"}, published=True)
    arm, token = {"assignments": [{"experiment": test.code, "arm": "warm"}]}, token_of(item, editor)

    assert headline(item.key, segments=[], preview=token, **arm) == "Warm"
    assert headline(item.key, segments=[], preview=token) == "For all"
    assert headline(item.key, segments=[], **arm) == "For all"
    assert not PublishedExperiment.objects.exists()


def test_arms_of_a_test_that_is_over_are_not_seen_again(headline, editor):
    test = ExperimentFactory()
    item = ItemFactory(headline="For all", published=True)
    VariantFactory(localization=item, experiment=test.code, arm="warm", overrides={"headline": "Warm"}, published=True)
    launch(test.pk)
    stop(test.pk, now=timezone.now() + timedelta(seconds=1))
    arm, later = {"assignments": [{"experiment": test.code, "arm": "warm"}]}, timezone.now() + timedelta(seconds=2)

    context = {"segments": [], "preview": token_of(item, editor), "at": later.isoformat()}
    assert headline(item.key, **context, **arm) == "For all"


def test_a_token_opens_the_door_and_no_other_draft(client, editor, settings):
    settings.HUB_ANONYMOUS_ACCESS = False
    mine, other = ItemFactory(headline="Mine"), ItemFactory(headline="Other")
    token = token_of(mine, editor)
    query = "query ($key: String!, $token: String) { item(key: $key, context: {preview: $token}) { headline } }"

    def asked(key):
        body = {"query": query, "variables": {"key": key, "token": token}}
        headers = {"Authorization": f"Bearer {token}"}
        return client.post("/graphql", body, content_type="application/json", headers=headers)

    assert asked(mine.key).json()["data"]["item"] == {"headline": "Mine"}
    assert asked(mine.key).headers["Cache-Control"] == "no-store"
    assert asked(other.key).json()["data"]["item"] is None


def test_ten_thousand_mutated_tokens_open_nothing():
    token = Ticket("content.contentitem", 12, "all", 7).sign()
    chance = random.Random(7)
    letters = string.ascii_letters + string.digits + "|:-_"

    for _ in range(10_000):
        place = chance.randrange(len(token))
        kind = chance.randrange(3)
        put = chance.choice(letters) if kind < 2 else ""
        mutated = token[:place] + put + token[place + (kind != 1) :]
        if mutated != token:
            with pytest.raises(TokenInvalid):
                Ticket.read(mutated)


def test_what_opens_nothing_is_told(refusal, editor, settings):
    item = ItemFactory()
    token = token_of(item, editor)

    assert refusal("rubbish") == "PREVIEW_INVALID"
    assert refusal("rubbish", Authorization="Bearer preview|rubbish") == "PREVIEW_INVALID"
    settings.HUB_PREVIEW_SECONDS = -1
    assert refusal(token) == "PREVIEW_EXPIRED"
    settings.HUB_PREVIEW_SECONDS = 60
    PagePreview.objects.all().delete()
    assert refusal(token) == "PREVIEW_INVALID"


def test_whoever_may_no_longer_edit_sees_no_drafts(refusal, editor):
    token = token_of(ItemFactory(), editor)
    type(editor).objects.filter(pk=editor.pk).update(is_superuser=False)

    assert refusal(token) == "PREVIEW_INVALID"
