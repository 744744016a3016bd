"""Cases of the air worked out by hand from the texts, each with where it comes from. Nothing here is computed
by the program.

INDEX     pollutant, figure (µg/m³), class.  The bounds are those of the arrêté of 10 July 2020, annexe I,
upper bounds inclusive. LEVELS    pollutant, what the day held, level, emergency step.  Code de
l'environnement R221-1 and its thresholds "en moyenne horaire / journalière". EXTENT    area km², people over
whom, people of the département, local situation, criterion.  Arrêté of 7 April 2016, article 2. PERSIST
pollutant, day of decision, evidence by day (m: measured, f: forecast, level), level, why.  Arrêté of 7 April
2016, changed 26 August 2016, article 2. FOLLOW    state of the day before, level by itself, weather holds,
state, why.  Same arrêté, articles 10 to 12.
"""

from __future__ import annotations

ATMO = "arrêté du 10 juillet 2020, annexe I"
R221 = "code de l’environnement, R221-1"
ARR = "arrêté du 7 avril 2016, article 2"
ARR12 = "arrêté du 7 avril 2016, article 12"

INDEX = (
    ("so2", 0, 1, ATMO), ("so2", 100, 1, ATMO), ("so2", 100.1, 2, ATMO), ("so2", 200, 2, ATMO), ("so2", 200.1, 3, ATMO), ("so2", 350, 3, ATMO),
    ("so2", 350.1, 4, ATMO), ("so2", 500, 4, ATMO), ("so2", 500.1, 5, ATMO), ("so2", 750, 5, ATMO), ("so2", 750.1, 6, ATMO),
    ("no2", 0, 1, ATMO), ("no2", 40, 1, ATMO), ("no2", 40.1, 2, ATMO), ("no2", 90, 2, ATMO), ("no2", 90.1, 3, ATMO), ("no2", 120, 3, ATMO),
    ("no2", 120.1, 4, ATMO), ("no2", 230, 4, ATMO), ("no2", 230.1, 5, ATMO), ("no2", 340, 5, ATMO), ("no2", 340.1, 6, ATMO),
    ("o3", 0, 1, ATMO), ("o3", 50, 1, ATMO), ("o3", 50.1, 2, ATMO), ("o3", 100, 2, ATMO), ("o3", 100.1, 3, ATMO), ("o3", 130, 3, ATMO),
    ("o3", 130.1, 4, ATMO), ("o3", 240, 4, ATMO), ("o3", 240.1, 5, ATMO), ("o3", 380, 5, ATMO), ("o3", 380.1, 6, ATMO),
    ("pm10", 0, 1, ATMO), ("pm10", 20, 1, ATMO), ("pm10", 20.1, 2, ATMO), ("pm10", 40, 2, ATMO), ("pm10", 40.1, 3, ATMO), ("pm10", 50, 3, ATMO),
    ("pm10", 50.1, 4, ATMO), ("pm10", 100, 4, ATMO), ("pm10", 100.1, 5, ATMO), ("pm10", 150, 5, ATMO), ("pm10", 150.1, 6, ATMO),
    ("pm25", 0, 1, ATMO), ("pm25", 10, 1, ATMO), ("pm25", 10.1, 2, ATMO), ("pm25", 20, 2, ATMO), ("pm25", 20.1, 3, ATMO), ("pm25", 25, 3, ATMO),
    ("pm25", 25.1, 4, ATMO), ("pm25", 50, 4, ATMO), ("pm25", 50.1, 5, ATMO), ("pm25", 75, 5, ATMO), ("pm25", 75.1, 6, ATMO),
)  # fmt: skip

