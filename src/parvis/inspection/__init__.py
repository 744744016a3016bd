"""A file looked at: read, typed, checked, searched for personal data, and told; nothing is kept here."""
