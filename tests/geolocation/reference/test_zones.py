"""The civil time at more than forty places, against the IANA time zone database and what is kept there."""

from datetime import UTC, datetime, timedelta

import pytest

from geolocation.checks.measures import zone_at, zones_at
from geolocation.coordinates.position import Position

# Name, latitude, longitude, zone, and the offset from UTC on 20 September 2023, in hours.
PLACES = [
    ("Stepanakert", 39.8265, 46.7656, "Asia/Baku", 4),
    ("Xankəndi, the same by its other name", 39.8265, 46.7656, "Asia/Baku", 4),
    ("Shushi", 39.7586, 46.7486, "Asia/Baku", 4),
    ("Yerevan", 40.18, 44.51, "Asia/Yerevan", 4),
    ("Baku", 40.41, 49.87, "Asia/Baku", 4),
    ("Sukhumi", 43.0, 41.02, "Asia/Tbilisi", 4),
    ("Urumqi", 43.825, 87.6, "Asia/Shanghai", 8),
    ("Kashgar", 39.47, 75.99, "Asia/Shanghai", 8),
    ("Lhasa", 29.65, 91.1, "Asia/Shanghai", 8),
    ("Simferopol", 44.95, 34.1, "Europe/Simferopol", 3),
    ("Sevastopol", 44.6, 33.52, "Europe/Simferopol", 3),
    ("Donetsk", 48.0, 37.8, "Europe/Kyiv", 3),
    ("Kherson", 46.63, 32.62, "Europe/Kyiv", 3),
    ("Kyiv", 50.45, 30.52, "Europe/Kyiv", 3),
    ("Tiraspol", 46.84, 29.63, "Europe/Chisinau", 3),
    ("Moscow", 55.75, 37.62, "Europe/Moscow", 3),
    ("Kaliningrad", 54.71, 20.51, "Europe/Kaliningrad", 2),
    ("London", 51.51, -0.13, "Europe/London", 1),
    ("Kathmandu", 27.717, 85.324, "Asia/Kathmandu", 5.75),
    ("Kolkata", 22.57, 88.36, "Asia/Kolkata", 5.5),
    ("Colombo", 6.93, 79.86, "Asia/Colombo", 5.5),
    ("Kabul", 34.53, 69.17, "Asia/Kabul", 4.5),
    ("Tehran", 35.69, 51.39, "Asia/Tehran", 3.5),
    ("Yangon", 16.87, 96.2, "Asia/Yangon", 6.5),
    ("Pyongyang", 39.03, 125.75, "Asia/Pyongyang", 9),
    ("Seoul", 37.57, 126.98, "Asia/Seoul", 9),
    ("Gaza", 31.5, 34.45, "Asia/Gaza", 3),
    ("Hebron", 31.53, 35.1, "Asia/Hebron", 3),
    ("Jerusalem", 31.77, 35.21, "Asia/Jerusalem", 3),
    ("Damascus", 33.51, 36.29, "Asia/Damascus", 3),
    ("Aleppo", 36.2, 37.16, "Asia/Damascus", 3),
    ("Khartoum", 15.6, 32.53, "Africa/Khartoum", 2),
    ("Addis Ababa", 9.03, 38.74, "Africa/Addis_Ababa", 3),
    ("Dili", -8.56, 125.57, "Asia/Dili", 9),
    ("Eucla", -31.68, 128.88, "Australia/Eucla", 8.75),
    ("Adelaide", -34.93, 138.6, "Australia/Adelaide", 9.5),
    ("Lord Howe", -31.55, 159.08, "Australia/Lord_Howe", 10.5),
    ("St. John's", 47.56, -52.71, "America/St_Johns", -2.5),
    ("Caracas", 10.48, -66.9, "America/Caracas", -4),
    ("Marquesas", -8.9, -140.1, "Pacific/Marquesas", -9.5),
    # Around the date line, where the day itself changes.
    ("Apia", -13.83, -171.77, "Pacific/Apia", 13),
    ("Pago Pago", -14.28, -170.7, "Pacific/Pago_Pago", -11),
    ("Kiritimati", 1.87, -157.4, "Pacific/Kiritimati", 14),
    ("Fakaofo", -9.38, -171.22, "Pacific/Fakaofo", 13),
    ("Nuku'alofa", -21.14, -175.2, "Pacific/Tongatapu", 13),
    ("Suva", -18.14, 178.44, "Pacific/Fiji", 12),
    ("Taveuni, east of 180", -16.8, -179.9, "Pacific/Fiji", 12),
    ("Chatham", -43.95, -176.55, "Pacific/Chatham", 12.75),
    ("Auckland", -36.85, 174.76, "Pacific/Auckland", 12),
    ("Anadyr", 64.73, 177.5, "Asia/Anadyr", 12),
    ("Wrangel, east of 180", 71.2, -179.5, "Asia/Anadyr", 12),
    ("Nome", 64.5, -165.4, "America/Nome", -8),
    ("Adak", 51.88, -176.65, "America/Adak", -9),
]


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "zone", "hours"), PLACES, ids=[p[0] for p in PLACES]
)
def test_the_zone_and_its_offset_at_that_place(name, latitude, longitude, zone, hours):
    found = zone_at(Position(latitude, longitude))
    assert found is not None
    assert found.key == zone
    assert datetime(2023, 9, 20, 12, tzinfo=UTC).astimezone(found).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("latitude", "longitude", "moment", "hours"),
    [
        (44.95, 34.1, "2014-03-29T12:00Z", 2),  # Crimea kept Kyiv's time until 30 March 2014
        (44.95, 34.1, "2014-03-31T12:00Z", 4),  # and then Moscow's, which was UTC+4 that year
        (44.95, 34.1, "2014-11-01T12:00Z", 3),
        (40.41, 49.87, "2015-07-01T12:00Z", 5),  # Azerbaijan's last summer time
        (40.41, 49.87, "2016-07-01T12:00Z", 4),
        (-13.83, -171.77, "2011-12-29T12:00Z", -10),  # Samoa crossed the date line on 30 December 2011
        (-13.83, -171.77, "2011-12-31T12:00Z", 14),
        (39.03, 125.75, "2016-01-01T12:00Z", 8.5),  # Pyongyang time, August 2015 to May 2018
    ],
)
def test_the_history_of_a_zone_counts(latitude, longitude, moment, hours):
    zone = zone_at(Position(latitude, longitude))
    assert datetime.fromisoformat(moment).astimezone(zone).utcoffset() == timedelta(hours=hours)


def test_in_xinjiang_both_times_that_people_keep_are_known():
    assert {zone.key for zone in zones_at(Position(43.825, 87.6))} >= {"Asia/Shanghai", "Asia/Urumqi"}
