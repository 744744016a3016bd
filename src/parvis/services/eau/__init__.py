"""The town's water: what the network loses by district and year, what the tap gives, where it is cut."""
