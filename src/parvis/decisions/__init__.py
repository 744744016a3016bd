"""What people decide of a version: the opinion and the release, the withdrawal, and what newer detectors
would say.
"""
