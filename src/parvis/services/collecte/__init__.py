"""When the bins of an address are emptied next."""
