"""Changes in words, as screens, reports and commands tell them."""

from collections.abc import Callable, Iterable, Mapping
from functools import singledispatch

from taxonomy.changes.kinds import Change, Merge, Move, Rename, Restore, Retire, Split
from taxonomy.snapshot import TaxonomySnapshot

Named = Callable[[str], str]

COUNT_NAMES = {
    "terms": ("term", "terms"),
    "items": ("item", "items"),
    "localizations": ("language version", "language versions"),
    "variants": ("version for an audience", "versions for an audience"),
    "rules": ("rule of a type", "rules of types"),
    "answers": ("published answer", "published answers"),
    "failing": ("published item newly breaks a rule of its type", "published items newly break a rule of their type"),
}


def named_in(taxonomy: TaxonomySnapshot, languages: Iterable[str]) -> Named:
    """Return what calls terms by their labels in these languages; a code that no term has, by itself."""
    chain = list(languages)

    def named(code: str) -> str:
        term = taxonomy.find(code)
        return f"“{term.label(chain)[0]}”" if term else code

    return named


def counted(counts: Mapping[str, int]) -> list[str]:
    """Return named counts in words, for example "3 items"."""
    found = []
    for name in [*(one for one in COUNT_NAMES if one in counts), *sorted(counts.keys() - COUNT_NAMES.keys())]:
        one, many = COUNT_NAMES.get(name, (name, name))
        found.append(f"{counts[name]:,} {one if counts[name] == 1 else many}")
    return found


@singledispatch
def told(change: Change, named: Named) -> str:
    """Return a change in one sentence."""
    raise NotImplementedError


@told.register
def _rename(change: Rename, named: Named) -> str:
    names = ", ".join(f"{tag}: {f'“{text}”' if text else 'none'}" for tag, text in change.labels.items())
    return f"Rename {named(change.term)} ({names})"


@told.register
def _move(change: Move, named: Named) -> str:
    parts = [f"Move {named(change.term)} {f'below {named(change.parent)}' if change.parent else 'to the top level'}"]
    parts += [f"also below {_all(change.further, named)}"] if change.further else []
    parts += [f"before {named(change.before)}"] if change.before else []
    parts += [f"after {named(change.after)}"] if change.after else []
    return ", ".join(parts)


@told.register
def _merge(change: Merge, named: Named) -> str:
    return f"Merge {named(change.term)} into {named(change.into)}"


@told.register
def _split(change: Split, named: Named) -> str:
    count = len(change.items)
    given = f", {count} {'item' if count == 1 else 'items'} given" if count else ""
    return f"Split {named(change.term)} into {_all(change.into, named)}{given}"


@told.register
def _retire(change: Retire, named: Named) -> str:
    return f"Retire {named(change.term)}" + (f", replaced by {named(change.successor)}" if change.successor else "")


@told.register
def _restore(change: Restore, named: Named) -> str:
    return f"Restore {named(change.term)}"


def _all(codes: Iterable[str], named: Named) -> str:
    return ", ".join(named(code) for code in codes)
