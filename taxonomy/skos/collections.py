"""Writing the collections of a facet as facts have them."""

from collections.abc import Mapping

from taxonomy.models import Facet, Term
from taxonomy.skos.facts import Fact, Facts
from taxonomy.skos.stored import collection_facts
from taxonomy.vocabularies import CollectionMember, TermCollection

ASPECTS = {"collection", "name", "member", "members"}


def write_collections(facet: Facet, facts: Facts, codes: Mapping[str, str]) -> bool:
    """Make the facet's collections what the facts say; return whether that changed anything. ``codes``: by URI."""
    ids = dict(Term.objects.filter(facet=facet).values_list("code", "pk"))
    terms = {uri: ids[code] for uri, code in codes.items()}
    wanted = [fact for fact in facts if fact[0] and fact[1] in ASPECTS]
    held = collection_facts(facet, {pk: uri for uri, pk in terms.items()})
    if set(wanted) == set(held):
        return False
    kinds = {fact[0]: fact[2] for fact in wanted if fact[1] == "collection"}
    TermCollection.objects.filter(facet=facet).exclude(uri__in=list(kinds)).delete()
    rows = {
        uri: TermCollection.objects.update_or_create(
            facet=facet, uri=uri, defaults={"is_ordered": kind == "ordered", "names": _names(uri, wanted)}
        )[0]
        for uri, kind in kinds.items()
    }
    CollectionMember.objects.filter(collection__in=rows.values()).delete()
    members = []
    for uri, row in rows.items():
        for position, target in enumerate(_members(uri, wanted), start=1):
            member = CollectionMember(collection=row, position=position, term_id=terms.get(target))
            if member.term_id is None:
                member.inner = rows.get(target)
            if member.term_id or member.inner:
                members.append(member)
    CollectionMember.objects.bulk_create(members, batch_size=500)
    return True


def _names(uri: str, facts: list[Fact]) -> dict[str, str]:
    return {fact[2]: fact[3] for fact in facts if fact[0] == uri and fact[1] == "name"}


def _members(uri: str, facts: list[Fact]) -> list[str]:
    found: list[str] = []
    for fact in facts:
        if fact[0] == uri and fact[1] in ("member", "members"):
            found += fact[2:]
    return list(dict.fromkeys(found))
