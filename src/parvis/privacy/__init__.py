"""Personal data and secrets are found here; and only here a table becomes readable, for an audience."""
