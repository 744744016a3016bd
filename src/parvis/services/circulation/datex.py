"""The state of the street as DATEX II v2.3: a `MeasuredDataPublication` of what was measured last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from parvis.core.errors import NotFound
from parvis.services.answers import Asked

NAMESPACE = "http://datex2.eu/schema/2/2_0"


def export(asked: Asked, tables: Mapping[str, pa.Table]) -> bytes:
    """The arcs whose last measure is of now. Raises NotFound while there is none."""
    rows = [r for r in tables["etat"].to_pylist() if r["mesure_le"] is not None] if "etat" in tables else []
    if not rows:
        raise NotFound("Aucune mesure n’est encore publiée.")
    at = max(r["mesure_le"] for r in rows)
    body = "".join(_site(r) for r in rows if r["debit"] is not None or r["taux"] is not None)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<d2LogicalModel xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" modelBaseVersion="2">'
        "<exchange><supplierIdentification><country>fr</country><nationalIdentifier>parvis</nationalIdentifier>"
        "</supplierIdentification></exchange>"
        '<payloadPublication xsi:type="MeasuredDataPublication" lang="fr">'
        f"<publicationTime>{_time(at)}</publicationTime>"
        "<publicationCreator><country>fr</country><nationalIdentifier>parvis</nationalIdentifier></publicationCreator>"
        '<measurementSiteTableReference id="arcs" version="1" targetClass="MeasurementSiteTable"/>'
        "<headerInformation><confidentiality>noRestriction</confidentiality><informationStatus>real</informationStatus></headerInformation>"
        f"{body}</payloadPublication></d2LogicalModel>\n"
    ).encode()


def _site(row: Mapping[str, object]) -> str:
    values = list[str]()
    if row["debit"] is not None:
        values.append(
            '<basicData xsi:type="TrafficFlow"><vehicleFlow><vehicleFlowRate>'
            f"{row['debit']:.0f}</vehicleFlowRate></vehicleFlow></basicData>"
        )
    if row["taux"] is not None:
        values.append(
            '<basicData xsi:type="TrafficConcentration"><occupancy><percentage>'
            f"{row['taux']:.1f}</percentage></occupancy></basicData>"
        )
    measured = "".join(
        f'<measuredValue index="{n}"><measuredValue>{value}</measuredValue></measuredValue>'
        for n, value in enumerate(values, 1)
    )
    at = row["mesure_le"]
    when = _time(at) if isinstance(at, datetime) else ""
    reference = f'<measurementSiteReference id={quoteattr(str(row["arc"]))} version="1" targetClass="MeasurementSiteRecord"/>'
    return f"<siteMeasurements>{reference}<measurementTimeDefault>{escape(when)}</measurementTimeDefault>{measured}</siteMeasurements>"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
