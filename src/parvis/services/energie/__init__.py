"""Energy of what the city owns: what is odd, what was saved, what the law asks, what carbon it makes."""
