"""Alerts at work: what is looked at, who lets a message out, to whom it goes, and what became of it.

    look -> post -> (a person) -> issue -> outbox -> send          one transaction each; killed anywhere, the
    next turn goes on

A step bears an id of its own and is kept once; a message is a row of the outbox, kept once for each step,
subscriber and channel (decision 0020).
"""

from parvis.work.alerting.city import declared, key, policy, sender
from parvis.work.alerting.sending import Round, check, envelope, reference, send, ways
from parvis.work.alerting.steps import approve, end, look, post, refuse, tell, written
from parvis.work.alerting.subscribing import ask, confirm, leave, open_channels
from parvis.work.alerting.wording import as_cap, paragraphs, subject
from parvis.work.alerting.worker import chores, courier

__all__ = [
    "Round", "approve", "as_cap", "ask", "check", "chores", "confirm", "courier", "declared", "end", "envelope", "key", "leave", "look", "open_channels",
    "paragraphs", "policy", "post", "reference", "refuse", "send", "sender", "subject", "tell", "ways", "written",
]  # fmt: skip
