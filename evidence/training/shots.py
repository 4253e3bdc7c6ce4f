"""Where each picture of the exercise is taken from, which way, and in what light."""

from __future__ import annotations

from evidence.training.light import evening, morning, noon
from evidence.training.overhead import Aerial
from evidence.training.place import Spot
from evidence.training.view import View

EYE_M = 5.0

T01_VIEW = View(Spot(159.7477, -58.1434), EYE_M, 296.0, 60.0, 1600, 1067)
T02_VIEW = View(Spot(-64.0, 98.0), EYE_M, 118.0, 66.0, 1280, 853)
T03_VIEW = View(Spot(152.0, 62.0), EYE_M, 299.0, 58.0, 1280, 853)
T04_VIEW = View(Spot(62.0, -176.0), EYE_M, 342.0, 81.4, 1180, 360)
T05_AERIAL = Aerial(Spot(-190.0, 225.0), 0.5, 900, 900)
T06_VIEW = View(Spot(52.0, 214.0), EYE_M, 204.0, 60.0, 900, 600)
T07_VIEW = View(Spot(112.0, -40.0), EYE_M, 268.0, 62.0, 1280, 853)
T08_VIEW = View(Spot(176.0, 108.0), EYE_M, 244.0, 58.0, 1280, 853)
T09_VIEW = View(Spot(16.0, -128.0), EYE_M, 2.0, 64.0, 1280, 853)
T10_VIEW = View(Spot(30.0, 168.0), EYE_M, 205.0, 78.0, 900, 300)
T11_VIEW = View(Spot(118.0, 150.0), EYE_M, 222.0, 78.0, 900, 300)
T11_END = Spot(96.0, 176.0)

# Sun at each moment: azimuth and apparent elevation in degrees, by NREL's SPA (tested against pvlib).
T01_LIGHT = evening(303.165, 6.648)  # 2025-06-14 18:35:12 UTC
T03_LIGHT = evening(306.566, 4.762)  # 2025-06-14 18:52:10 UTC
T04_LIGHT = evening(300.442, 8.237)  # 2025-06-14 18:21:30 UTC
T05_LIGHT = noon(158.286, 55.542)  # 2025-06-14 10:02:00 UTC
T06_LIGHT = morning(85.594, 25.454)  # 2025-06-15 05:40:05 UTC
T08_LIGHT = noon(217.605, 52.681)  # 2025-06-15 12:30:00 UTC
T09_LIGHT = noon(188.702, 56.748)  # 2025-06-15 11:15:40 UTC
T11_LIGHT = noon(181.438, 56.959)  # 2025-06-15 10:58:20 UTC
