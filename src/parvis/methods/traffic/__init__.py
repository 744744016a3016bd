"""Traffic from counts: cleaning, fundamental diagram and state, anomalies, forecast, health of detectors."""
