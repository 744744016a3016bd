"""Real servers on loopback for the tests of alerts: one that takes mail, one that takes webhooks. Each
answers as it is told.
"""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast


@dataclass
class Post:
    """What a mail server has taken. answer: recipient to the reply to RCPT; "250 ok" by default."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    answer: Callable[[str], str] = lambda recipient: "250 ok"
    lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self) -> list[EmailMessage]:
        with self.lock:
            return list(self.mails)


@contextmanager
def mail_server() -> Generator[Post]:
    """A small SMTP server (RFC 5321: EHLO, MAIL, RCPT, DATA, RSET, QUIT)."""

    class Talk(socketserver.StreamRequestHandler):
        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 post.example")
            recipients: list[str] = []
            while line := self.rfile.readline():
                word = line.strip().decode()
                verb = word[:4].upper()
                if verb == "EHLO":
                    self.say("250-post.example")
                    self.say("250 8BITMIME")
                elif verb == "RCPT":
                    recipient = word.split("<", 1)[1].split(">", 1)[0]
                    reply = post.answer(recipient)
                    recipients += [recipient] if reply.startswith("2") else []
                    self.say(reply)
                elif verb == "DATA":
                    self.say("354 go on")
                    data = b""
                    while (part := self.rfile.readline()).rstrip(b"\r\n") != b".":
                        if not part:
                            return  # the other end died before the last dot: nothing was taken
                        data += part[1:] if part.startswith(b"..") else part
                    mail = cast(EmailMessage, email.message_from_bytes(data, policy=email.policy.default))
                    with post.lock:
                        post.mails.append(mail)
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    recipients = []
                    self.say("250 ok")

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                return  # killed on the other side

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that was killed is no news."""

    with Server(("127.0.0.1", 0), Talk) as server:
        post = Post(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Call:
    """One request that was taken."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        return cast("dict[str, object]", json.loads(self.body))


@dataclass
class Hook:
    """What a web server has taken. status: what it answers."""

    url: str
    calls: list[Call] = field(default_factory=list)
    status: int = 204


@contextmanager
def web_server() -> Generator[Hook]:
    """A web server that takes every POST."""

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.calls.append(Call(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(hook.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
    hook = Hook(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
