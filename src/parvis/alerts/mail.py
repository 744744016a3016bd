"""By mail: plain text, one connection for many messages, one-click unsubscription (RFC 8058), and an id that
is the same at every try.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from parvis.alerts.sending import Envelope, Undelivered
from parvis.core.text import one_line, visible

TIMEOUT_S = 15.0
TOTAL_S = 60.0
"""Seconds of one wait, and of all that it takes to hand one mail over."""


@dataclass(frozen=True, slots=True)
class Server:
    """The server that takes our mail. tls: starttls, tls, or none (loopback only)."""

    host: str
    port: int
    sender: str
    name: str
    tls: str = "starttls"
    user: str = ""
    password: str = ""


def compose(one: Envelope, server: Server) -> EmailMessage:
    """The mail as it leaves."""
    local, _, domain = server.sender.partition("@")
    mail = EmailMessage()
    mail["From"] = Address(one_line(server.name), local, domain)
    mail["To"] = one.address
    mail["Subject"] = one_line(one.subject)
    mail["Message-ID"] = f"<{one.reference}@{domain}>"
    if one.sent_at is not None:
        mail["Date"] = format_datetime(one.sent_at)
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = one.language
    if one.leave:
        mail["List-Unsubscribe"] = f"<{one.leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(visible("\n\n".join(one.lines)) + "\n", cte="quoted-printable")
    return mail


class Mailer:
    """A way of sending. The connection is opened when it is needed and opened again when it broke."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open: smtplib.SMTP | None = None

    def send(self, one: Envelope) -> None:
        """Hand the mail to the server; it has it for good once this returns."""
        mail = compose(one, self._server)
        clock = threading.Timer(TOTAL_S, self._cut)
        clock.daemon = True
        clock.start()
        try:
            (self._open or self._connect()).send_message(mail, self._server.sender, [one.address])
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            self._forget()
            raise Undelivered(f"smtp-{code}", final=code >= 500) from None  # the cause holds the address
        except smtplib.SMTPResponseException as refused:
            self._forget()
            raise Undelivered(f"smtp-{refused.smtp_code}", final=False) from None
        except (smtplib.SMTPException, OSError) as wrong:
            self._forget()
            raise Undelivered(type(wrong).__name__, final=False) from None
        finally:
            clock.cancel()

    def _cut(self) -> None:
        """A server that says a byte now and then is not waited for."""
        sock = self._open.sock if self._open is not None else None
        if sock is not None:
            with suppress(OSError):  # closed in that very moment
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say good-bye."""
        self._forget()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.tls == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_S, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        self._open = client
        if server.tls == "starttls":
            client.starttls(context=ssl.create_default_context())
        if server.user:
            client.login(server.user, server.password)
        return client

    def _forget(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
