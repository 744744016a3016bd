"""Signal plans of junctions from counts: turning flows, stages, cycles and greens, green waves, times of day."""
