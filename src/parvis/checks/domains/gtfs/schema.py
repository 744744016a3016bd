"""The files of a GTFS feed and their fields, as one compact table. Source: GTFS Schedule reference
(gtfs.org), as the canonical validator types it (v8).

One line a field: name, type, then marks. Types: id text url email phone lang zone color lat lon date time int
float currency amount, or the values of an enumeration (`0,1,2`). Marks: `!` required, `+` recommended,
`column` a column that must be there though its cells may be empty, `key` part of the primary key,
`>file.field` a reference, `>=0` `>0` `!=0` bounds, `case` a name that travellers read, `<field` not after
that field, `<<field` before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

Bound = Literal["", ">=0", ">0", "!=0"]

_FILES = """
agency.txt !
  agency_id id key
  agency_name text ! case
  agency_url url !
  agency_timezone zone !
  agency_lang lang
  agency_phone phone
  agency_fare_url url
  agency_email email
  cemv_support 0,1,2
stops.txt
  stop_id id ! key
  stop_code text
  stop_name text case
  tts_stop_name text
  stop_desc text
  stop_lat lat
  stop_lon lon
  zone_id id
  stop_url url
  location_type 0,1,2,3,4
  parent_station id >stops.stop_id
  stop_timezone zone
  wheelchair_boarding 0,1,2
  level_id id >levels.level_id
  platform_code text
  stop_access 0,1
routes.txt !
  route_id id ! key
  agency_id id >agency.agency_id
  route_short_name text case
  route_long_name text case
  route_desc text case
  route_type 0,1,2,3,4,5,6,7,11,12 !
  route_url url
  route_color color
  route_text_color color
  route_sort_order int >=0
  continuous_pickup 0,1,2,3
  continuous_drop_off 0,1,2,3
  network_id id
  cemv_support 0,1,2
trips.txt !
  trip_id id ! key
  route_id id ! >routes.route_id
  service_id id !
  trip_headsign text case
  trip_short_name text case
  direction_id 0,1
  block_id id
  shape_id id >shapes.shape_id
  wheelchair_accessible 0,1,2
  bikes_allowed 0,1,2
  cars_allowed 0,1,2
  safe_duration_factor float
  safe_duration_offset float
stop_times.txt !
  trip_id id ! key >trips.trip_id
  arrival_time time <departure_time
  departure_time time
  stop_id id >stops.stop_id
  location_group_id id >location_groups.location_group_id
  location_id id
  stop_sequence int ! key >=0
  stop_headsign text
  start_pickup_drop_off_window time
  end_pickup_drop_off_window time
  pickup_type 0,1,2,3
  drop_off_type 0,1,2,3
  continuous_pickup 0,1,2,3
  continuous_drop_off 0,1,2,3
  shape_dist_traveled float >=0
  timepoint 0,1
  pickup_booking_rule_id id >booking_rules.booking_rule_id
  drop_off_booking_rule_id id >booking_rules.booking_rule_id
calendar.txt
  service_id id ! key
  monday 0,1 !
  tuesday 0,1 !
  wednesday 0,1 !
  thursday 0,1 !
  friday 0,1 !
  saturday 0,1 !
  sunday 0,1 !
  start_date date ! <end_date
  end_date date !
calendar_dates.txt
  service_id id ! key
  date date ! key
  exception_type 1,2 !
fare_attributes.txt
  fare_id id ! key
  price float ! >=0
  currency_type currency !
  payment_method 0,1 !
  transfers 0,1,2
  agency_id id >agency.agency_id
  transfer_duration int >=0
fare_rules.txt
  fare_id id ! key >fare_attributes.fare_id
  route_id id key >routes.route_id
  origin_id id key >stops.zone_id
  destination_id id key >stops.zone_id
  contains_id id key >stops.zone_id
timeframes.txt
  timeframe_group_id id key
  start_time time key <<end_time
  end_time time key
  service_id text ! key
rider_categories.txt
  rider_category_id id ! key
  rider_category_name text !
  is_default_fare_category 0,1 column
  eligibility_url url
fare_media.txt
  fare_media_id id ! key
  fare_media_name text
  fare_media_type 0,1,2,3,4 !
fare_products.txt
  fare_product_id id ! key
  fare_product_name text
  amount amount !
  currency currency !
  fare_media_id id key >fare_media.fare_media_id
  rider_category_id id key >rider_categories.rider_category_id
fare_leg_rules.txt
  leg_group_id id
  network_id id key
  from_area_id id key >areas.area_id
  to_area_id id key >areas.area_id
  from_timeframe_group_id id key >timeframes.timeframe_group_id
  to_timeframe_group_id id key >timeframes.timeframe_group_id
  fare_product_id id ! key >fare_products.fare_product_id
  rule_priority int >=0
fare_leg_join_rules.txt
  from_network_id id !
  to_network_id id !
  from_stop_id id >stops.stop_id
  to_stop_id id >stops.stop_id
fare_transfer_rules.txt
  from_leg_group_id id key >fare_leg_rules.leg_group_id
  to_leg_group_id id key >fare_leg_rules.leg_group_id
  duration_limit int key >0
  duration_limit_type 0,1,2,3
  fare_transfer_type 0,1,2 !
  transfer_count int key
  fare_product_id id key >fare_products.fare_product_id
