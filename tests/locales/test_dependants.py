from locales.dependants import ChainsChanged, NoDependants, get_dependants
from tests.locales.recording import RecordingDependants


def test_the_setting_names_who_is_told(settings):
    settings.LOCALES_DEPENDANTS = "tests.locales.recording.RecordingDependants"

    assert isinstance(get_dependants(), RecordingDependants)


def test_without_a_setting_nobody_is_told():
    dependants = get_dependants()
    change = ChainsChanged(frozenset({"de"}))

    assert isinstance(dependants, NoDependants)
    assert (dependants.counts(["de"]), dependants.impact(change), dependants.apply(change)) == ({}, {}, None)
