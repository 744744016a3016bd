"""Public money and decisions: where it goes, to whom, voted against spent, and whether it is published in
time.
"""
