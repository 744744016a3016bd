"""Network out: messages to people."""
