"""What may go wrong, split by what a caller can do about it.

ParvisError 500, our own fault when nothing below fits ├── UsageError 400       the call itself is wrong: an
option, a setting, a parameter │   └── BadQuery 400     a query that can't be understood (at: offset in the
text; expected: what could stand there) ├── NotSignedIn 401      say who you are first ├── Refused 403
known, but not for you ├── TooSlow 408          what is sent does not come ├── NotFound 404         nothing by
that name for this audience ├── Gone 410             it was there and was withdrawn ├── Unreadable 422
no reader understands the file, or it is damaged or hostile (limit: the setting that says so) │   └── TooLarge
413     more bytes than the city takes ├── HeldBack 409         waits for a human (todo: what to do) ├──
TooMany 429          too often: wait (wait_s) ├── Busy 503             all places are taken for now: wait
(wait_s) └── SourceDown 502       the far end does not answer (since: last answer)

Messages are sentences (`core.sentence`), for the person who made the call; they say where, what and how to
mend it. As texts they are French; the face that shows them says them in its language. Bad data is not an error
but a Finding; a fault of the program is never turned into one of these.
"""

from __future__ import annotations

from datetime import datetime

from parvis.core.sentence import Spoken, joined, spoken


class ParvisError(Exception):
    """An error with a sentence for the user."""

    status = 500
    exit_code = 70
    message: Spoken
    mend: Spoken

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = spoken(message)
        self.mend = spoken(mend)
        """How to put it right, in the user's words; empty when the message says it."""

    def __str__(self) -> str:
        return f"{self.message} {self.mend}".strip()

    @property
    def told(self) -> Spoken:
        """What is wrong, then how to mend it."""
        return joined(self.message, self.mend)


class UsageError(ParvisError):
    """The call is wrong: an unknown option, setting or parameter."""

    status = 400
    exit_code = 64


class BadQuery(UsageError):
    """A query that can't be understood.

    at: offset of the fault in the text, from 0. expected: what could stand there. code: the name of the fault
    in the dialect that was spoken.
    """

    def __init__(
        self, message: str, *, at: int = 0, expected: tuple[str, ...] = (), code: str = "", clause: str = ""
    ) -> None:
        super().__init__(message)
        self.at = at
        self.expected = expected
        self.code = code
        self.clause = clause


class NotSignedIn(ParvisError):
    """Sign in first."""

    status = 401
    exit_code = 3


class Refused(ParvisError):
    """Known, but not allowed for this person or audience."""

    status = 403
    exit_code = 3


class TooSlow(ParvisError):
    """What is sent does not come, or too slowly."""

    status = 408
    exit_code = 3


class NotFound(ParvisError):
    """Nothing by that name for this audience."""

    status = 404
    exit_code = 64


class Gone(ParvisError):
    """It was published once and was withdrawn."""

    status = 410
    exit_code = 3


class Unreadable(ParvisError):
    """No reader understands the file, or it is damaged, hostile or past a limit.

    line: physical line from 1 where reading stopped, 0 when there is none. limit: name of the setting that
    was reached, empty when none was.
    """

    status = 422
    exit_code = 2

    def __init__(self, message: str, *, mend: str = "", line: int = 0, limit: str = "") -> None:
        super().__init__(message, mend=mend)
        self.line = line
        self.limit = limit


class TooLarge(Unreadable):
    """More bytes than the city takes."""

    status = 413


class HeldBack(ParvisError):
    """Waits for a human decision."""

    status = 409
    exit_code = 3


class TooMany(ParvisError):
    """Too often in too short a time. wait_s: seconds until it may be tried again, for `Retry-After`."""

    status = 429
    exit_code = 3

    def __init__(self, message: str, *, mend: str = "", wait_s: int = 1) -> None:
        super().__init__(message, mend=mend)
        self.wait_s = wait_s


class Busy(ParvisError):
    """All places for work of this kind are taken for now. wait_s: seconds until it may be tried again, for
    `Retry-After`.
    """

    status = 503
    exit_code = 3

    def __init__(self, message: str, *, mend: str = "", wait_s: int = 10) -> None:
        super().__init__(message, mend=mend)
        self.wait_s = wait_s


class SourceDown(ParvisError):
    """A source outside does not answer. since: when it last did."""

    status = 502
    exit_code = 3

    def __init__(self, message: str, *, mend: str = "", since: datetime | None = None) -> None:
        super().__init__(message, mend=mend)
        self.since = since
