"""The notices of GTFS feeds, in words. Codes and severities are those of the canonical GTFS validator
(MobilityData, 2026).
"""

from parvis.checks.domains.declaration import read_notices

NOTICES = read_notices(__file__)
