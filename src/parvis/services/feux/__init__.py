"""Traffic lights: plans of junctions from their counts."""
