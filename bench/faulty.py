"""The table that checking is timed on: twelve columns, every constraint of Table Schema, one wrong cell in a
thousandth of the rows.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

SEED = 20261125

QUERY = """
WITH drawn AS (
  SELECT i, (i * 2654435761 + {seed}) % 4294967296 AS h, (i * 40503 + {seed}) % 1000 = 0 AS wrong, (i * 7919 + {seed}) % 100 AS m FROM range({rows}) t(i)
), cells AS (SELECT *, CASE WHEN wrong THEN (h // 4096) % 12 ELSE -1 END AS bad, CASE WHEN bad = 0 AND i > 0 THEN i - 1 ELSE i END AS n FROM drawn)
SELECT printf('%c%c%08d', 65 + (n % 26)::INT, 65 + (n // 26 % 26)::INT, n) AS id,
       CASE WHEN bad = 1 THEN '2C001' ELSE printf('%05d', 34000 + h % 343) END AS code_insee,
       CASE WHEN bad = 2 THEN '2020-13-45' ELSE (DATE '2015-01-01' + (h % 4000)::INT)::VARCHAR END AS date,
       CASE WHEN bad = 3 THEN '2020-01-01 99:00:00' WHEN m = 0 THEN NULL WHEN m = 50 THEN 'NA'
            ELSE strftime(TIMESTAMP '2020-01-01' + to_seconds((i * 15485863) % 150000000), '%Y-%m-%dT%H:%M:%S') END AS horodatage,
       CASE WHEN bad = 4 THEN 'autre chose' ELSE ['vélo', 'bus', 'tram', 'voiture', 'train', 'marche', 'trottinette', 'autre'][1 + (h // 7) % 8] END AS mode,
       CASE WHEN bad = 5 THEN '12.5.3' WHEN m = 1 THEN NULL WHEN m = 51 THEN 'NA'
            ELSE replace(replace(printf('%,.2f', (h % 8000000) / 100.0), ',', ' '), '.', ',') END AS montant,
       CASE WHEN bad = 6 THEN '1001' WHEN m = 2 THEN NULL WHEN m = 52 THEN 'NA' ELSE ((h // 3) % 1001)::VARCHAR END AS nombre,
       CASE WHEN bad = 7 THEN 'peut-être' WHEN m = 3 THEN NULL WHEN m = 53 THEN 'NA' WHEN h % 3 = 0 THEN 'oui' ELSE 'non' END AS accessible,
       CASE WHEN bad = 8 THEN '91.5' ELSE printf('%.6f', 43.5 + (h % 300000) / 1e6) END AS latitude,
       CASE WHEN bad = 9 THEN 'abc' ELSE printf('%.6f', 3.7 + (h // 5 % 300000) / 1e6) END AS longitude,
       CASE WHEN bad = 10 THEN repeat('x', 90) WHEN m = 4 THEN NULL WHEN m = 54 THEN 'NA' ELSE 'rue des Tanneurs, bâtiment ' || (h % 9973) END AS adresse,
       CASE WHEN bad = 11 THEN 'pas un courriel' WHEN m = 5 THEN NULL WHEN m = 55 THEN 'NA' ELSE 'station' || (h % 400001) || '@ville.example' END AS courriel
FROM cells
"""

SCHEMA = {
    "missingValues": ["", "NA"],
    "primaryKey": "id",
    "fields": [
        {
            "name": "id",
            "type": "string",
            "constraints": {"required": True, "unique": True, "pattern": "[A-Z]{2}[0-9]{8}"},
        },
        {
            "name": "code_insee",
            "type": "string",
            "constraints": {"required": True, "pattern": "([013-9][0-9]|2[AB1-9])[0-9]{3}"},
        },
        {
            "name": "date",
            "type": "date",
            "constraints": {"required": True, "minimum": "2000-01-01", "maximum": "2030-12-31"},
        },
        {"name": "horodatage", "type": "datetime", "format": "%Y-%m-%dT%H:%M:%S"},
        {
            "name": "mode",
            "type": "string",
            "constraints": {
                "required": True,
                "enum": ["vélo", "bus", "tram", "voiture", "train", "marche", "trottinette", "autre"],
            },
        },
        {
            "name": "montant",
            "type": "number",
            "groupChar": " ",
            "decimalChar": ",",
            "constraints": {"minimum": 0},
        },
        {"name": "nombre", "type": "integer", "constraints": {"minimum": 0, "maximum": 1000}},
        {"name": "accessible", "type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
        {
            "name": "latitude",
            "type": "number",
            "constraints": {"required": True, "minimum": -90, "maximum": 90},
        },
        {
            "name": "longitude",
            "type": "number",
            "constraints": {"required": True, "minimum": -180, "maximum": 180},
        },
        {"name": "adresse", "type": "string", "constraints": {"maxLength": 80}},
        {"name": "courriel", "type": "string", "format": "email"},
    ],
}


def write(folder: Path, rows: int) -> tuple[Path, Path]:
    """The CSV of that many rows (`;`, UTF-8) and its schema, written once."""
    folder.mkdir(parents=True, exist_ok=True)
    table, schema = folder / f"faulty-{rows}.csv", folder / "faulty.json"
    schema.write_text(json.dumps(SCHEMA), "utf-8")
    if not table.exists():
        query = QUERY.format(seed=SEED, rows=int(rows))
        duckdb.connect().execute(f"COPY ({query}) TO '{table}' (DELIMITER ';', HEADER)")
    return table, schema
