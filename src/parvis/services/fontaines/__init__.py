"""Drinking fountains near me: the service that docs/tutorial-service.md writes."""
