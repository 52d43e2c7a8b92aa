import factory

from channels.models import Channel, Limit


class ChannelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Channel

    code = factory.Sequence(lambda number: f"channel:web-{number}")
    labels = factory.LazyAttribute(lambda channel: {"en": channel.code.removeprefix("channel:")})
    parent = None
    kind = "web"
    position = factory.Sequence(lambda number: number)


class LimitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Limit

    channel = factory.SubFactory(ChannelFactory)
    field = "title"
    maximum = 60