LEVELS = (
    # particles: the mean of the day
    ("pm10", {"day": 50.0}, 0, 0, R221), ("pm10", {"day": 50.1}, 1, 0, R221), ("pm10", {"day": 80.0}, 1, 0, R221), ("pm10", {"day": 80.1}, 2, 0, R221),
    ("pm10", {"day": None}, None, 0, R221), ("pm10", {"day": 49.0, "hours": [20.0] * 23 + [700.0]}, 0, 0, R221),
    # nitrogen dioxide: one hour over 200; three hours running over 400
    ("no2", {"hours": [200.0] * 24}, 0, 0, R221), ("no2", {"hours": [90.0] * 23 + [200.1]}, 1, 0, R221),
    ("no2", {"hours": [401.0, 402.0] + [90.0] * 22}, 1, 0, R221), ("no2", {"hours": [401.0, 402.0, 403.0] + [90.0] * 21}, 2, 0, R221),
    ("no2", {"hours": [401.0, 400.0, 403.0, 404.0] + [90.0] * 20}, 1, 0, R221), ("no2", {"hours": [401.0, 402.0, None, 403.0] + [90.0] * 20}, 1, 0, R221),
    ("no2", {"hours": [401.0, 402.0, 90.0, 403.0] + [90.0] * 20}, 1, 0, R221), ("no2", {"hours": [None] * 24}, None, 0, R221),
    ("no2", {"hours": [90.0] * 22 + [401.0, 402.0, 403.0]}, 2, 0, "vingt-cinq heures : la nuit du changement d’heure"),
    # ozone: one hour over 180; one hour over 240; steps of the emergency measures
    ("o3", {"hours": [180.0] * 24}, 0, 0, R221), ("o3", {"hours": [100.0] * 23 + [180.1]}, 1, 0, R221), ("o3", {"hours": [100.0] * 23 + [240.0]}, 1, 0, R221),
    ("o3", {"hours": [100.0] * 23 + [240.1]}, 2, 0, R221), ("o3", {"hours": [241.0] * 2 + [100.0] * 22}, 2, 0, R221),
    ("o3", {"hours": [241.0] * 3 + [100.0] * 21}, 2, 1, R221), ("o3", {"hours": [301.0] * 2 + [241.0] + [100.0] * 21}, 2, 1, R221),
    ("o3", {"hours": [301.0] * 3 + [100.0] * 21}, 2, 2, R221), ("o3", {"hours": [300.0] * 3 + [100.0] * 21}, 2, 1, R221),
    ("o3", {"hours": [360.1] + [100.0] * 23}, 2, 3, R221), ("o3", {"hours": [360.0] + [100.0] * 23}, 2, 0, R221),
    # sulphur dioxide: one hour over 300; three hours running over 500
    ("so2", {"hours": [300.0] * 24}, 0, 0, R221), ("so2", {"hours": [300.1] + [10.0] * 23}, 1, 0, R221), ("so2", {"hours": [501.0] * 2 + [10.0] * 22}, 1, 0, R221),
    ("so2", {"hours": [501.0] * 3 + [10.0] * 21}, 2, 0, R221), ("so2", {"hours": [500.0] * 24}, 1, 0, R221),
)  # fmt: skip

EXTENT = (
    (100.0, None, 600_000, False, "area", ARR), (99.9, None, 600_000, False, None, ARR), (250.0, 0, 600_000, False, "area", ARR),
    (0.0, 60_000, 600_000, False, "share", ARR), (0.0, 59_999, 600_000, False, None, ARR), (0.0, 50_001, 500_001, False, "share", ARR),
    (0.0, 50_000, 500_001, False, None, ARR), (0.0, 50_000, 500_000, False, "people", ARR), (0.0, 49_999, 500_000, False, None, ARR),
    (0.0, 50_000, 90_000, False, "people", ARR), (0.0, 9_000, 90_000, False, None, ARR), (0.0, 9_000, 90_000, True, "local", ARR),
    (None, None, 600_000, True, "local", ARR), (None, None, 600_000, False, None, ARR), (None, 1_200_000, 1_900_000, False, "share", ARR),
)  # fmt: skip

