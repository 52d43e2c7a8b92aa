from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from .consumers.viewsets import ConnectionViewSet
from .operations.viewsets import OperationViewSet


@hooks.register("register_admin_viewset")
def register_connections() -> ConnectionViewSet:
    return ConnectionViewSet()


@hooks.register("register_admin_viewset")
def register_operations() -> OperationViewSet:
    return OperationViewSet()


@hooks.register("register_log_actions")
def register_key_actions(actions: LogActionRegistry) -> None:
    actions.register_action("connections.make_key", "Make a key", "Key made")
    actions.register_action("connections.revoke_key", "Revoke a key", "Key revoked")
