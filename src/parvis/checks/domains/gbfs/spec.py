"""The documents of GBFS and their fields, versions 1.0 to 3.1, as one compact table. Source:
MobilityData/gbfs (the text of each version).

One line a field, deeper ones indented: name, type, then marks. A name that ends with `[]` is a list of such
values. Types: id, str, text (a text; from 3.0 a list by language), link (an address; from 3.0 a list by
language), time (POSIX seconds; from 3.0 RFC 3339), stamp (RFC 3339 in all), int and num (not negative), any,
part (0 to 1), bool, lat, lon, uri, email, phone, date, clock, lang, zone, color, currency, country, month,
day, year, polygons, map, obj, or the values of an enumeration (`a|b`). Marks: `!` required, `some` a list
that may not be empty, `2.1-`, `-2.3`, `2.1-2.3` versions that have it, `!3.0-` required from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

VERSIONS = ("1.0", "1.1", "2.0", "2.1", "2.2", "2.3", "3.0", "3.1-RC", "3.1-RC2", "3.1-RC3", "3.1")
"""In order of age."""

_FEEDS = (
    "gbfs|gbfs_versions|system_information|vehicle_types|station_information|station_status|free_bike_status|vehicle_status|vehicle_availability|system_hours|"
    "system_alerts|system_calendar|system_regions|system_pricing_plans|geofencing_zones|manifest"
)
_EQUIPMENT = "child_seat_a|child_seat_b|child_seat_c|winter_tires|snow_chains"

_VEHICLE = f"""    lat lat
    lon lon
    is_reserved bool !
    is_disabled bool !
    rental_uris obj
      android uri
      ios uri
      web uri
    vehicle_type_id id
    last_reported time
    current_range_meters num
    current_fuel_percent part
    station_id id
    home_station_id id
    pricing_plan_id id
    vehicle_equipment[] {_EQUIPMENT}
    available_until stamp"""
"""What is said of a vehicle, whatever the name of its file."""

_DOCUMENTS = f"""
gbfs
  feeds[] obj !3.0- some 3.0-
    name {_FEEDS} !
    url uri !
  * obj -2.3
    feeds[] obj ! some
      name {_FEEDS} !
      url uri !
gbfs_versions
  versions[] obj !
    version {"|".join(VERSIONS)} !
    url uri !
manifest
  datasets[] obj !
    system_id id !
    country_code country 3.1-
    area polygons 3.1-
    versions[] obj !
      version {"|".join(VERSIONS)} !
      url uri !
system_information
  system_id id !
  language lang ! -2.3
  languages[] lang ! 3.0-
  name text !
  opening_hours str ! 3.0-
  short_name text
  operator text
  url uri
  purchase_url uri
  start_date date
  termination_date date 3.0-
  phone_number str -2.3
  phone_number phone 3.0-
  email email
  feed_contact_email email !3.0-
  manifest_url uri 3.0-
  timezone zone !
  license_id str
  license_url uri
  attribution_organization_name text 3.0-
  attribution_url uri
  brand_assets obj 2.3-
    brand_last_modified date !
    brand_terms_url uri
    brand_image_url uri !
    brand_image_url_dark uri
    color color
  terms_url link
  terms_last_updated date
  privacy_url link
  privacy_last_updated date
  rental_apps obj
    android obj
      store_uri uri !
      discovery_uri uri !
    ios obj
      store_uri uri !
      discovery_uri uri !
vehicle_types
  vehicle_types[] obj !
    vehicle_type_id id !
    form_factor bicycle|cargo_bicycle|car|moped|scooter_standing|scooter_seated|scooter|other !
    rider_capacity int
    cargo_volume_capacity int
    cargo_load_capacity int
    propulsion_type human|electric_assist|electric|combustion|combustion_diesel|hybrid|plug_in_hybrid|hydrogen_fuel_cell !
    eco_label[] obj -2.3
      country_code country !
      eco_sticker str !
    eco_labels[] obj 3.0-
      country_code country !
      eco_sticker str !
    max_range_meters num
    name text
    description text 3.0-
    vehicle_accessories[] air_conditioning|automatic|manual|convertible|cruise_control|doors_2|doors_3|doors_4|doors_5|navigation
    g_CO2_km int
    vehicle_image uri
    make text
    model text
    color str
    wheel_count int
    max_permitted_speed int
    rated_power int
    min_age int 3.1-
    default_reserve_time int
    return_constraint free_floating|roundtrip_station|any_station|hybrid
    return_type[] any
    vehicle_assets obj
      icon_url uri !
      icon_url_dark uri
      icon_last_modified date !
    default_pricing_plan_id id
    pricing_plan_ids[] id
station_information
  stations[] obj !
    station_id id !
    name text !
    short_name text
    lat lat !
    lon lon !
    address str
    cross_street str
    region_id id
    post_code str
    city str 3.1-
    station_opening_hours str 3.0-
    rental_methods[] key|creditcard|paypass|applepay|androidpay|transitcard|accountnumber|phone some
    is_virtual_station bool
    station_area polygons
    parking_type parking_lot|street_parking|underground_parking|sidewalk_parking|other
    parking_hoop bool
    contact_phone str
    capacity int
    vehicle_capacity map -2.3
    vehicle_type_capacity map -2.3
    vehicle_types_capacity[] obj 3.0-
      vehicle_type_ids[] id !
      count int !
    vehicle_docks_capacity[] obj 3.0-
      vehicle_type_ids[] id !
      count int !
    is_valet_station bool
    is_charging_station bool
    rental_uris obj
      android uri
      ios uri
      web uri
