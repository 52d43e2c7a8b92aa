from babel import Locale as CldrLocale

from locales.territories import WORLD, territories, territory_name

# In CLDR without being officially assigned countries of ISO 3166-1: reserved codes, groupings, test locales.
NOT_COUNTRIES = set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())


def test_the_countries_are_those_of_cldr():
    countries = {territory.code for territory in territories() if territory.code.isalpha()}

    assert countries == {code for code in CldrLocale("en").territories if len(code) == 2} - NOT_COUNTRIES
    assert len(countries) == 250


def test_every_territory_stands_once_and_after_its_parent():
    seen = set()
    for territory in territories():
        assert territory.code not in seen
        assert territory.parent in seen or (territory.code, territory.parent) == (WORLD, None)
        seen.add(territory.code)

    assert len(seen) == 1 + 5 + 22 + 250


def test_countries_hang_on_their_subregion_and_continent():
    parents = dict(territories())

    assert [parents["JP"], parents["030"], parents["142"]] == ["030", "142", WORLD]
    assert parents["BR"] == "005"
    assert parents["ZA"] == "018"


def test_territories_are_named_in_any_language():
    assert territory_name("JP", "ja") == "日本"
    assert territory_name("JP", "pt-BR") == "Japão"
    assert territory_name("DE", "zh-CN") == "德国"
    assert territory_name("DE", "zh-TW") == "德國"
    assert territory_name(WORLD, "en") == "world"
    assert territory_name("DE", "tlh") is None
    assert territory_name("??", "en") is None


def test_every_territory_has_a_name_in_the_languages_of_the_admin():
    assert not [
        (territory.code, language)
        for territory in territories()
        for language in ("en", "ja", "ko")
        if not territory_name(territory.code, language)
    ]
