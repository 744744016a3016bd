"""How the street runs: states, forecasts and detectors, from counts."""