PERSIST = (
    # particles, since 2016: yesterday and today, or today and tomorrow
    ("pm10", "2026-01-15", {-1: "m1", 0: "m1"}, 2, "persistence", ARR), ("pm10", "2026-01-15", {0: "m1", 1: "f1"}, 2, "persistence", ARR),
    ("pm10", "2026-01-15", {0: "f1", 1: "f1"}, 2, "persistence", ARR), ("pm10", "2026-01-15", {-1: "m1", 0: "f1"}, 2, "persistence", ARR),
    ("pm10", "2026-01-15", {-1: "m2", 0: "m1"}, 2, "persistence", ARR), ("pm10", "2026-01-15", {0: "m1"}, 1, "level", ARR),
    ("pm10", "2026-01-15", {-1: "m1", 0: "m0", 1: "f1"}, 0, "", ARR), ("pm10", "2026-01-15", {-1: "m0", 0: "m1", 1: "f0"}, 1, "level", ARR),
    ("pm10", "2026-01-15", {-2: "m1", 0: "m1"}, 1, "level", ARR), ("pm10", "2026-01-15", {0: "m2"}, 2, "level", ARR),
    ("pm10", "2026-01-15", {-1: "m1", 0: "m2"}, 2, "level", ARR), ("pm10", "2026-01-15", {-1: "m1", 1: "f1"}, None, "", ARR),
    ("pm10", "2026-01-15", {0: "f2"}, 2, "level", ARR), ("pm10", "2026-01-15", {0: "m0", 1: "f2"}, 0, "", ARR),
    # ozone: no persistence before 26 August 2016
    ("o3", "2016-08-20", {-1: "m1", 0: "m1"}, 1, "level", ARR), ("o3", "2016-08-25", {0: "m1", 1: "f1"}, 1, "level", ARR),
    ("o3", "2016-08-26", {-1: "m1", 0: "m1"}, 2, "persistence", ARR), ("o3", "2026-07-15", {0: "m1", 1: "f1"}, 2, "persistence", ARR),
    ("o3", "2026-07-15", {0: "m1", 1: "f0"}, 1, "level", ARR),
    # nitrogen dioxide: yesterday, today, and the forecast for tomorrow
    ("no2", "2026-01-15", {-1: "m1", 0: "m1", 1: "f1"}, 2, "persistence", ARR), ("no2", "2026-01-15", {-1: "m1", 0: "m1"}, 1, "level", ARR),
    ("no2", "2026-01-15", {0: "m1", 1: "f1"}, 1, "level", ARR), ("no2", "2026-01-15", {-1: "m1", 0: "m1", 1: "f0"}, 1, "level", ARR),
    ("no2", "2026-01-15", {-1: "m0", 0: "m1", 1: "f1"}, 1, "level", ARR),
    # sulphur dioxide: none
    ("so2", "2026-01-15", {-1: "m1", 0: "m1", 1: "f1"}, 1, "level", ARR),
)  # fmt: skip
"""Evidence: letter for how it is known, digit for the level."""

FOLLOW = (
    ("none", 0, False, "none", "", ARR12), ("none", 0, True, "none", "", ARR12), ("none", 1, False, "information", "level", ARR12),
    ("none", 1, True, "information", "level", ARR12), ("none", 2, False, "alert", "level", ARR12), ("none", 2, True, "alert", "level", ARR12),
    ("none", None, False, "none", "unknown", ARR12), ("none", None, True, "none", "unknown", ARR12),
    ("information", 0, False, "none", "", ARR12), ("information", 0, True, "none", "", ARR12), ("information", 1, False, "information", "level", ARR12),
    ("information", 1, True, "information", "level", ARR12), ("information", 2, False, "alert", "level", ARR12),
    ("information", 2, True, "alert", "level", ARR12), ("information", None, False, "information", "unknown", ARR12),
    ("information", None, True, "information", "unknown", ARR12),
    ("alert", 0, False, "none", "", ARR12), ("alert", 0, True, "kept", "weather", ARR12), ("alert", 1, False, "information", "level", ARR12),
    ("alert", 1, True, "kept", "weather", ARR12), ("alert", 2, False, "alert", "level", ARR12), ("alert", 2, True, "alert", "level", ARR12),
    ("alert", None, False, "alert", "unknown", ARR12), ("alert", None, True, "alert", "unknown", ARR12),
    ("kept", 0, False, "none", "", ARR12), ("kept", 0, True, "kept", "weather", ARR12), ("kept", 1, False, "information", "level", ARR12),
    ("kept", 1, True, "kept", "weather", ARR12), ("kept", 2, False, "alert", "level", ARR12), ("kept", 2, True, "alert", "level", ARR12),
    ("kept", None, False, "kept", "unknown", ARR12), ("kept", None, True, "kept", "unknown", ARR12),
)  # fmt: skip

