"""Rules over the whole feed, each one query on its typed tables.

A query gives the line of the row to blame and the value to show; tables hold every field of the standard
(null where the file has no such column) and `line`. `needs` names the tables that must be sound: a table with
broken rows would make the rest look wrong. Source: GTFS Schedule reference and the canonical validator's
notices, by whose names the codes go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlglot import exp, parse_one

from parvis.checks.domains.gtfs.schema import Field, File, files


@dataclass(frozen=True, slots=True)
class Rule:
    """One query. table: of the row that is blamed, without `.txt`. columns: the file must have them, else the
    rule has nothing to say.
    """

    code: str
    table: str
    sql: str
    needs: tuple[str, ...] = ()
    column: str = ""
    columns: tuple[str, ...] = ()


def _one(
    code: str, table: str, where: str, value: str, column: str = "", columns: tuple[str, ...] = ()
) -> Rule:
    """A rule on single rows: sound rows of a broken table are judged too."""
    query = (
        exp.select("line", parse_one(value, dialect="duckdb"))
        .from_(table)
        .where(parse_one(where, dialect="duckdb"))
    )
    return Rule(code, table, query.sql("duckdb"), (), column, columns)


_AGENCY = (
    Rule(
        "inconsistent_agency_timezone", "agency",
        "SELECT line, agency_timezone FROM agency WHERE agency_timezone <> (SELECT arg_min(agency_timezone, line) FROM agency)",
        ("agency",), "agency_timezone",
    ),
    Rule(
        "inconsistent_agency_lang", "agency",
        "SELECT line, agency_lang FROM agency WHERE lower(agency_lang) <> (SELECT lower(arg_min(agency_lang, line)) FROM agency WHERE agency_lang IS NOT NULL)",
        ("agency",), "agency_lang",
    ),
    Rule(
        "missing_required_agency_id", "agency",
        "SELECT line, agency_name FROM agency WHERE agency_id IS NULL AND (SELECT count(*) FROM agency) > 1", ("agency",), "agency_id",
    ),
    Rule(
        "missing_required_agency_id", "routes", "SELECT line, route_id FROM routes WHERE agency_id IS NULL AND (SELECT count(*) FROM agency) > 1",
        ("agency", "routes"), "agency_id",
    ),
    Rule(
        "missing_required_agency_id", "fare_attributes",
        "SELECT line, fare_id FROM fare_attributes WHERE agency_id IS NULL AND (SELECT count(*) FROM agency) > 1", ("agency", "fare_attributes"), "agency_id",
    ),
    Rule(
        "missing_recommended_field", "agency",
        "SELECT line, agency_name FROM agency WHERE agency_id IS NULL AND (SELECT count(*) FROM agency) = 1", ("agency",), "agency_id",
    ),
    Rule(
        "missing_recommended_field", "routes", "SELECT line, route_id FROM routes WHERE agency_id IS NULL AND (SELECT count(*) FROM agency) = 1",
        ("agency", "routes"), "agency_id",
    ),
    Rule(
        "missing_recommended_field", "fare_attributes",
        "SELECT line, fare_id FROM fare_attributes WHERE agency_id IS NULL AND (SELECT count(*) FROM agency) = 1", ("agency", "fare_attributes"), "agency_id",
    ),
)  # fmt: skip

_CALENDAR = (
    _one(
        "service_has_no_active_day_of_the_week",
        "calendar",
        "monday + tuesday + wednesday + thursday + friday + saturday + sunday = 0",
        "service_id",
    ),
    Rule(
        "expired_calendar",
        "calendar",
        "SELECT min(c.line), c.service_id FROM calendar c JOIN services s USING (service_id) WHERE s.last < (SELECT today FROM clock) GROUP BY c.service_id",
        ("calendar", "calendar_dates"),
        "end_date",
    ),
    Rule(
        "expired_calendar",
        "calendar_dates",
        "SELECT min(d.line), d.service_id FROM calendar_dates d JOIN services s USING (service_id) "
        "WHERE (SELECT count(*) FROM calendar) = 0 AND (SELECT max(last) FROM services) < (SELECT today FROM clock) GROUP BY d.service_id",
        ("calendar", "calendar_dates"),
        "date",
    ),
    Rule(
        "trip_coverage_not_active_for_next7_days",
        "",
        """
        WITH runs AS (
            SELECT trip_id, sum(1 + CASE WHEN headway_secs > 0 THEN greatest(0, (end_time - start_time - 1) // headway_secs) ELSE 0 END) AS n
            FROM frequencies GROUP BY trip_id
        ), load AS (
            SELECT t.service_id, sum(coalesce(r.n, 1)) AS n FROM trips t LEFT JOIN runs r USING (trip_id) GROUP BY t.service_id
        ), days AS (
            SELECT day, sum(n) AS n, row_number() OVER (ORDER BY sum(n), day) - 1 AS place, count(*) OVER () AS many
            FROM active JOIN load USING (service_id) GROUP BY day
        ), usual AS (
            SELECT floor(0.75 * n) AS n FROM days WHERE place = greatest(CAST(floor(many * 0.9) AS BIGINT), many - 30)
        )
        SELECT NULL, strftime(min(day), '%Y%m%d') || '-' || strftime(max(day), '%Y%m%d') FROM days, usual WHERE days.n >= usual.n
        HAVING min(day) > (SELECT today FROM clock) OR max(day) < (SELECT today + 7 FROM clock)
        """,
        ("calendar", "calendar_dates", "trips", "frequencies"),
    ),
    Rule(
        "big_gap_in_service",
        "calendar",
        """
        WITH gaps AS (SELECT service_id, day, lag(day) OVER (PARTITION BY service_id ORDER BY day) AS before FROM active)
        SELECT c.line, c.service_id || ' : ' || g.before || ' - ' || g.day FROM gaps g JOIN calendar c USING (service_id) WHERE g.day - g.before - 1 > 13
        """,
        ("calendar", "calendar_dates"),
        "service_id",
    ),
    Rule(
        "future_calendar",
        "",
        "SELECT NULL, CAST(min(first) AS VARCHAR) FROM services HAVING min(first) > (SELECT today FROM clock)",
        ("calendar", "calendar_dates"),
    ),
    Rule(
        "service_extends_far_in_the_future",
        "calendar",
        "SELECT c.line, c.service_id FROM calendar c JOIN services s USING (service_id) WHERE s.last > (SELECT today FROM clock) + INTERVAL 2 YEAR",
        ("calendar", "calendar_dates"),
        "end_date",
    ),
)

_FEED = (
    _one("missing_feed_info_date", "feed_info", "(feed_start_date IS NULL) <> (feed_end_date IS NULL)", "feed_publisher_name"),
    _one("missing_feed_contact_email_and_url", "feed_info", "feed_contact_email IS NULL AND feed_contact_url IS NULL", "feed_publisher_name"),
    _one("feed_expiration_date7_days", "feed_info", "feed_end_date < (SELECT today + 7 FROM clock)", "CAST(feed_end_date AS VARCHAR)", "feed_end_date"),
    _one(
        "feed_expiration_date30_days", "feed_info",
        "feed_end_date < (SELECT today + 30 FROM clock) AND feed_end_date >= (SELECT today + 7 FROM clock)", "CAST(feed_end_date AS VARCHAR)", "feed_end_date",
    ),
    Rule(
        "future_feed", "feed_info", "SELECT line, CAST(feed_start_date AS VARCHAR) FROM feed_info WHERE feed_start_date > (SELECT today FROM clock)",
        ("feed_info",), "feed_start_date",
    ),
    Rule(
        "more_than_one_entity", "feed_info", "SELECT line, feed_publisher_name FROM feed_info WHERE line > (SELECT min(line) FROM feed_info)", ("feed_info",)
    ),
    Rule(
        "feed_info_lang_and_agency_lang_mismatch", "agency",
        """
        SELECT a.line, a.agency_lang || ' / ' || f.feed_lang FROM agency a, (SELECT arg_min(feed_lang, line) AS feed_lang FROM feed_info) f
        WHERE lower(f.feed_lang) <> 'mul' AND lower(replace(a.agency_lang, '_', '-')) <> lower(replace(f.feed_lang, '_', '-'))
        """,
        ("agency", "feed_info"), "agency_lang",
    ),
    Rule(
        "service_window_outside_feed_period", "",
        """
        SELECT NULL, s.service_id || ' : ' || s.first || ' - ' || s.last
        FROM services s, (SELECT min(feed_start_date) AS a, max(feed_end_date) AS b FROM feed_info) f
        WHERE s.service_id IN (SELECT service_id FROM trips) AND f.a IS NOT NULL AND f.b IS NOT NULL AND (s.first < f.a OR s.last > f.b)
        """,
        ("calendar", "calendar_dates", "trips", "feed_info"),
    ),
    Rule(
        "invalid_currency_amount", "fare_products",
        "SELECT line, amount || ' ' || currency FROM fare_products JOIN currencies ON code = currency WHERE length(split_part(amount, '.', 2)) <> digits",
        (), "amount",
    ),
    Rule(
        "feed_valid_beyond_total_service_window", "feed_info",
        """
        SELECT f.line, f.feed_start_date || ' - ' || f.feed_end_date FROM feed_info f,
            (SELECT min(first) AS a, max(last) AS b FROM services WHERE service_id IN (SELECT service_id FROM trips)) s
        WHERE f.feed_start_date IS NOT NULL AND f.feed_end_date IS NOT NULL AND (s.a - f.feed_start_date > 14 OR f.feed_end_date - s.b > 14)
        """,
        ("calendar", "calendar_dates", "trips", "feed_info"), "feed_end_date",
    ),
    _one(
        "attribution_without_role", "attributions", "coalesce(is_producer, 0) + coalesce(is_operator, 0) + coalesce(is_authority, 0) = 0", "organization_name"
    ),
)  # fmt: skip

_STOPS = (
    _one("missing_stop_name", "stops", "stop_name IS NULL AND coalesce(location_type, 0) IN (0, 1, 2)", "stop_id", "stop_name"),
    _one(
        "stop_without_location", "stops", "(stop_lat IS NULL OR stop_lon IS NULL) AND coalesce(location_type, 0) IN (0, 1, 2)", "stop_id", "stop_lat"
    ),
    _one("location_without_parent_station", "stops", "parent_station IS NULL AND location_type IN (2, 3, 4)", "stop_id", "parent_station"),
    _one("station_with_parent_station", "stops", "parent_station IS NOT NULL AND location_type = 1", "stop_id", "parent_station"),
    _one(
        "platform_without_parent_station", "stops", "parent_station IS NULL AND platform_code IS NOT NULL AND coalesce(location_type, 0) = 0", "stop_id",
        "parent_station",
    ),
    _one("point_near_origin", "stops", "abs(stop_lat) <= 1 AND abs(stop_lon) <= 1", "stop_id || ' : ' || stop_lat || ', ' || stop_lon", "stop_lat"),
    _one("point_near_pole", "stops", "abs(stop_lat) >= 89", "stop_id || ' : ' || stop_lat", "stop_lat"),
    _one("point_near_origin", "shapes", "abs(shape_pt_lat) <= 1 AND abs(shape_pt_lon) <= 1", "shape_id", "shape_pt_lat"),
    _one("point_near_pole", "shapes", "abs(shape_pt_lat) >= 89", "shape_id", "shape_pt_lat"),
    _one(
        "same_name_and_description_for_stop", "stops", "lower(stop_name) = lower(stop_desc)", "stop_desc", "stop_desc",
    ),
    _one("stop_access_specified_for_incorrect_location", "stops", "stop_access IS NOT NULL AND coalesce(location_type, 0) <> 0", "stop_id", "stop_access"),
    _one(
        "stop_access_specified_for_stop_with_no_parent_station", "stops",
        "stop_access IS NOT NULL AND coalesce(location_type, 0) = 0 AND parent_station IS NULL", "stop_id", "stop_access",
    ),
    Rule(
        "wrong_parent_location_type", "stops",
        """
        SELECT s.line, s.stop_id || ' -> ' || p.stop_id FROM stops s JOIN stops p ON p.stop_id = s.parent_station
        WHERE coalesce(s.location_type, 0) <> 1 AND coalesce(p.location_type, 0) <> CASE WHEN s.location_type = 4 THEN 0 ELSE 1 END
        """,
        ("stops",), "parent_station",
    ),
    Rule(
        "stop_without_stop_time", "stops",
        """
        SELECT line, stop_id FROM stops WHERE coalesce(location_type, 0) = 0 AND stop_id NOT IN (SELECT stop_id FROM stop_times WHERE stop_id IS NOT NULL)
        AND stop_id NOT IN (SELECT stop_id FROM location_group_stops WHERE stop_id IS NOT NULL)
        """,
        ("stops", "stop_times", "location_group_stops"), "stop_id",
    ),
    Rule(
        "location_with_unexpected_stop_time", "stops",
        "SELECT line, stop_id FROM stops WHERE location_type <> 0 AND stop_id IN (SELECT stop_id FROM stop_times)", ("stops", "stop_times"), "stop_id",
    ),
    Rule(
        "unused_station", "stops",
        """
        SELECT line, stop_id FROM stops WHERE location_type = 1
        AND stop_id NOT IN (SELECT parent_station FROM stops WHERE parent_station IS NOT NULL AND coalesce(location_type, 0) = 0)
        """,
        ("stops",), "stop_id",
    ),
    Rule(
        "same_stop_and_agency_url", "stops",
        "SELECT s.line, s.stop_url FROM stops s JOIN agency a ON lower(s.stop_url) = lower(a.agency_url)", ("stops", "agency", "routes"), "stop_url",
    ),
    Rule(
        "same_stop_and_route_url", "stops",
        "SELECT s.line, s.stop_url FROM stops s JOIN routes r ON lower(s.stop_url) = lower(r.route_url)", ("stops", "routes", "agency"), "stop_url",
    ),
    Rule(
        "pathway_to_wrong_location_type", "pathways",
        """
        SELECT p.line, s.stop_id FROM pathways p JOIN stops s ON s.stop_id = p.from_stop_id WHERE s.location_type = 1
        UNION ALL SELECT p.line, s.stop_id FROM pathways p JOIN stops s ON s.stop_id = p.to_stop_id WHERE s.location_type = 1
        """,
        ("pathways", "stops"),
    ),
    Rule(
        "pathway_to_platform_with_boarding_areas", "pathways",
        """
        WITH boarded AS (SELECT DISTINCT parent_station AS stop_id FROM stops WHERE location_type = 4)
        SELECT p.line, b.stop_id FROM pathways p JOIN boarded b ON b.stop_id = p.from_stop_id
        UNION ALL SELECT p.line, b.stop_id FROM pathways p JOIN boarded b ON b.stop_id = p.to_stop_id
        """,
        ("pathways", "stops"),
    ),
    _one("pathway_loop", "pathways", "from_stop_id = to_stop_id", "pathway_id"),
    _one("bidirectional_exit_gate", "pathways", "pathway_mode = 7 AND is_bidirectional = 1", "pathway_id", "is_bidirectional"),
)  # fmt: skip

_ROUTES = (
    _one(
        "route_both_short_and_long_name_missing",
        "routes",
        "route_short_name IS NULL AND route_long_name IS NULL",
        "route_id",
    ),
    _one(
        "route_short_name_too_long",
        "routes",
        "length(route_short_name) > 12",
        "route_short_name",
        "route_short_name",
    ),
    _one(
        "route_long_name_contains_short_name",
        "routes",
        "starts_with(lower(route_long_name), lower(route_short_name)) "
        "AND (lower(route_long_name) = lower(route_short_name) "
        "OR regexp_full_match(substr(route_long_name, length(route_short_name) + 1), '\\s?[\\s\\-()].*'))",
        "route_short_name || ' / ' || route_long_name",
        "route_long_name",
    ),
    _one(
        "same_name_and_description_for_route",
        "routes",
        "lower(route_desc) IN (lower(route_short_name), lower(route_long_name))",
        "route_desc",
        "route_desc",
    ),
    _one(
        "route_color_contrast",
        "routes",
        "abs(luma(route_color) - luma(route_text_color)) < 72",
        "route_color || ' / ' || route_text_color",
        "route_text_color",
    ),
    Rule(
        "duplicate_route_name",
        "routes",
        """
        SELECT line, coalesce(route_short_name, '') || ' / ' || coalesce(route_long_name, '') FROM routes QUALIFY row_number() OVER (
            PARTITION BY coalesce(route_long_name, ''), coalesce(route_short_name, ''), route_type, coalesce(agency_id, '') ORDER BY line
        ) > 1
        """,
        ("routes",),
        "route_short_name",
    ),
    Rule(
        "same_route_and_agency_url",
        "routes",
        "SELECT r.line, r.route_url FROM routes r JOIN agency a ON lower(r.route_url) = lower(a.agency_url)",
        ("routes", "agency", "stops"),
        "route_url",
    ),
)

_CHANGING = "SELECT line, coalesce(from_stop_id, to_stop_id) FROM transfers WHERE FIELD IS NULL AND transfer_type NOT IN (4, 5)"
_SEATED = "SELECT line, coalesce(from_trip_id, to_trip_id) FROM transfers WHERE FIELD IS NULL AND transfer_type IN (4, 5)"

_TRIPS = (
    Rule(
        "unused_trip", "trips", "SELECT line, trip_id FROM trips WHERE trip_id NOT IN (SELECT trip_id FROM stop_times WHERE trip_id IS NOT NULL)",
        ("trips", "stop_times"), "trip_id",
    ),
    Rule(
        "unusable_trip", "trips",
        """
        SELECT t.line, t.trip_id FROM trips t LEFT JOIN (SELECT trip_id, count(*) AS n FROM stop_times GROUP BY trip_id) s USING (trip_id)
        WHERE coalesce(s.n, 0) < 2
        """,
        ("trips", "stop_times"), "trip_id",
    ),
    _one(
        "stop_time_with_only_arrival_or_departure_time", "stop_times", "(arrival_time IS NULL) <> (departure_time IS NULL)",
        "trip_id || ' #' || stop_sequence", "arrival_time",
    ),
    _one(
        "stop_time_timepoint_without_times", "stop_times", "timepoint = 1 AND arrival_time IS NULL", "trip_id || ' #' || stop_sequence", "arrival_time",
        ("timepoint",),
    ),
    _one(
        "stop_time_timepoint_without_times", "stop_times", "timepoint = 1 AND departure_time IS NULL", "trip_id || ' #' || stop_sequence", "departure_time",
        ("timepoint",),
    ),
    _one(
        "missing_timepoint_value", "stop_times", "timepoint IS NULL AND (arrival_time IS NOT NULL OR departure_time IS NOT NULL)",
        "trip_id || ' #' || stop_sequence", "timepoint", ("timepoint",),
    ),
    Rule(
        "missing_required_field", "stop_times",
        "SELECT line, trip_id || ' #' || stop_sequence FROM stop_times WHERE stop_id IS NULL AND location_group_id IS NULL AND location_id IS NULL",
        ("stop_times",), "stop_id",
    ),
    Rule(
        "missing_trip_edge", "stop_times",
        """
        WITH ends AS (
            SELECT trip_id, arg_min(line, (stop_sequence, line)) AS first, arg_max(line, (stop_sequence, line)) AS last FROM stop_times GROUP BY trip_id
        ), edges AS (SELECT first AS line FROM ends UNION SELECT last FROM ends)
        SELECT s.line, s.trip_id || ' #' || s.stop_sequence FROM stop_times s JOIN edges USING (line), (VALUES ('arrival_time'), ('departure_time')) f(field)
        WHERE start_pickup_drop_off_window IS NULL AND end_pickup_drop_off_window IS NULL
        AND CASE f.field WHEN 'arrival_time' THEN s.arrival_time ELSE s.departure_time END IS NULL
        """,
        ("stop_times",),
    ),
    Rule(
        "missing_stop_times_record", "stop_times",
        """
        SELECT any_value(line), trip_id FROM stop_times GROUP BY trip_id HAVING count(*) = 1 AND any_value(start_pickup_drop_off_window) IS NOT NULL
        AND any_value(end_pickup_drop_off_window) IS NOT NULL AND any_value(pickup_type) = 2 AND any_value(drop_off_type) = 2
        """,
        ("stop_times",), "trip_id",
    ),
    Rule(
        "stop_time_with_arrival_before_previous_departure_time", "stop_times",
        """
        SELECT line, trip_id || ' #' || stop_sequence || ' : ' || hms(arrival_time) || ' < ' || hms(before) FROM (
            SELECT line, trip_id, stop_sequence, arrival_time, last_value(departure_time IGNORE NULLS) OVER (
                PARTITION BY trip_id ORDER BY stop_sequence, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before FROM stop_times
        ) WHERE arrival_time < before
        """,
        ("stop_times",), "arrival_time",
    ),
    Rule(
        "decreasing_or_equal_stop_time_distance", "stop_times",
        """
        SELECT line, trip_id || ' #' || stop_sequence || ' : ' || shape_dist_traveled FROM (
            SELECT line, trip_id, stop_sequence, shape_dist_traveled,
                lag(shape_dist_traveled) OVER (PARTITION BY trip_id ORDER BY stop_sequence, line) AS before
            FROM stop_times WHERE stop_id IS NOT NULL
        ) WHERE shape_dist_traveled <= before
        """,
        ("stop_times",), "shape_dist_traveled", ("shape_dist_traveled",),
    ),
    Rule(
        "block_trips_with_overlapping_stop_times", "trips",
        """
        WITH spans AS (
            SELECT trip_id, arg_min(arrival_time, (stop_sequence, line)) AS a0, arg_min(departure_time, (stop_sequence, line)) AS d0,
                arg_max(arrival_time, (stop_sequence, line)) AS a1, arg_max(departure_time, (stop_sequence, line)) AS d1
            FROM stop_times GROUP BY trip_id
        ), busy AS (
            SELECT t.line, t.block_id, t.trip_id, t.service_id, s.* EXCLUDE (trip_id) FROM trips t JOIN spans s USING (trip_id)
            WHERE t.block_id IS NOT NULL AND a0 IS NOT NULL AND d0 IS NOT NULL AND a1 IS NOT NULL AND d1 IS NOT NULL
        )
        SELECT b.line, b.block_id || ' : ' || a.trip_id || ' / ' || b.trip_id FROM busy a JOIN busy b ON a.block_id = b.block_id
        AND (a.a0, a.d1, a.line) < (b.a0, b.d1, b.line) AND a.d1 > b.a0 AND NOT (a.a1 = b.a0 AND a.d1 = b.d0)
        WHERE a.service_id = b.service_id AND a.service_id IN (SELECT service_id FROM services)
        OR EXISTS (SELECT 1 FROM active x JOIN active y USING (day) WHERE x.service_id = a.service_id AND y.service_id = b.service_id)
        """,
        ("trips", "stop_times", "calendar", "calendar_dates"), "block_id",
    ),
    Rule(
        "overlapping_frequency", "frequencies",
        """
        SELECT line, trip_id || ' : ' || hms(start_time) || ' < ' || hms(before) FROM (
            SELECT *, lag(end_time) OVER (PARTITION BY trip_id ORDER BY start_time, end_time, headway_secs, line) AS before FROM frequencies
        ) WHERE start_time < before
        """,
        ("frequencies",), "start_time",
    ),
    Rule(
        "missing_bike_allowance", "trips",
        "SELECT t.line, t.trip_id FROM trips t JOIN routes r USING (route_id) WHERE r.route_type = 4 AND coalesce(t.bikes_allowed, 0) = 0",
        ("trips", "routes"), "bikes_allowed",
    ),
    Rule(
        "unsorted_stop_times", "stop_times",
        """
        SELECT min(line), trip_id FROM (
            SELECT line, trip_id, stop_sequence, lag(stop_sequence) OVER (PARTITION BY trip_id ORDER BY line) AS before,
                row_number() OVER (ORDER BY line) AS place
            FROM stop_times
        ) GROUP BY trip_id HAVING bool_or(stop_sequence <= before) OR max(place) - min(place) + 1 <> count(*)
        """,
        ("stop_times", "trips"), "stop_sequence",
    ),
    Rule(
        "trip_with_shape_dist_traveled_but_no_shape_distances", "trips",
        """
        SELECT line, trip_id FROM trips WHERE trip_id IN (SELECT trip_id FROM stop_times WHERE shape_dist_traveled IS NOT NULL)
        AND shape_id IN (SELECT shape_id FROM shapes GROUP BY shape_id HAVING count(shape_dist_traveled) < count(*))
        """,
        ("trips", "stop_times", "shapes"), "shape_id",
    ),
    Rule(
        "fast_travel_between_consecutive_stops", "stop_times",
        """
        SELECT line, trip_id || ' #' || stop_sequence || ' : ' || CAST(round(speed) AS BIGINT) || ' km/h > ' || CAST(limit_kph AS BIGINT) FROM legs
        WHERE speed > limit_kph
        """,
        ("stop_times", "stops", "trips", "routes"), "arrival_time",
    ),
    *(
        Rule(
            "missing_required_field", "transfers", _SEATED.replace("FIELD", field) if seated else _CHANGING.replace("FIELD", field), ("transfers",), field,
        )
        for field, seated in (("from_stop_id", False), ("to_stop_id", False), ("from_trip_id", True), ("to_trip_id", True))
    ),
    Rule(
        "transfer_with_invalid_stop_location_type", "transfers",
        """
        SELECT t.line, s.stop_id FROM transfers t JOIN stops s ON s.stop_id = t.from_stop_id WHERE s.location_type NOT IN (0, 1)
        UNION ALL SELECT t.line, s.stop_id FROM transfers t JOIN stops s ON s.stop_id = t.to_stop_id WHERE s.location_type NOT IN (0, 1)
        """,
        ("transfers", "stops"),
    ),
    *(
        Rule(
            code, "transfers",
            """
            SELECT t.line, t.from_stop_id || ' -> ' || t.to_stop_id || ' : ' || CAST(round(m) AS BIGINT) || ' m' FROM (
                SELECT t.*, metres(a.lat, a.lon, b.lat, b.lon) AS m
                FROM transfers t JOIN places a ON a.stop_id = t.from_stop_id JOIN places b ON b.stop_id = t.to_stop_id
            ) t WHERE WHICH
            """.replace("WHICH", which),
            ("transfers", "stops"), "to_stop_id",
        )
        for code, which in (("transfer_distance_too_large", "m > 10000"), ("transfer_distance_above_2_km", "m > 2000 AND m <= 10000"))
    ),
)  # fmt: skip

_SHAPES = (
    Rule(
        "decreasing_shape_distance",
        "shapes",
        "SELECT line, shape_id || ' #' || shape_pt_sequence FROM steps WHERE d < d0",
        ("shapes",),
        "shape_dist_traveled",
    ),
    Rule(
        "equal_shape_distance_same_coordinates",
        "shapes",
        "SELECT line, shape_id || ' #' || shape_pt_sequence FROM steps WHERE d = d0 AND lat = lat0 AND lon = lon0",
        ("shapes",),
        "shape_dist_traveled",
    ),
    Rule(
        "equal_shape_distance_diff_coordinates",
        "shapes",
        "SELECT line, shape_id || ' #' || shape_pt_sequence FROM steps WHERE d = d0 AND (lat <> lat0 OR lon <> lon0) AND metres(lat, lon, lat0, lon0) >= 1.11",
        ("shapes",),
        "shape_dist_traveled",
    ),
    Rule(
        "equal_shape_distance_diff_coordinates_distance_below_threshold",
        "shapes",
        "SELECT line, shape_id || ' #' || shape_pt_sequence FROM steps WHERE d = d0 AND (lat <> lat0 OR lon <> lon0) AND metres(lat, lon, lat0, lon0) < 1.11",
        ("shapes",),
        "shape_dist_traveled",
    ),
    Rule(
        "single_shape_point",
        "shapes",
        "SELECT min(line), shape_id FROM shapes GROUP BY shape_id HAVING count(*) = 1",
        ("shapes",),
        "shape_id",
    ),
    Rule(
        "unused_shape",
        "shapes",
        "SELECT min(line), shape_id FROM shapes WHERE shape_id NOT IN (SELECT shape_id FROM trips WHERE shape_id IS NOT NULL) GROUP BY shape_id",
        ("shapes", "trips"),
        "shape_id",
    ),
    *(
        Rule(
            code,
            "trips",
            """
            WITH far AS (
                SELECT shape_id, max(shape_dist_traveled) AS d, arg_max(shape_pt_lat, shape_dist_traveled) AS lat,
                    arg_max(shape_pt_lon, shape_dist_traveled) AS lon
                FROM shapes GROUP BY shape_id
            ), ends AS (
                SELECT trip_id, arg_max(stop_id, (stop_sequence, line)) AS stop_id, arg_max(coalesce(shape_dist_traveled, 0), (stop_sequence, line)) AS d
                FROM stop_times GROUP BY trip_id
            )
            SELECT t.line, t.trip_id || ' : ' || e.d || ' > ' || f.d FROM trips t JOIN ends e USING (trip_id) JOIN far f ON f.shape_id = t.shape_id
            JOIN stops s ON s.stop_id = e.stop_id WHERE f.d > 0 AND e.d > f.d AND metres(f.lat, f.lon, s.stop_lat, s.stop_lon) WHICH
            """.replace("WHICH", which),
            ("trips", "stop_times", "shapes", "stops"),
            "shape_id",
        )
        for code, which in (
            ("trip_distance_exceeds_shape_distance", ">= 11.1"),
            ("trip_distance_exceeds_shape_distance_below_threshold", "< 11.1"),
        )
    ),
)


_SERVICE = Rule(
    "foreign_key_violation",
    "trips",
    """
    SELECT line, service_id FROM trips WHERE service_id NOT IN (SELECT service_id FROM calendar WHERE service_id IS NOT NULL)
    AND service_id NOT IN (SELECT service_id FROM calendar_dates WHERE service_id IS NOT NULL)
    """,
    ("trips", "calendar", "calendar_dates"),
    "service_id",
)


def _generated() -> Iterator[Rule]:
    """What the table of fields itself asks for: keys, references, ranges."""
    for file in files().values():
        yield from _keys(file)
        for field in file.fields:
            if field.refers is not None:
                yield _reference(file, field, *field.refers)
            if field.before:
                yield from _range(file, field)


def _keys(file: File) -> Iterator[Rule]:
    """The second row of a key and those after it; a key wholly empty is none."""
    if file.keys:
        parts = [
            exp.func("coalesce", exp.cast(exp.column(k), "VARCHAR"), exp.Literal.string(""))
            for k in file.keys
        ]
        key_text = exp.Anonymous(
            this="concat_ws", expressions=[exp.Literal.string(" · "), *(p.copy() for p in parts)]
        )
        place = exp.Window(
            this=exp.RowNumber(),
            partition_by=parts,
            order=exp.Order(expressions=[exp.Ordered(this=exp.column("line"))]),
        )
        some = exp.or_(*(exp.column(k).is_(exp.null()).not_() for k in file.keys))
        placed = (
            exp.select("line", exp.alias_(key_text, "value"), exp.alias_(place, "place"))
            .from_(file.table)
            .where(some)
            .subquery("placed")
        )
        yield Rule(
            "duplicate_key",
            file.table,
            exp.select("line", "value").from_(placed).where("place > 1").sql("duckdb"),
            (file.table,),
            ", ".join(file.keys),
        )


def _reference(file: File, field: Field, table: str, target: str) -> Rule:
    known = exp.select(target).from_(table).where(exp.column(target).is_(exp.null()).not_())
    lost = exp.and_(
        exp.column(field.name).is_(exp.null()).not_(), exp.column(field.name).isin(query=known).not_()
    )
    query = exp.select("line", field.name).from_(file.table).where(lost)
    return Rule(
        "foreign_key_violation", file.table, query.sql("duckdb"), tuple({file.table, table}), field.name
    )


def _range(file: File, field: Field) -> Iterator[Rule]:
    start, end = field.name, field.before
    template = "hms(START) || ' - ' || hms(END)" if field.type == "time" else "START || ' - ' || END"
    for code, compared in (
        ("start_and_end_range_out_of_order", "START > END"),
        *((("start_and_end_range_equal", "START = END"),) if field.strictly else ()),
    ):
        yield _one(
            code,
            file.table,
            compared.replace("START", start).replace("END", end),
            template.replace("START", start).replace("END", end),
            start,
        )


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule. Built when a feed is checked: their trees take a tenth of a second, and whoever names the
    standard needs none.
    """
    return (*_AGENCY, *_CALENDAR, *_FEED, *_STOPS, *_ROUTES, *_TRIPS, *_SHAPES, *_generated(), _SERVICE)
