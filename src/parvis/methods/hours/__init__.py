"""Opening hours in the grammar of OpenStreetMap: read, and asked whether a place is open at a moment.

    hours = reading.read("Mo-Fr 08:30-12:30,14:00-19:00; SH Mo-Fr 09:00-12:00; PH off")   # raises NotHours
    with the offset
    when = Local(holidays=calendars.france(...), sun=Sun(43.61, 3.88))
    evaluation.state(hours, datetime(2026, 7, 14, 10), when)       # open, closed or unknown, with the comment
    evaluation.next_change(hours, moment, when)
    evaluation.intervals(hours, begin, end, when)

A French sentence is read by a grammar of its own (`french`); where it has several readings, an answer on
which they differ is « unknown ».

Times are local and naive: the wall clock of the place. What the calendar does not know is « unknown », never
« closed ». Source: the specification « Key:opening_hours » of the OpenStreetMap wiki, and its « evaluation »
pages.
"""
