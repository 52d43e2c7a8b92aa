"""What can be done with a term, as addresses and as entries of its menu."""

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button

from taxonomy.changeviews import MergeView, MoveView, RenameView, RestoreView, RetireView, SplitView
from taxonomy.historyviews import HistoryView, UndoView
from taxonomy.models import Term

_VIEWS = {
    "rename": (RenameView, "edit"),
    "move": (MoveView, "order"),
    "merge": (MergeView, "link"),
    "split": (SplitView, "collapse-down"),
    "retire": (RetireView, "minus"),
    "restore": (RestoreView, "rotate"),
}


def change_urls() -> list[URLPattern]:
    """Return the addresses of everything that is done with one term."""
    views = [path(f"{name}/<int:pk>/", view.as_view(), name=name) for name, (view, _) in _VIEWS.items()]
    return [
        *views,
        path("changes/<int:pk>/", HistoryView.as_view(), name="history_of"),
        path("undo/<int:pk>/", UndoView.as_view(), name="undo"),
    ]


def change_buttons(term: Term) -> list[Button]:
    """Return the entries of a term's menu: what can be done with it as it is."""
    names = ["restore", "retire"] if term.is_retired else ["rename", "move", "merge", "split", "retire"]
    labels = {"retire": _("Change what replaces it")} if term.is_retired else {}
    found = [
        Button(
            labels.get(name, name.capitalize()),
            url=reverse(f"terms:{name}", args=[term.pk]),
            icon_name=_VIEWS[name][1],
            priority=60 + place,
        )
        for place, name in enumerate(names)
    ]
    history = Button(_("Changes"), url=reverse("terms:history_of", args=[term.pk]), icon_name="history", priority=90)
    return [*found, history]
