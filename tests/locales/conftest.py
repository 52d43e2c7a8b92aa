import pytest

from tests.locales.recording import RecordingDependants


@pytest.fixture(autouse=True)
def _no_dependants(settings):
    """Rooms are tested alone: nobody stands on the chains unless a test says so."""
    settings.LOCALES_DEPENDANTS = None


@pytest.fixture
def told(settings):
    """What dependants are told while the test runs."""
    settings.LOCALES_DEPENDANTS = "tests.locales.recording.RecordingDependants"
    RecordingDependants.told.clear()
    return RecordingDependants.told
