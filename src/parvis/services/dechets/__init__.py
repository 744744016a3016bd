"""Waste: which bins will overflow, which are emptied today, by which round."""
