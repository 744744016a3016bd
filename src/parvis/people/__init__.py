"""Who may do what: accounts, passwords, sessions, roles in organisations, API keys.

`rights.can` is the one rule, pure, over one table. Everything secret is kept as a hash; a person is an opaque
id whose name can be erased. The clock is always a parameter.
"""
