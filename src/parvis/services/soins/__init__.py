"""Care near me, on foot, and the vaccination calendar."""
