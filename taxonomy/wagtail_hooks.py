from django.urls import URLPattern, path
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from taxonomy.changes.kinds import KINDS
from taxonomy.choosing import choose_terms
from taxonomy.viewsets import TaxonomyViewSetGroup


@hooks.register("register_admin_viewset")
def register_taxonomy() -> TaxonomyViewSetGroup:
    return TaxonomyViewSetGroup()


@hooks.register("register_admin_urls")
def register_term_choosing() -> list[URLPattern]:
    return [path("taxonomy/choose/", choose_terms, name="taxonomy_choose_terms")]


@hooks.register("register_log_actions")
def register_term_actions(actions: LogActionRegistry) -> None:
    for kind in KINDS.values():
        actions.register_action(f"taxonomy.{kind.do}", kind.do.capitalize(), kind.past)
    actions.register_action("taxonomy.import", "Import terms", "Imported terms from a file")
    actions.register_action("taxonomy.undo", "Undo a change", "Undid a change")
