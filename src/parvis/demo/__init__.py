"""The demo city: a seeded generator of raw files and live feeds, with their planted truth."""
