"""The territories of the world in the grouping of UN M49, named by CLDR.

Codes are those of CLDR: three digits for a grouping, two letters (ISO 3166-1) for a country. Kosovo (XK) and
Taiwan (TW), which M49 does not list, stand where CLDR has them; Antarctica (AQ) stands directly under the world.
"""

from functools import lru_cache
from typing import NamedTuple

from locales.cldr import cldr_locale

WORLD = "001"
_CONTINENTS = {
    "002": "015 011 017 014 018",
    "019": "021 013 029 005",
    "142": "143 030 034 035 145",
    "150": "151 154 155 039",
    "009": "053 054 057 061",
}
_COUNTRIES = {
    "015": "DZ EG EH LY MA SD TN",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "018": "BW LS NA SZ ZA",
    "021": "BM CA GL PM US",
    "013": "BZ CR GT HN MX NI PA SV",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "143": "KG KZ TJ TM UZ",
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "154": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "155": "AT BE CH DE FR LI LU MC NL",
    "039": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
    WORLD: "AQ",
}


class Territory(NamedTuple):
    """A country or a grouping of countries; ``parent`` is the code of the grouping it belongs to."""

    code: str
    parent: str | None


@lru_cache(maxsize=1)
def _tree() -> tuple[Territory, ...]:
    subregions = [Territory(code, continent) for continent, codes in _CONTINENTS.items() for code in codes.split()]
    countries = [Territory(code, region) for region, codes in _COUNTRIES.items() for code in codes.split()]
    return (
        Territory(WORLD, None),
        *(Territory(continent, WORLD) for continent in _CONTINENTS),
        *subregions,
        *countries,
    )


def territories() -> list[Territory]:
    """Return the world, its continents, their subregions and all countries, parents before children."""
    return list(_tree())


def territory_name(code: str, language: str) -> str | None:
    """Return what CLDR calls a territory in a language (a tag of the hub, such as zh-CN), or None.

    >>> territory_name("JP", "pt-BR"), territory_name("150", "ja"), territory_name("JP", "tlh")
    ('Japão', 'ヨーロッパ', None)
    """
    names = cldr_locale(language)
    return names.territories.get(code) if names else None
