from locales.time_zones import time_zones


def test_zones_are_those_that_a_browser_knows_too():
    zones = time_zones()

    assert {"Asia/Tokyo", "Europe/Berlin", "America/Argentina/Ushuaia", "UTC"} <= set(zones)
    assert not {"localtime", "posixrules", "Factory", "Etc/GMT+1"} & set(zones)
