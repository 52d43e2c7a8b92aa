"""What an item must have before it may go on air."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
                yield facet, _("%(code)s has terms below it: choose one of those.") % {"code": term.code}
            if branches and not any(_is_within(standing, branches) for standing in final_successors(term)):
                yield (
                    facet,
                    _("%(code)s is not below %(branches)s.")
                    % {"code": term.code, "branches": " or ".join(sorted(one.code for one in branches))},
                )


def branches_of(rule: ClassificationRule, taxonomy: TaxonomySnapshot) -> tuple[TermView, ...]:
    """Return the terms at or below which a rule wants tags: its own, or what replaced it; none: anywhere."""
    below = taxonomy.find_id(rule.below_id) if rule.below_id else None
    return final_successors(below) if below else ()


@dataclass(frozen=True)
class RuleStatus:
    """How the tags of one facet stand to its rule, as the editor reads it beside the field."""

    text: str
    is_kept: bool
    problems: tuple[str, ...] = ()


def rule_status(rule: ClassificationRule, terms: Sequence[TermView], taxonomy: TaxonomySnapshot) -> RuleStatus:
    """Return what a rule asks for and what is chosen, for example: 2 of at least 1 chosen, leaf terms only."""
    found = [message for _facet, message in violations([rule], {rule.facet.code: list(terms)}, taxonomy)]
    is_counted = rule.minimum <= len(terms) and (rule.maximum is None or len(terms) <= rule.maximum)
    problems = found if is_counted else found[1:]  # the first says what the count says
    parts = [_counted(rule, len(terms))]
    parts += [_("leaf terms only")] if rule.leaf_only else []
    branches = " / ".join(branch.label([get_language() or "en"])[0] for branch in branches_of(rule, taxonomy))
    parts += [_("only below %(terms)s") % {"terms": branches}] if branches else []
    return RuleStatus(", ".join(parts), not found, tuple(problems))


def rule_hint(rule: ClassificationRule) -> str:
    """Return what a rule asks for, as one reads it away from any item."""
    parts = []
    if rule.minimum and rule.maximum == rule.minimum:
        parts.append(f"exactly {rule.minimum}")
    else:
        parts += [f"at least {rule.minimum}"] if rule.minimum else []
        parts += [f"at most {rule.maximum}"] if rule.maximum is not None else []
    parts += ["only terms with nothing below them"] if rule.leaf_only else []
    parts += [_("only below %(code)s") % {"code": rule.below.code}] if rule.below_id else []
    return f"To publish: {', '.join(parts)}." if parts else ""


def allows(rule: ClassificationRule, term: TermView, taxonomy: TaxonomySnapshot) -> bool:
    """Return whether a rule lets an item be tagged with a term, alone."""
    lenient = ClassificationRule(
        facet=rule.facet, maximum=rule.maximum, leaf_only=rule.leaf_only, below_id=rule.below_id
    )
    return not any(violations([lenient], {rule.facet.code: [term]}, taxonomy))


def _counted(rule: ClassificationRule, count: int) -> str:
    params = {"count": count, "minimum": rule.minimum, "maximum": rule.maximum}
    if rule.maximum == 0:
        return _("no terms allowed") if not count else _("%(count)d chosen, no terms allowed") % params
    if rule.maximum is None and not rule.minimum:
        return _("%(count)d chosen") % params
    if rule.maximum is None:
        return _("%(count)d of at least %(minimum)d chosen") % params
    if not rule.minimum:
        return _("%(count)d of at most %(maximum)d chosen") % params
    if rule.minimum == rule.maximum:
        return _("%(count)d of exactly %(minimum)d chosen") % params
    return _("%(count)d of %(minimum)d to %(maximum)d chosen") % params


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
