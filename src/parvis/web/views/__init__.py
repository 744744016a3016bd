"""One handler a page: it gathers one frozen context from the store, the catalogue and the engine."""
