from wagtail import hooks

from channels.viewsets import ChannelViewSet


@hooks.register("register_admin_viewset")
def register_channels() -> ChannelViewSet:
    return ChannelViewSet()
