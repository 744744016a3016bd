"""Going out: what happens tonight, this weekend, near me, and where in the city nothing does."""
