"""What an item must have before it may go on air."""

from collections.abc import Iterable, Iterator

from taxonomy.snapshot import TaxonomySnapshot, TermView

from .models import ClassificationRule


def violations(rules: Iterable[ClassificationRule], tags: dict[str, list[TermView]]) -> Iterator[tuple[str, str]]:
    """Yield facet code and message for every classification rule that the tags (by facet) break."""
    for rule in rules:
        terms = tags.get(rule.facet.code, [])
        if len(terms) < rule.minimum:
            yield rule.facet.code, f"At least {rule.minimum} needed, {len(terms)} chosen."
        if rule.maximum is not None and len(terms) > rule.maximum:
            yield rule.facet.code, f"At most {rule.maximum} allowed, {len(terms)} chosen."
        for term in terms:
            if rule.leaf_only and any(not child.is_retired for child in term.children):
                yield rule.facet.code, f"{term.code} has terms below it: choose one of those."
            if rule.below_id and rule.below_id not in term.self_and_ancestors_ids:
                yield rule.facet.code, f"{term.code} is not below {rule.below.code}."


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
