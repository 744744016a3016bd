"""The notices of DCAT catalogues, in words."""

from parvis.checks.domains.declaration import read_notices

NOTICES = read_notices(__file__)
