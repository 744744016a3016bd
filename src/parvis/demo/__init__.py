"""The demo city: a seeded generator of what a town hall really has, with its dirt, and beside it the planted
truth.

Rivemont does not exist: its INSEE code is not attributed, its streets, people and bodies are made up.
"""
