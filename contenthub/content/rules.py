"""What an item must have before it may go on air."""

from collections.abc import Iterable, Iterator

from taxonomy.snapshot import TaxonomySnapshot, TermView, final_successors

from .models import ClassificationRule


def violations(
    rules: Iterable[ClassificationRule], tags: dict[str, list[TermView]], taxonomy: TaxonomySnapshot
) -> Iterator[tuple[str, str]]:
    """Yield facet code and message for every classification rule that the tags (by facet) break.

    A retired term, tagged or named by a rule, stands for what replaced it.
    """
    for rule in rules:
        facet, terms = rule.facet.code, tags.get(rule.facet.code, [])
        if len(terms) < rule.minimum:
            yield facet, f"At least {rule.minimum} needed, {len(terms)} chosen."
        if rule.maximum is not None and len(terms) > rule.maximum:
            yield facet, f"At most {rule.maximum} allowed, {len(terms)} chosen."
        branches = branches_of(rule, taxonomy)
        for term in terms:
            if rule.leaf_only and not any(_is_leaf(standing) for standing in final_successors(term)):
                yield facet, f"{term.code} has terms below it: choose one of those."
            if branches and not any(_is_within(standing, branches) for standing in final_successors(term)):
                yield facet, f"{term.code} is not below {' or '.join(sorted(one.code for one in branches))}."


def branches_of(rule: ClassificationRule, taxonomy: TaxonomySnapshot) -> tuple[TermView, ...]:
    """Return the terms at or below which a rule wants tags: its own, or what replaced it; none: anywhere."""
    below = taxonomy.find_id(rule.below_id) if rule.below_id else None
    return final_successors(below) if below else ()


def rule_hint(rule: ClassificationRule) -> str:
    """Return what a rule asks for, as the editor reads it beside the field."""
    parts = []
    if rule.minimum and rule.maximum == rule.minimum:
        parts.append(f"exactly {rule.minimum}")
    else:
        parts += [f"at least {rule.minimum}"] if rule.minimum else []
        parts += [f"at most {rule.maximum}"] if rule.maximum is not None else []
    parts += ["only terms with nothing below them"] if rule.leaf_only else []
    parts += [f"only below {rule.below.code}"] if rule.below_id else []
    return f"To publish: {', '.join(parts)}." if parts else ""


def terms_by_facet(codes: Iterable[str], taxonomy: TaxonomySnapshot) -> dict[str, list[TermView]]:
    """Return terms by the code of their facet, in the given order."""
    found: dict[str, list[TermView]] = {}
    for code in codes:
        term = taxonomy.get(code)
        found.setdefault(term.facet, []).append(term)
    return found


def _is_leaf(term: TermView) -> bool:
    return all(child.is_retired for child in term.children)


def _is_within(term: TermView, branches: Iterable[TermView]) -> bool:
    return any(branch.id in term.self_and_ancestors_ids for branch in branches)
