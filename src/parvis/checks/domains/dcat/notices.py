"""What is told of a catalogue."""

from parvis.checks.domains.declaration import read_notices

NOTICES = read_notices(__file__)
