"""Energy of buildings: readings, baselines by the weather, savings, anomalies, goals of the law, carbon."""