station_status
  stations[] obj !
    station_id id !
    num_bikes_available int ! -2.3
    num_vehicles_available int ! 3.0-
    num_bikes_available_types any -2.3
    num_ebikes_available int -2.3
    vehicle_types_available[] obj 2.1-
      vehicle_type_id id !
      count int !
    num_bikes_disabled int -2.3
    num_vehicles_disabled int 3.0-
    num_docks_available int
    num_docks_disabled int
    is_installed bool !
    is_renting bool !
    is_returning bool !
    last_reported time !
    vehicle_docks_available[] obj 2.1-
      vehicle_type_ids[] id !
      count int !
free_bike_status -2.3
  bikes[] obj !
    bike_id id !
{_VEHICLE}
vehicle_status 3.0-
  vehicles[] obj !
    vehicle_id id !
{_VEHICLE}
vehicle_availability 3.1-
  vehicles[] obj !
    vehicle_id id !
    vehicle_type_id id
    station_id id !
    pricing_plan_id id
    vehicle_equipment[] str
    availabilities[] obj !
      from stamp !
      until stamp
system_hours -2.3
  rental_hours[] obj !
    user_types[] member|nonmember ! some
    days[] sun|mon|tue|wed|thu|fri|sat ! some
    start_time clock !
    end_time clock !
system_calendar -2.3
  calendars[] obj !
    start_month month !
    start_day day !
    start_year year
    end_month month !
    end_day day !
    end_year year
system_regions
  regions[] obj !
    region_id id !
    name text !
system_pricing_plans
  plans[] obj !
    plan_id id !
    url uri
    name text !
    currency currency !
    price num !
    is_taxable bool !
    description text !
    per_km_pricing[] obj
      start int !
      rate any !
      interval int !
      end int
    per_min_pricing[] obj
      start int !
      rate any !
      interval int !
      end int
    reservation_price_per_min num 3.1-
    reservation_price_flat_rate num 3.1-
    fare_capping obj 3.1-
      duration int !
      price num !
    surge_pricing bool
system_alerts
  alerts[] obj !
    alert_id id !
    type system_closure|SYSTEM_CLOSURE|station_closure|STATION_CLOSURE|station_move|STATION_MOVE|other|OTHER !
    times[] obj
      start time
      end time
    station_ids[] id
    region_ids[] id
    url link
    summary text !
    description text
    last_updated time
geofencing_zones
  geofencing_zones obj !
    type FeatureCollection !
    features[] obj !
      type Feature !
      geometry polygons !
      properties obj !
        name text
        start time
        end time
        rules[] obj
          vehicle_type_id[] id -2.3
          vehicle_type_ids[] id 3.0-
          ride_allowed bool ! -2.3
          ride_start_allowed bool ! 3.0-
          ride_end_allowed bool ! 3.0-
          ride_through_allowed bool !
          maximum_speed_kph int
          station_parking bool
  global_rules[] obj ! 3.0-
    vehicle_type_ids[] id
    ride_start_allowed bool !
    ride_end_allowed bool !
    ride_through_allowed bool !
    maximum_speed_kph int
    station_parking bool
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A field of a document, or the document itself. `*` as a name stands for any."""

    name: str
    type: str
    many: bool = False
    values: tuple[str, ...] = ()
    required: bool = False
    required_since: str = ""
    some: bool = False
    since: str = VERSIONS[0]
    until: str = VERSIONS[-1]
    fields: tuple[Node, ...] = ()

    def known(self, version: str) -> bool:
        """Whether that version has the field."""
        return rank(self.since) <= rank(version) <= rank(self.until)

    def needed(self, version: str) -> bool:
        """Whether that version requires it."""
        return self.known(version) and (
            self.required or (bool(self.required_since) and rank(version) >= rank(self.required_since))
        )


def rank(version: str) -> int:
    """Age of a version."""
    return VERSIONS.index(version)


@cache
def documents() -> Mapping[str, Node]:
    """Every document by name."""
    lines = [(len(line) - len(line.lstrip()), line.split()) for line in _DOCUMENTS.strip().splitlines()]
    by_name = dict[str, Node]()
    at = 0
    while at < len(lines):
        node, at = _node(lines, at)
        by_name[node.name] = node
    return by_name


def _node(lines: Sequence[tuple[int, Sequence[str]]], at: int) -> tuple[Node, int]:
    """The node that starts at a line, and the line after its fields."""
    indent, words = lines[at]
    at += 1
    fields: list[Node] = []
    while at < len(lines) and lines[at][0] > indent:
        inner, at = _node(lines, at)
        fields.append(inner)
    name, *marks = words
    kind = marks.pop(0) if indent else "obj"
    since, until, needed = VERSIONS[0], VERSIONS[-1], ""
    for mark in marks:
        if mark.startswith("!") and len(mark) > 1:
            needed = mark[1:].rstrip("-")
        elif mark[0].isdigit():
            first, _, last = mark.partition("-")
            # Release candidates have what the version has.
            since, until = "3.1-RC" if first == "3.1" else first, last or until
        elif mark.startswith("-"):
            until = mark[1:]
    values = tuple(kind.split("|")) if "|" in kind or kind in ("FeatureCollection", "Feature") else ()
    return Node(
        name.removesuffix("[]"),
        "enum" if values else kind,
        name.endswith("[]"),
        values,
        "!" in marks,
        needed,
        "some" in marks,
        since,
        until,
        tuple(fields),
    ), at
