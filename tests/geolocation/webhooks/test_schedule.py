"""Waits grow, are spread, and have an end."""

from geolocation.webhooks.schedule import MOST_TRIES, wait_s


def test_each_wait_is_longer_until_six_hours():
    waits = [wait_s(tries, chance=0) for tries in range(1, MOST_TRIES)]
    assert waits[:3] == [30, 120, 480]
    assert waits == sorted(waits)
    assert max(waits) == 6 * 3600


def test_chance_takes_away_up_to_a_half():
    assert wait_s(1, chance=0.5) == 22.5
    assert wait_s(1, chance=0.999999) > 15


def test_all_tries_together_take_about_a_day():
    assert 18 * 3600 < sum(wait_s(tries, chance=0.25) for tries in range(1, MOST_TRIES)) < 30 * 3600
