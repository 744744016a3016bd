"""Air: the official index, the procedures, a forecast and a map, all with their doubt."""
