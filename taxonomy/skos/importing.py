"""Importing a vocabulary: planned and reported first, then written in one transaction exactly as reported."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from taxonomy.codes import LabelKind
from taxonomy.models import Facet
from taxonomy.skos.addresses import code_problems, facet_address, proposed_code
from taxonomy.skos.bases import keep_in_graph, last_import, packed, unpacked, with_gone
from taxonomy.skos.checks import below_retired_here, find_problems
from taxonomy.skos.collections import write_collections
from taxonomy.skos.facts import FACET, Facts, Finding, Severity, retired_here, settled
from taxonomy.skos.files import read_graph
from taxonomy.skos.merging import merged, without_circular_successors, without_cycles
from taxonomy.skos.plans import FacetChanged, ImportRefused, NewTerm, Plan, Source
from taxonomy.skos.reading import Reading
from taxonomy.skos.records import records_of
from taxonomy.skos.stored import stored_addresses, stored_facts, subjects_of, without_own_codes
from taxonomy.termrecords import TermFile
from taxonomy.termwriting import TermComparison, Written, facet_differences
from taxonomy.vocabularies import Vocabulary


def plan_import(facet_code: str, source: Source) -> Plan:
    """Return what importing the file into the facet would do. The facet need not be there yet.

    Raises:
        UnreadableFile: the file cannot be read.
        ValidationError: the facet's code is malformed.
    """
    facet = Facet.objects.filter(code=facet_code).first() or _new_facet(facet_code)
    version = facet.version if facet.pk else 0
    graph, findings = read_graph(
        source.content, source.format, base=source.base, fallback_base=facet_address(facet).rstrip("/#") + "/"
    )
    reading = Reading(graph)
    findings += reading.findings
    if not reading.terms:
        findings.append(Finding(Severity.REFUSED, "", "", "It holds no concepts."))
    findings += find_problems(reading.facts, reading.terms, reading.tops)
    addresses = stored_addresses(facet)
    codes, new_codes = _matched(facet, source, reading, addresses)
    owners = {code: addresses[code] or "a term of the hub" for code in addresses}
    for uri, code in codes.items():
        owners[code] = uri
    findings += code_problems(new_codes, owners, facet.code)
    codes |= new_codes
    plan = Plan(facet, source, version, _new_terms(new_codes, reading.facts), findings, [])
    plan.codes, plan.graph, plan.scheme = codes, graph, reading.scheme
    if not plan.refusals:
        _merge(plan, reading, addresses)
    return plan


@transaction.atomic
def carry_out(plan: Plan) -> Written:
    """Write what was planned.

    Raises:
        ImportRefused: the plan has refusals.
        FacetChanged: the facet was changed since.
    """
    if plan.refusals:
        raise ImportRefused(plan.refusals)
    facet = plan.facet
    if facet.pk is None:
        if Facet.objects.filter(code=facet.code).exists():
            raise FacetChanged
        facet.full_clean()
        facet.save()
    else:
        facet.lock()
        if facet.version != plan.version:
            raise FacetChanged
    written = TermComparison(plan.file, facet).write()
    write_collections(facet, plan.facts, plan.codes)
    _describe(plan)
    vocabulary = plan.vocabulary or Vocabulary(facet=facet)
    vocabulary.facet, vocabulary.uri, vocabulary.file_name = facet, plan.scheme, plan.source.name[-255:]
    vocabulary.graph = packed(plan.graph)
    vocabulary.save()
    return written


def _new_facet(code: str) -> Facet:
    facet = Facet(code=code)
    facet.full_clean()
    return facet


def _matched(
    facet: Facet, source: Source, reading: Reading, addresses: dict[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the codes by URI, of the concepts that are terms already and of those that are not.

    A term with the concept's URI is that term; else one of the proposed code that has no URI, or ours.
    """
    by_uri = {uri: code for code, uri in addresses.items() if uri}
    own = subjects_of(facet, addresses)
    known, new = {}, {}
    for uri in reading.terms:
        if uri in by_uri:
            known[uri] = by_uri[uri]
    taken = set(known.values())
    for uri in reading.terms:
        if uri in known:
            continue
        code = source.codes.get(uri) or proposed_code(
            facet.code, uri, reading.notations(uri), use_notation=source.use_notation
        )
        if code in addresses and code not in taken and (not addresses[code] or own[code] == uri):
            known[uri] = code
            taken.add(code)
        else:
            new[uri] = code
    return known, new


def _new_terms(new_codes: Mapping[str, str], facts: Facts) -> list[NewTerm]:
    names: dict[str, dict[str, str]] = {uri: {} for uri in new_codes}
    for fact in facts:
        if fact[1] == "label" and fact[2] == LabelKind.PREFERRED and fact[0] in names:
            names[fact[0]].setdefault(fact[3], fact[4])
    return [
        NewTerm(code, uri, names[uri].get("en") or next(iter(names[uri].values()), ""))
        for uri, code in new_codes.items()
    ]


def _merge(plan: Plan, reading: Reading, addresses: dict[str, str]) -> None:
    """Fill in what becomes of the facet: the three-way merge, and how it differs from what is there."""
    facet = plan.facet
    own = subjects_of(facet, addresses)
    new_addresses = {uri for uri, code in plan.codes.items() if not addresses.get(code) and own.get(code) != uri}
    subjects = own | {code: uri for uri, code in plan.codes.items()}
    in_hub = {subjects[code]: code for code in addresses}
    codes = in_hub | plan.codes
    hub = without_own_codes(stored_facts(facet, subjects), codes)
    file = without_own_codes(settled(reading.facts, codes), codes)
    plan.vocabulary = last_import(facet, reading)
    base: Facts = {}
    if plan.vocabulary:
        base_graph = unpacked(plan.vocabulary)
        base_reading = Reading(base_graph)
        base = without_own_codes(settled(base_reading.facts, codes), codes)
        gone = [uri for uri in base_reading.terms if uri not in reading.terms and uri in in_hub]
        file, kept_alive = with_gone(file, base, hub, gone, plan.source.prefer_file)
        plan.conflicts += kept_alive
        keep_in_graph(plan.graph, base_graph, [uri for uri in base_reading.terms if uri not in reading.terms])
    facts, conflicts = merged(base, hub, file, prefer_file=plan.source.prefer_file)
    facts, circular = without_circular_successors(facts, hub)
    here = retired_here(facts, file)
    told, facts = facts, settled(facts, codes, here)
    facts, circles = without_cycles(facts, hub)
    plan.findings += below_retired_here(told, facts, here)
    plan.conflicts += conflicts + circular + circles
    plan.facts, plan.codes = facts, codes
    plan.file = TermFile(
        path=plan.source.name,
        facet=facet.code,
        terms=records_of(facet, facts, codes, new_addresses=new_addresses),
    )
    plan.written = TermComparison(plan.file, facet).written
    beside = {fact for fact in facts if fact[1] in ("name", "collection", "member", "members")}
    was = {fact for fact in hub if fact[1] in ("name", "collection", "member", "members")}
    plan.changes_beside_terms = beside != was
    plan.changes_of_facet = facet_differences(facet, _described(plan))


def _described(plan: Plan) -> dict[str, Any]:
    """Return the names that the facet gets and, if it has none, the address of the scheme."""
    names = {fact[2]: fact[3] for fact in plan.facts if fact[0] == FACET and fact[1] == "name"}
    return {"names": names, "uri": plan.facet.uri or plan.scheme}


def _describe(plan: Plan) -> None:
    if plan.changes_of_facet:
        for name, value in _described(plan).items():
            setattr(plan.facet, name, value)
        plan.facet.full_clean()
        plan.facet.save()
