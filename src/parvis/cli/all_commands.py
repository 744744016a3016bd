"""The program with all of its commands loaded, for those who list them."""

from parvis.cli.app import COMMANDS, Program

app = Program()
for word in COMMANDS:
    app.load(word)
