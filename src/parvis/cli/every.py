"""The program with all of its commands, for those who list them."""

from parvis.cli.app import commands

app = commands()
