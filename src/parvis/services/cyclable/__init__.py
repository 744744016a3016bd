"""Riding a bicycle: where ways are made for it, how far, how safe; how many ride, by the counters."""
