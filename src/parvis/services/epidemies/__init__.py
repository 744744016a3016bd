"""Outbreaks seen early in counts by place and week. Places, never persons."""