areas.txt
  area_id id ! key
  area_name text
stop_areas.txt
  area_id id ! key >areas.area_id
  stop_id id ! key >stops.stop_id
networks.txt
  network_id id ! key
  network_name text case
route_networks.txt
  route_id id ! key >routes.route_id
  network_id id ! >networks.network_id
shapes.txt
  shape_id id ! key
  shape_pt_lat lat !
  shape_pt_lon lon !
  shape_pt_sequence int ! key >=0
  shape_dist_traveled float >=0
frequencies.txt
  trip_id text ! key >trips.trip_id
  start_time time ! key <<end_time
  end_time time !
  headway_secs int ! >0
  exact_times 0,1
transfers.txt
  from_stop_id id key >stops.stop_id
  to_stop_id id key >stops.stop_id
  transfer_type 0,1,2,3,4,5 column
  min_transfer_time int >=0
  from_trip_id id key >trips.trip_id
  to_trip_id id key >trips.trip_id
  from_route_id id key >routes.route_id
  to_route_id id key >routes.route_id
pathways.txt
  pathway_id id ! key
  from_stop_id id ! >stops.stop_id
  to_stop_id id ! >stops.stop_id
  pathway_mode 1,2,3,4,5,6,7 !
  is_bidirectional 0,1 !
  length float >=0
  traversal_time int >0
  stair_count int !=0
  max_slope float
  min_width float >0
  signposted_as text case
  reversed_signposted_as text case
levels.txt
  level_id id ! key
  level_index float !
  level_name text case
location_groups.txt
  location_group_id id ! key
  location_group_name text case
location_group_stops.txt
  location_group_id text !
  stop_id text !
booking_rules.txt
  booking_rule_id id ! key
  booking_type 0,1,2 !
  prior_notice_duration_min int
  prior_notice_duration_max int
  prior_notice_start_day int
  prior_notice_start_time time
  prior_notice_last_day int
  prior_notice_last_time time
  prior_notice_service_id text
  message text case
  pickup_message text case
  drop_off_message text case
  phone_number phone
  info_url url
  booking_url url
translations.txt
  table_name text ! key
  field_name text ! key
  language lang ! key
  translation text !
  record_id text key
  record_sub_id text key
  field_value text key
feed_info.txt
  feed_publisher_name text !
  feed_publisher_url url !
  feed_lang lang !
  default_lang lang
  feed_start_date date + <feed_end_date
  feed_end_date date +
  feed_version text +
  feed_contact_email email
  feed_contact_url url
attributions.txt
  attribution_id id key
  agency_id id >agency.agency_id
  route_id id >routes.route_id
  trip_id id >trips.trip_id
  organization_name text !
  is_producer 0,1
  is_operator 0,1
  is_authority 0,1
  attribution_url url
  attribution_email email
  attribution_phone phone
"""

RECOMMENDED = ("feed_info.txt",)
"""Files that are not required, but missed."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of one file."""

    name: str
    type: str
    """A type of the table above, or "enum"."""
    values: tuple[str, ...] = ()
    required: bool = False
    column: bool = False
    """Whether the column itself must be there."""
    recommended: bool = False
    key: bool = False
    refers: tuple[str, str] | None = None
    """Table (without `.txt`) and field whose values it must be one of."""
    bound: Bound = ""
    mixed_case: bool = False
    before: str = ""
    """The field that it must not come after…"""
    strictly: bool = False
    """…nor be equal to."""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a feed. name: with `.txt`."""

    name: str
    fields: tuple[Field, ...]
    required: bool = False

    @property
    def table(self) -> str:
        return self.name.removesuffix(".txt")

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields if f.key)


@cache
def files() -> Mapping[str, File]:
    """The files of the standard, by name."""
    return {file.name: file for file in _parse(_FILES)}


def _parse(text: str) -> Iterator[File]:
    name, required, fields = "", False, list[Field]()
    for line in text.strip().splitlines():
        words = line.split()
        if line.startswith(" "):
            fields.append(_field(words))
            continue
        if name:
            yield File(name, tuple(fields), required)
        name, required, fields = words[0], "!" in words, []
    yield File(name, tuple(fields), required)


def _field(words: list[str]) -> Field:
    name, kind, *marks = words
    values = tuple(kind.split(",")) if kind[0].isdigit() else ()
    refers: tuple[str, str] | None = None
    bound: Bound = ">=0" if kind == "amount" else ""
    before, strictly = "", False
    for mark in marks:
        if mark in (">=0", ">0", "!=0"):
            bound = mark
        elif mark.startswith(">"):
            table, _, field = mark[1:].partition(".")
            refers = (table, field)
        elif mark.startswith("<"):
            before, strictly = mark.lstrip("<"), mark.startswith("<<")
    return Field(
        name,
        "enum" if values else kind,
        values,
        required="!" in marks,
        column="!" in marks or "column" in marks,
        recommended="+" in marks,
        key="key" in marks,
        refers=refers,
        bound=bound,
        mixed_case="case" in marks,
        before=before,
        strictly=strictly,
    )
