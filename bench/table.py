"""The table that files and queries are timed on: seeded, of any number of rows, twelve columns such as a city
has.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

QUERY = """
SELECT printf('%c%c%08d', 65 + (i % 26)::INT, 65 + (i // 26 % 26)::INT, i) AS id,
       printf('%05d', 34000 + (i * 7919) % 343) AS code_insee,
       (DATE '2015-01-01' + ((i * 104729) % 4000)::INT)::VARCHAR AS date,
       strftime(TIMESTAMP '2020-01-01' + to_seconds((i * 15485863) % 150000000), '%Y-%m-%dT%H:%M:%S') AS horodatage,
       ['vélo', 'bus', 'tram', 'voiture', 'train', 'marche', 'trottinette', 'autre'][1 + (i * 31) % 8] AS mode,
       replace(printf('%.2f', ((i * 48271) % 4000000) / 100.0), '.', ',') AS montant,
       ((i * 69621) % 1000)::VARCHAR AS nombre,
       CASE WHEN (i * 16807) % 3 = 0 THEN 'oui' ELSE 'non' END AS accessible,
       printf('%.6f', 43.5 + ((i * 40692) % 300000) / 1e6) AS latitude,
       printf('%.6f', 3.7 + ((i * 52774) % 300000) / 1e6) AS longitude,
       CASE WHEN i % 50 = 0 THEN '' ELSE 'rue des Tanneurs, bâtiment ' || (i * 7 % 9973) END AS adresse,
       'station' || (i * 13 % 4001) || '@ville.example' AS contact
FROM range(?) t(i)
"""


def write(path: Path, rows: int) -> Path:
    """The CSV of that many rows, `;`, UTF-8, written once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        con = duckdb.connect()
        con.execute(f"COPY ({QUERY.replace('?', str(int(rows)))}) TO '{path}' (DELIMITER ';', HEADER)")
    return path
