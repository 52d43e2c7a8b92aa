"""The facts of a facet as the database has them, in a fixed number of statements."""

from taxonomy.codes import TermStatus
from taxonomy.models import Facet, FurtherParent, Term, TermLabel, TermMapping, TermNotation, TermNote
from taxonomy.skos.addresses import minted_address
from taxonomy.skos.facts import FACET, RETIRED, Fact, Facts
from taxonomy.vocabularies import CollectionMember, TermCollection


def stored_addresses(facet: Facet) -> dict[str, str]:
    """Return the URI of each term by its code: empty where it has none, or shares that of an earlier term."""
    addresses: dict[str, str] = {}
    taken: set[str] = set()
    for code, uri in Term.objects.filter(facet=_id(facet)).order_by("pk").values_list("code", "uri"):
        addresses[code] = "" if uri in taken else uri
        taken.add(uri)
    return addresses


def subjects_of(facet: Facet, addresses: dict[str, str]) -> dict[str, str]:
    """Return what each code is called in facts: its URI, else one made from the code."""
    return {code: uri or minted_address(facet, code) for code, uri in addresses.items()}


def stored_facts(facet: Facet, subjects: dict[str, str]) -> Facts:
    """Return what the database says of the facet, its terms and its collections."""
    facts: list[Fact] = [(FACET, "name", language, name) for language, name in facet.names.items()]
    mine = {"term__facet": _id(facet)}
    terms = Term.objects.filter(facet=_id(facet)).order_by("position", "code")
    ids = {}
    for pk, code, status, above in terms.values_list("pk", "code", "status", "parent__code"):
        ids[pk] = subjects[code]
        if status == TermStatus.RETIRED:
            facts.append((subjects[code], "status", RETIRED))
        if above in subjects:
            facts.append((subjects[code], "broader", subjects[above]))
    further = FurtherParent.objects.filter(**mine).order_by("pk").values_list("term_id", "parent_id")
    facts += [(ids[pk], "broader", ids[above]) for pk, above in further if above in ids]
    labels = TermLabel.objects.filter(**mine).order_by("pk").values_list("term_id", "kind", "language", "text")
    facts += [(ids[pk], "label", *values) for pk, *values in labels]
    notes = TermNote.objects.filter(**mine).order_by("pk").values_list("term_id", "kind", "language", "text", "uri")
    facts += [(ids[pk], "note", *values) for pk, *values in notes]
    mappings = TermMapping.objects.filter(**mine).order_by("pk").values_list("term_id", "kind", "uri")
    facts += [(ids[pk], "mapping", *values) for pk, *values in mappings]
    notations = TermNotation.objects.filter(**mine).order_by("pk").values_list("term_id", "text", "datatype")
    facts += [(ids[pk], "notation", *values) for pk, *values in notations]
    links = {"from_term__facet": _id(facet), "to_term__facet": _id(facet)}
    related = Term.related.through.objects.filter(**links).order_by("pk").values_list("from_term", "to_term")
    facts += [(min(ids[a], ids[b]), "related", max(ids[a], ids[b])) for a, b in related]
    replaced = Term.replaced_by.through.objects.filter(**links).order_by("pk").values_list("from_term", "to_term")
    facts += [(ids[pk], "successor", ids[to]) for pk, to in replaced]
    facts += collection_facts(facet, ids)
    return {fact: [] for fact in facts}


def without_own_codes(facts: Facts, codes: dict[str, str]) -> Facts:
    """Return the facts less the notations that only repeat a term's code. ``codes``: by URI."""
    return {
        fact: said
        for fact, said in facts.items()
        if not (fact[1] == "notation" and fact[3] == "" and fact[2] == codes.get(fact[0]))
    }


def collection_facts(facet: Facet, ids: dict[int, str]) -> list[Fact]:
    """Return the facts of the facet's collections; ``ids``: what each term is called, by its primary key."""
    facts: list[Fact] = []
    rows = {row.pk: row for row in TermCollection.objects.filter(facet=_id(facet))}
    members: dict[int, list[str]] = {pk: [] for pk in rows}
    for row in CollectionMember.objects.filter(collection__in=rows).order_by("position", "pk"):
        member = ids.get(row.term_id) if row.term_id else rows[row.inner_id].uri if row.inner_id in rows else None
        if member:
            members[row.collection_id].append(member)
    for pk, row in rows.items():
        facts.append((row.uri, "collection", "ordered" if row.is_ordered else "unordered"))
        facts += [(row.uri, "name", language, name) for language, name in row.names.items()]
        if row.is_ordered:
            facts.append((row.uri, "members", *members[pk]))
        else:
            facts += [(row.uri, "member", member) for member in members[pk]]
    return facts


def _id(facet: Facet) -> int:
    return facet.pk or 0
