"""The notices of GBFS feeds, in words."""

from parvis.checks.domains.declaration import read_notices

NOTICES = read_notices(__file__)
