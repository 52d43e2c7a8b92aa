"""Personal tokens as the API shows them. The source of ``PersonalToken`` is a ``TokenEntry``."""

from collections.abc import Iterable

import graphene

from channels.personaltokens import TokenEntry, codes_in


class PersonalToken(graphene.ObjectType):
    """A place in a text, written {{code}}, that whoever sends it fills in for each customer."""

    code = graphene.String(required=True, description="What stands between the braces, for example first_name.")
    default = graphene.String(description="What stands there for customers of whom nothing is known; null: nothing.")
    sample = graphene.String(required=True, description="An example to show in its place.")
    max_length = graphene.Int(required=True, description="The most characters that a value has.")

    @staticmethod
    def resolve_default(root: TokenEntry, info: graphene.ResolveInfo) -> str | None:
        return root.default or None


def known_tokens(texts: Iterable[str | None], info: graphene.ResolveInfo) -> list[TokenEntry]:
    """Return the tokens that texts hold, in order, each once; what is no token of the hub's is left out."""
    codes = codes_in(texts)
    known = info.context.tokens() if codes else {}
    return [known[code] for code in codes if code in known]
