import pytest
from django.db import connection

from contenthub.delivery import healthchecks


@pytest.mark.django_db
def test_only_a_connection_that_rested_is_asked_whether_it_lives(monkeypatch):
    monkeypatch.setattr(healthchecks._used, "at", float("-inf"), raising=False)
    asked = []
    for now in (100.0, 100.9, 101.7, 110.0):
        monkeypatch.setattr(healthchecks.time, "monotonic", lambda now=now: now)
        connection.health_check_done = False  # as Django does when a request begins
        healthchecks._trust()
        asked.append(not connection.health_check_done)

    assert asked == [True, False, False, True]
