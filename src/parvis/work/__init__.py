"""Durable work, away from any request: jobs, live feeds, services computed again, alerts, nightly looks."""
