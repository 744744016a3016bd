"""Small feeds of our own, each with one thing broken: the cases that the GTFS oracle and our checker are both
asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

TODAY = date(2026, 11, 24)

Feed = Mapping[str, str]

CLEAN: Feed = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone,agency_lang\nR,Réseau de Ville,https://reseau.example.org/,Europe/Paris,fr\n",
    "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version,feed_contact_email\n"
    "Ville,https://ville.example.org/,fr,20260901,20270831,2026-09,contact@example.org\n",
    "stops.txt": "stop_id,stop_code,stop_name,stop_desc,stop_lat,stop_lon,stop_url,location_type,parent_station,platform_code\n"
    "GA,,Gare Centrale,,43.6000,3.8800,,1,,\n"
    "G1,101,Gare Centrale,Quai Un,43.6001,3.8801,,0,GA,1\n"
    "GE,,Entrée Nord,,43.6003,3.8800,,2,GA,\n"
    "C,102,Comédie,,43.6086,3.8797,,,,\n"
    "F,103,Place Foch,,43.6150,3.8700,,,,\n"
    "T,104,Terminus Ouest,,43.6200,3.8600,https://reseau.example.org/t,,,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_desc,route_type,route_url,route_color,route_text_color\n"
    "L1,R,1,Gare Centrale - Terminus Ouest,,3,https://reseau.example.org/1,005CA9,FFFFFF\n"
    "L2,R,2,Comédie - Place Foch,,3,,FFFFFF,000000\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id\n"
    "L1,sem,t1,Terminus Ouest,0,b1,s1\nL1,sem,t2,Terminus Ouest,0,b1,s1\nL2,we,t3,Place Foch,0,,\nL2,we,t4,Place Foch,0,,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled,timepoint\n"
    "t1,08:00:00,08:00:00,G1,1,0,1\nt1,08:05:00,08:05:30,C,2,1.0,1\nt1,08:10:00,08:10:00,F,3,2.1,1\nt1,08:15:00,08:15:00,T,4,3.0,1\n"
    "t2,09:00:00,09:00:00,G1,1,0,1\nt2,09:05:00,09:05:30,C,2,1.0,1\nt2,09:10:00,09:10:00,F,3,2.1,1\nt2,09:15:00,09:15:00,T,4,3.0,1\n"
    "t3,24:50:00,24:50:00,C,1,,1\nt3,25:00:00,25:00:00,F,2,,1\n"
    "t4,10:00:00,10:00:00,C,1,,1\nt4,10:10:00,10:10:00,F,2,,1\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "sem,1,1,1,1,1,0,0,20260901,20270831\nwe,0,0,0,0,0,1,1,20260901,20270831\n",
    "calendar_dates.txt": "service_id,date,exception_type\nsem,20261225,2\nwe,20261225,1\n",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n"
    "s1,43.6001,3.8801,1,0\ns1,43.6086,3.8797,2,1.0\ns1,43.6150,3.8700,3,2.1\ns1,43.6200,3.8600,4,3.0\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs,exact_times\nt4,10:00:00,12:00:00,600,0\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nG1,C,2,300\n",
}


def changed(file: str, old: str, new: str, *, times: int = 1) -> Feed:
    """The clean feed with one text replaced in one file."""
    if old not in CLEAN[file]:
        raise ValueError(f"{old!r} is not in {file}")
    return {**CLEAN, file: CLEAN[file].replace(old, new, times)}


def without(file: str) -> Feed:
    """The clean feed less one file."""
    return {name: text for name, text in CLEAN.items() if name != file}


def added(file: str, text: str) -> Feed:
    """The clean feed with lines more at the end of a file, or a file more."""
    return {**CLEAN, file: CLEAN.get(file, "") + text}


def feeds() -> Mapping[str, Feed]:
    """Every case by name."""
    return dict(_feeds())


def _feeds() -> Iterator[tuple[str, Feed]]:
    yield "clean", CLEAN
    for file in CLEAN:
        yield f"without {file}", without(file)
    yield "no calendar at all", {n: t for n, t in CLEAN.items() if not n.startswith("calendar")}
    yield "empty file", {**CLEAN, "transfers.txt": ""}
    yield "header only", {**CLEAN, "frequencies.txt": "trip_id,start_time,end_time,headway_secs\n"}
    yield "unknown file", added("notes.txt", "a,b\n1,2\n")
    # form
    yield "byte order mark", {**CLEAN, "stops.txt": "\ufeff" + CLEAN["stops.txt"]}
    yield "crlf", {**CLEAN, "stops.txt": CLEAN["stops.txt"].replace("\n", "\r\n")}
    yield "no last line end", {**CLEAN, "trips.txt": CLEAN["trips.txt"].rstrip("\n")}
    yield "blank line within", changed("stops.txt", "C,102", "\nC,102")
    yield "blank line, then a fault", changed("stops.txt", "C,102,Comédie,,43.6086", "\nC,102,Comédie,,abc")
    yield "quoted line end", changed("stops.txt", "Quai Un", '"Quai\nUn"')
    yield "quotes", changed("stops.txt", "Place Foch", '"Place ""Foch"", nord"')
    yield "short row", changed("stops.txt", "F,103,Place Foch,,43.6150,3.8700,,,,", "F,103,Place Foch")
    yield "long row", changed("trips.txt", "t1,Terminus Ouest,0,b1,s1", "t1,Terminus Ouest,0,b1,s1,x")
    yield "duplicate column", changed("routes.txt", "route_desc", "route_long_name")
    yield "unknown column", changed("routes.txt", "route_desc", "couleur")
    yield "column without name", changed("routes.txt", "route_desc", "")
    yield "missing required column", changed("stops.txt", "stop_id,", "identifiant,")
    yield "missing required field", changed("routes.txt", "L2,R,2", ",R,2")
    yield "missing recommended field", changed("feed_info.txt", "2026-09,contact", ",contact")
    yield "white space", changed("stops.txt", "Place Foch", " Place Foch ")
    yield "accent in an id", changed("transfers.txt", "G1,C", "Gé,C")
    yield "damaged encoding", changed("stops.txt", "Comédie", "Com\ufffddie")
    # cells
    for name, file, old, new in (
        ("bad latitude", "stops.txt", "43.6086", "43,6086"),
        ("latitude out of range", "stops.txt", "43.6086", "143.6086"),
        ("longitude out of range", "stops.txt", "3.8797", "-203.8797"),
        ("decimal comma text", "stops.txt", "43.6086", "quarante"),
        ("bad integer", "stop_times.txt", "G1,1,0", "G1,un,0"),
        ("negative sequence", "stop_times.txt", "G1,1,0", "G1,-1,0"),
        ("bad time", "stop_times.txt", "08:00:00,08:00:00", "8h00,08:00:00"),
        ("time without seconds", "stop_times.txt", "08:00:00,08:00:00", "08:00,08:00:00"),
        ("one-digit hour", "stop_times.txt", "08:00:00,08:00:00", "8:00:00,8:00:00"),
        ("minutes past 59", "stop_times.txt", "08:05:00", "08:65:00"),
        ("bad date", "calendar.txt", "20260901", "2026-09-01"),
        ("impossible date", "calendar.txt", "20260901", "20260931"),
        ("bad url", "agency.txt", "https://reseau.example.org/", "reseau.example.org"),
        ("url with a space", "routes.txt", "https://reseau.example.org/1", "https://a b.org"),
        ("bad email", "feed_info.txt", "contact@example.org", "contact.example.org"),
        ("bad colour", "routes.txt", "005CA9", "#05CA9"),
        ("bad timezone", "agency.txt", "Europe/Paris", "Paris"),
        ("bad language", "agency.txt", ",fr\n", ",français\n"),
        ("unknown enum", "routes.txt", ",3,https", ",42,https"),
        ("enum as word", "routes.txt", ",3,https", ",bus,https"),
        ("negative headway", "frequencies.txt", "600", "-600"),
        ("zero headway", "frequencies.txt", "600", "0"),
        ("capitals", "stops.txt", "Place Foch", "PLACE FOCH"),
        ("small letters", "stops.txt", "Place Foch", "place foch"),
        ("near origin", "stops.txt", "43.6086,3.8797", "0,0"),
        ("near pole", "stops.txt", "43.6086", "89.5"),
    ):
        yield name, changed(file, old, new)
    # keys and references
    yield "duplicate key", added("stops.txt", "C,102,Comédie,,43.6086,3.8797,,,,\n")
    yield "duplicate stop sequence", changed("stop_times.txt", "C,2,1.0", "C,1,1.0")
    yield "lost route", changed("trips.txt", "L2,we,t3", "L9,we,t3")
    yield "lost service", changed("trips.txt", "L2,we,t3", "L2,été,t3")
    yield "lost stop", changed("stop_times.txt", "t3,24:50:00,24:50:00,C", "t3,24:50:00,24:50:00,X")
    yield "lost shape", changed("trips.txt", "b1,s1", "b1,s9")
    yield "lost parent", changed("stops.txt", "0,GA,1", "0,GZ,1")
    yield "lost transfer", changed("transfers.txt", "G1,C", "G1,Z")
    # calendar
    yield "dates out of order", changed("calendar.txt", "20260901,20270831", "20270901,20270831")
    yield "no day of the week", changed("calendar.txt", "we,0,0,0,0,0,1,1", "we,0,0,0,0,0,0,0")
    yield "expired", changed("calendar.txt", "20270831", "20261001", times=2)
    yield (
        "one service expired",
        changed("calendar.txt", "we,0,0,0,0,0,1,1,20260901,20270831", "we,0,0,0,0,0,1,1,20260901,20261001"),
    )
    yield "expires in five days", changed("feed_info.txt", "20270831", "20261129")
    yield "expires in twenty days", changed("feed_info.txt", "20270831", "20261214")
    yield "future feed", changed("feed_info.txt", "20260901", "20270101")
    yield "one date of the feed", changed("feed_info.txt", "20260901,20270831", "20260901,")
    yield "feed dates out of order", changed("feed_info.txt", "20260901,20270831", "20270831,20260901")
    yield "no contact", changed("feed_info.txt", "contact@example.org", "")
    yield (
        "two feed infos",
        added("feed_info.txt", "Autre,https://ville.example.org/,fr,20260901,20270831,1,a@example.org\n"),
    )
    yield "other language", changed("feed_info.txt", ",fr,", ",en,")
    yield (
        "gap in service",
        changed(
            "calendar_dates.txt", "sem,20261225,2\n", "".join(f"sem,202702{d:02d},2\n" for d in range(1, 27))
        ),
    )
    yield (
        "calendar dates only",
        {
            **without("calendar.txt"),
            "calendar_dates.txt": "service_id,date,exception_type\nsem,20261201,1\nwe,20261205,1\n",
        },
    )
    yield (
        "calendar dates only, expired",
        {
            **without("calendar.txt"),
            "calendar_dates.txt": "service_id,date,exception_type\nsem,20261001,1\nwe,20261003,1\n",
        },
    )
    # agencies and routes
    yield (
        "two time zones",
        added("agency.txt", "S,Autre Réseau,https://autre.example.org/,Europe/London,fr\n"),
    )
    yield (
        "two agencies, one without id",
        added("agency.txt", ",Autre Réseau,https://autre.example.org/,Europe/Paris,fr\n"),
    )
    yield "one agency, routes without", changed("routes.txt", "L2,R,2", "L2,,2")
    yield (
        "two agencies, route without",
        {
            **added("agency.txt", "S,Autre Réseau,https://autre.example.org/,Europe/Paris,fr\n"),
            "routes.txt": CLEAN["routes.txt"].replace("L2,R,2", "L2,,2"),
        },
    )
    yield "no route name", changed("routes.txt", "2,Comédie - Place Foch", ",")
    yield "long short name", changed("routes.txt", "L2,R,2,", "L2,R,Navette Gare Foch,")
    yield "long name repeats", changed("routes.txt", "Comédie - Place Foch", "2 Comédie - Place Foch")
    yield (
        "route described by its name",
        changed("routes.txt", "Comédie - Place Foch,", "Comédie - Place Foch,Comédie - place foch"),
    )
    yield "unreadable colour", changed("routes.txt", "005CA9,FFFFFF", "005CA9,005CAA")
    yield "same route name", added("routes.txt", "L3,R,2,Comédie - Place Foch,,3,,,\n")
    yield (
        "route page is the agency's",
        changed("routes.txt", "https://reseau.example.org/1", "https://reseau.example.org/"),
    )
    yield (
        "stop page is the agency's",
        changed("stops.txt", "https://reseau.example.org/t", "https://reseau.example.org/"),
    )
    yield (
        "stop page is the route's",
        changed("stops.txt", "https://reseau.example.org/t", "https://reseau.example.org/1"),
    )
    # stops
    yield "stop without position", changed("stops.txt", "43.6086,3.8797", ",")
    yield "stop without name", changed("stops.txt", "Comédie", "")
    yield "entrance without station", changed("stops.txt", "2,GA,", "2,,")
    yield "station with parent", added("stops.txt", "GB,,Gare Basse,,43.6000,3.8810,,1,GA,\n")
    yield "parent is a stop", changed("stops.txt", "0,GA,1", "0,C,1")
    yield "platform alone", changed("stops.txt", "0,GA,1", "0,,1")
    yield "stop described by its name", changed("stops.txt", "Quai Un", "Gare centrale")
    yield "stop without passage", added("stops.txt", "X,105,Arrêt Vide,,43.6000,3.8850,,,,\n")
    yield "station served", changed("stop_times.txt", "08:00:00,08:00:00,G1", "08:00:00,08:00:00,GA")
    yield "station without platform", added("stops.txt", "GB,,Gare Basse,,43.6000,3.8810,,1,,\n")
    # trips
    yield "trip without passage", added("trips.txt", "L2,we,t9,Place Foch,0,,\n")
    yield (
        "trip of one stop",
        {
            **added("trips.txt", "L2,we,t9,Place Foch,0,,\n"),
            "stop_times.txt": CLEAN["stop_times.txt"] + "t9,11:00:00,11:00:00,C,1,,1\n",
        },
    )
    yield "back in time", changed("stop_times.txt", "t1,08:05:00,08:05:30", "t1,07:55:00,07:55:30")
    yield "midnight", changed("stop_times.txt", "t3,25:00:00,25:00:00", "t3,01:00:00,01:00:00")
    yield (
        "departure before arrival",
        changed("stop_times.txt", "t1,08:05:00,08:05:30", "t1,08:05:00,08:04:30"),
    )
    yield "arrival alone", changed("stop_times.txt", "t1,08:05:00,08:05:30", "t1,08:05:00,")
    yield "timepoint without times", changed("stop_times.txt", "t1,08:05:00,08:05:30", "t1,,")
    yield "no timepoint", changed("stop_times.txt", "C,2,1.0,1", "C,2,1.0,")
    yield "no first time", changed("stop_times.txt", "t4,10:00:00,10:00:00", "t4,,")
    yield "no stop", changed("stop_times.txt", "08:05:30,C,2", "08:05:30,,2")
    yield "distance goes back", changed("stop_times.txt", "F,3,2.1", "F,3,0.9")
    yield (
        "too fast",
        changed(
            "stop_times.txt",
            "t1,08:05:00,08:05:30,C,2,1.0,1\nt1,08:10:00,08:10:00",
            "t1,08:00:10,08:00:10,C,2,1.0,1\nt1,08:10:00,08:10:00",
        ),
    )
    yield "far and too fast", changed("stops.txt", "43.6200,3.8600", "44.6200,3.8600")
    yield "one vehicle twice", changed("stop_times.txt", "t2,09:00:00,09:00:00", "t2,08:12:00,08:12:00")
    yield "frequencies overlap", added("frequencies.txt", "t4,11:00:00,13:00:00,900,0\n")
    yield "frequency without length", changed("frequencies.txt", "10:00:00,12:00:00", "10:00:00,10:00:00")
    yield "frequency backwards", changed("frequencies.txt", "10:00:00,12:00:00", "12:00:00,10:00:00")
    yield "transfer far", changed("stops.txt", "43.6086,3.8797", "43.7086,3.8797")
    yield "transfer to an entrance", changed("transfers.txt", "G1,C", "G1,GE")
    yield "transfer without end", changed("transfers.txt", "G1,C,2", "G1,,2")
    # shapes
    yield "shape goes back", changed("shapes.txt", "3,2.1", "3,0.5")
    yield "shape stands still", changed("shapes.txt", "3,2.1", "3,1.0")
    yield (
        "shape point twice",
        changed(
            "shapes.txt",
            "s1,43.6150,3.8700,3,2.1\ns1,43.6200,3.8600,4",
            "s1,43.6086,3.8797,3,1.0\ns1,43.6150,3.8700,4,2.1\ns1,43.6200,3.8600,5",
        ),
    )
    yield "shape unused", added("shapes.txt", "s2,43.6,3.88,1,\ns2,43.61,3.88,2,\n")
    yield "shape of one point", added("shapes.txt", "s2,43.6,3.88,1,\n")
    yield "stop off its shape", changed("stops.txt", "43.6150,3.8700", "43.6180,3.8700")
    yield (
        "shape the other way",
        {
            **CLEAN,
            "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence,shape_dist_traveled\n"
            "s1,43.6200,3.8600,1,\ns1,43.6150,3.8700,2,\ns1,43.6086,3.8797,3,\ns1,43.6001,3.8801,4,\n",
        },
    )
    yield "trip longer than its shape", changed("stop_times.txt", "T,4,3.0", "T,4,3500")
    yield "trip a little longer than its shape", changed("stop_times.txt", "T,4,3.0", "T,4,3.1")
