"""Free places in DATEX II: the parking publications of v2.3 and v3, and the older one of facilities."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from parvis.core.errors import Unreadable
from parvis.core.types import POINT
from parvis.services.stationnement.batch import batch, fetch

NOON = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
AT = "2026-12-01T11:58:00+01:00"

V2 = f"""<?xml version="1.0" encoding="UTF-8"?>
<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" modelBaseVersion="2">
<payloadPublication xsi:type="GenericPublication" lang="fr"><genericPublicationExtension><parkingStatusPublication>
<parkingRecordStatus xsi:type="ParkingSiteStatus"><parkingRecordReference id="P1" version="1" targetClass="ParkingRecord"/>
<parkingStatusOriginTime>{AT}</parkingStatusOriginTime>
<parkingOccupancy><parkingNumberOfSpacesOverride>40</parkingNumberOfSpacesOverride><parkingNumberOfVacantSpaces>12</parkingNumberOfVacantSpaces>
<parkingOccupancy>70.0</parkingOccupancy></parkingOccupancy>
<groupOfParkingSpacesStatus groupIndex="1"><parkingOccupancy><parkingNumberOfVacantSpaces>3</parkingNumberOfVacantSpaces></parkingOccupancy></groupOfParkingSpacesStatus>
<parkingSiteStatus>spacesAvailable</parkingSiteStatus><parkingSiteOpeningStatus>open</parkingSiteOpeningStatus>
</parkingRecordStatus></parkingStatusPublication></genericPublicationExtension></payloadPublication></d2LogicalModel>"""

TABLE = """<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0"><payloadPublication><parkingTablePublication><parkingTable id="t" version="1">
<parkingRecord id="P1" version="1"><parkingName><values><value lang="en">Foch garage</value><value lang="fr">Foch</value></values></parkingName>
<parkingNumberOfSpaces>44</parkingNumberOfSpaces>
<parkingLocation><pointByCoordinates><pointCoordinates><latitude>43.61</latitude><longitude>3.87</longitude></pointCoordinates></pointByCoordinates></parkingLocation>
</parkingRecord></parkingTable></parkingTablePublication></payloadPublication></d2LogicalModel>"""

V3 = f"""<d2:payload xmlns:d2="http://datex2.eu/schema/3/d2Payload" xmlns:prk="http://datex2.eu/schema/3/parking" xmlns:com="http://datex2.eu/schema/3/common">
<prk:parkingTable id="t"><prk:parkingRecord id="P1"><prk:parkingName><com:values><com:value lang="fr">Foch</com:value></com:values></prk:parkingName>
<prk:parkingNumberOfSpaces>40</prk:parkingNumberOfSpaces><prk:parkingLocation><prk:coordinatesForDisplay><prk:latitude>43.61</prk:latitude><prk:longitude>3.87</prk:longitude>
</prk:coordinatesForDisplay></prk:parkingLocation></prk:parkingRecord></prk:parkingTable>
<prk:parkingRecordStatus><prk:parkingRecordReference id="P1" version="1"/><prk:parkingStatusOriginTime>{AT}</prk:parkingStatusOriginTime>
<prk:parkingOccupancy><prk:parkingNumberOfOccupiedSpaces>28</prk:parkingNumberOfOccupiedSpaces></prk:parkingOccupancy>
<prk:parkingSiteStatus>full</prk:parkingSiteStatus></prk:parkingRecordStatus></d2:payload>"""

FACILITY = f"""<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0"><payloadPublication><genericPublicationExtension>
<parkingFacilityTable><parkingFacility id="P1"><parkingFacilityName><values><value lang="de">Foch</value></values></parkingFacilityName>
<totalParkingCapacity>40</totalParkingCapacity><facilityLocation><locationForDisplay><latitude>43.61</latitude><longitude>3.87</longitude></locationForDisplay></facilityLocation>
</parkingFacility></parkingFacilityTable>
<parkingFacilityTableStatusPublication><parkingFacilityStatus><parkingFacilityOccupancy>0.7</parkingFacilityOccupancy>
<parkingFacilityReference id="P1" version="1.0" targetClass="ParkingFacility"/><parkingFacilityStatus>open</parkingFacilityStatus>
<parkingFacilityStatusTime>{AT}</parkingFacilityStatusTime><totalNumberOfOccupiedParkingSpaces>28</totalNumberOfOccupiedParkingSpaces>
<totalNumberOfVacantParkingSpaces>12</totalNumberOfVacantParkingSpaces></parkingFacilityStatus></parkingFacilityTableStatusPublication>
</genericPublicationExtension></payloadPublication></d2LogicalModel>"""


@pytest.mark.parametrize(
    "documents", [(V2, TABLE), (V3,), (FACILITY,)], ids=["v2.3, two documents", "v3", "v2 facilities"]
)
def test_every_family_is_read_as_it_is_meant(documents: tuple[str, ...]) -> None:
    first, *others = (one.encode() for one in documents)
    got = batch(first, NOON, *others)
    (row,) = got.table.to_pylist()
    assert (row["id"], row["nom"], row["libres"], row["total"], row["ouvert"]) == ("P1", "Foch", 12, 40, True)
    assert row["releve_le"] == row["flux_du"] == got.at == NOON - timedelta(minutes=2)
    assert row[POINT] == {"lon": 3.87, "lat": 43.61}


def test_a_status_without_its_table_has_its_number_and_no_place() -> None:
    (row,) = batch(V2.encode(), NOON).table.to_pylist()
    assert (row["id"], row["nom"], row["libres"], row["total"], row[POINT]) == ("P1", "P1", 12, 40, None)


@pytest.mark.parametrize(
    ("before", "after", "open_"),
    [
        ("<parkingSiteOpeningStatus>open<", "<parkingSiteOpeningStatus>closed<", False),
        (
            "<parkingSiteOpeningStatus>open<",
            "<parkingSiteOpeningStatus>unknown<",
            True,
        ),  # places are available
        ("<parkingSiteStatus>spacesAvailable<", "<parkingSiteStatus>noParkingAllowed<", False),
    ],
)
def test_who_says_closed_is_believed_first(before: str, after: str, open_: bool) -> None:
    (row,) = batch(V2.replace(before, after).encode(), NOON).table.to_pylist()
    assert row["ouvert"] is open_


def test_what_is_not_said_is_not_made_up() -> None:
    bare = V2.replace("<parkingNumberOfVacantSpaces>12</parkingNumberOfVacantSpaces>", "")
    with pytest.raises(Unreadable):  # the group of places that is left is not the park
        batch(bare.encode(), NOON)
    undated = V2.replace(f"<parkingStatusOriginTime>{AT}</parkingStatusOriginTime>", "")
    (row,) = batch(undated.encode(), NOON).table.to_pylist()
    assert row["releve_le"] is None


@pytest.mark.parametrize(
    "document",
    [
        b"<d2LogicalModel/>",
        b"<d2LogicalModel><parkingRecordStatus>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><d2LogicalModel>&a;</d2LogicalModel>',
        b"<html><body>maintenance</body></html>",
    ],
)
def test_what_is_no_publication_of_parks_is_refused_in_words(document: bytes) -> None:
    with pytest.raises(Unreadable):
        batch(document, NOON)


def test_the_table_may_stand_at_an_address_of_its_own() -> None:
    bodies = {"/statuts": V2, "/table": TABLE}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, text=bodies[request.url.path]))
    with httpx.Client(transport=transport) as client:
        got = fetch(client, "https://parcs.example/statuts https://parcs.example/table", lambda _: None)
    assert got.table["nom"].to_pylist() == ["Foch"]