SCRIPTS = """
# One episode a paragraph: its name, then one line a look. A look: day of January 2026 (and hour when there are several), evidence of today, forecast of
# tomorrow, whether the weather holds tomorrow (w), then the step that must come ("-" for none) and today's and tomorrow's state after it.
# Evidence: m or f, then 0, 1, 2; "." when nothing is known. Pollutant in brackets.

a quiet day [pm10]
10 m0 f0 => - none none

forecast, then measured, then over [pm10]
10 m0 f1 => open none information
11 f1 f0 => - information none
11 m1 f0 => confirm information none
12 m0 f0 => end none none

forecast that is withdrawn before its day [pm10]
10 m0 f1 => open none information
10 m0 f0 => withdraw none none

forecast that is withdrawn on the morning of its day [pm10]
10 m0 f1 => open none information
11 m0 f0 => withdraw none none

withdrawn, then announced again for the same day: the steps go on counting [pm10]
10 m0 f1 => open none information
10 m0 f0 => withdraw none none
10 m0 f1 => open none information

the same look twice says nothing twice [pm10]
10 m1 f0 => open information none
10 m1 f0 => - information none
10 m1 f0 => - information none

two days running are an alert [pm10]
10 m1 f0 => open information none
11 m1 f0 => raise alert none
12 m0 f0 => end none none

today and the forecast for tomorrow are an alert for both [pm10]
10 m1 f1 => open alert alert
11 f1 f0 => - alert none
11 m1 f0 => confirm alert none
12 m0 f0 => end none none

tomorrow's persistence is withdrawn while today's information stays [pm10]
10 m1 f1 => open alert alert
10 m1 f0 => lower information none
11 m0 f0 => end none none

an alert by level at once [pm10]
10 m2 f0 => open alert none
11 m0 f0 => end none none

measures stay while the weather holds [pm10]
10 m2 f0 w => open alert kept
11 m0 f0 w => extend kept kept
12 m0 f0 => end none none

levels dip, and only then the weather is said to hold [pm10]
10 m2 f0 => open alert none
11 m0 f0 w => keep kept kept
12 m0 f0 => end none none

kept, then alert again [pm10]
10 m2 f0 w => open alert kept
11 m0 f2 w => raise kept alert
12 m2 f0 => confirm alert none
13 m0 f0 => end none none

information does not stay by the weather [pm10]
10 m1 f0 w => open information none
11 m0 f0 w => end none none

extended day after day [pm10]
10 m1 f1 => open alert alert
11 m1 f1 => extend alert alert
12 m1 f1 => extend alert alert
13 m1 f0 => confirm alert none
14 m0 f0 => end none none

a gap of one day holds, and says nothing [pm10]
10 m1 f1 => open alert alert
11 . . => - alert alert
12 m0 f0 => end none none

a gap of two days lapses, and tells nobody [pm10]
10 m1 f1 => open alert alert
11 . . => - alert alert
12 . . => lapse none none
13 m0 f0 => - none none

after a lapse a new episode opens [pm10]
10 m1 f1 => open alert alert
11 . . => - alert alert
12 . . => lapse none none
13 m1 f0 => open information none

a gap in the morning, data at noon [pm10]
10 m1 f1 => open alert alert
11 . . => - alert alert
11 m1 f0 => confirm alert none
12 m0 f0 => end none none

nothing known and nothing under way [pm10]
10 . . => - none none
11 . . => - none none

raised within the day [pm10]
10 m1 f0 => open information none
10 m2 f0 => raise alert none
11 m0 f0 => end none none

lowered within the day, by validation [pm10]
10 m2 f0 => open alert none
10 m1 f0 => lower information none
10 m0 f0 => end none none

nitrogen dioxide needs three days [no2]
10 m1 f0 => open information none
11 m1 f0 => extend information none
12 m1 f1 => raise alert information
13 m1 f0 => confirm information none
14 m0 f0 => end none none

nitrogen dioxide, alert by level then lower [no2]
10 m2 f0 => open alert none
11 m1 f0 => lower information none
12 m0 f0 => end none none

nitrogen dioxide, alert by level, kept by the weather though only information is passed [no2]
10 m2 f1 w => open alert kept
11 m1 f0 w => extend kept kept
12 m0 f0 => end none none

sulphur dioxide never persists [so2]
10 m1 f1 => open information information
11 m1 f1 => extend information information
12 m1 f0 => confirm information none
13 m0 f0 => end none none

ozone persists [o3]
10 m1 f1 => open alert alert
11 m1 f0 => confirm alert none
12 m0 f0 => end none none

no forecast at all: measures alone [pm10]
10 m1 . => open information none
11 m1 . => raise alert none
12 m0 . => end none none

two episodes apart are two [pm10]
10 m1 f0 => open information none
11 m0 f0 => end none none
12 m0 f0 => - none none
13 m1 f0 => open information none
14 m0 f0 => end none none

forecast of an alert, only information comes [pm10]
10 m0 f2 => open none alert
11 m1 f0 => lower information none
12 m0 f0 => end none none

forecast of information, an alert comes [pm10]
10 m0 f1 => open none information
11 m2 f0 => raise alert none
12 m0 f0 => end none none

a day that was never looked at [pm10]
10 m1 f1 => open alert alert
12 m0 f0 => end none none

announced for tomorrow, extended to the day after [pm10]
10 m0 f1 => open none information
11 f1 f1 => raise alert alert
12 f0 f0 => end none none
"""
