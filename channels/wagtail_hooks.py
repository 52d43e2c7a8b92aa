from wagtail import hooks

from channels.tokenviewset import TokenViewSet
from channels.viewsets import ChannelViewSet


@hooks.register("register_admin_viewset")
def register_channels() -> ChannelViewSet:
    return ChannelViewSet()


@hooks.register("register_admin_viewset")
def register_personal_tokens() -> TokenViewSet:
    return TokenViewSet()
