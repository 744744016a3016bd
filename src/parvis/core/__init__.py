"""The values that every room passes around, and what needs no disk, network or clock of its own."""
