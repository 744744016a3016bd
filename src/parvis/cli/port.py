"""The port of a portal, asked for before anything is started on it.

The server shares its port among its processes (SO_REUSEPORT), so a second portal on the same port would start
without a word, and each of the two would answer one request in two.
"""

from __future__ import annotations

import errno
import socket
import time

from parvis.core.errors import UsageError
from parvis.core.sentence import Sentence

PATIENCE_S = 2.0
"""Seconds that a port may stay taken: the processes of a portal that was killed leave it a moment after (M:
.15 s).
"""


def claim(host: str, port: int) -> None:
    """Nothing where this process may listen there and nobody else does. Raises UsageError that says what to
    change.

    host: name or address, as `serve.host`. port: from 1 to 65535.
    """
    if not 0 < port < 65_536:
        raise UsageError(
            Sentence("{port} n’est pas un port.", port=port),
            mend="Un port va de 1 à 65535, par exemple --port 8000.",
        )
    refused, until = _refused(host, port), time.monotonic() + PATIENCE_S
    while refused is not None and refused.errno == errno.EADDRINUSE and time.monotonic() < until:
        time.sleep(0.1)
        refused = _refused(host, port)
    if refused is None:
        return
    if refused.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65_535 else port - 1
        mend = Sentence("Arrêtez-le, ou choisissez un autre port : --port {other}.", other=other)
        raise UsageError(
            Sentence("Le port {port} est déjà pris : un autre programme y répond.", port=port), mend=mend
        ) from refused
    if refused.errno == errno.EACCES:
        mend = Sentence(
            "Choisissez un port à partir de 1024 (--port 8000) ; un serveur web placé devant y enverra les visiteurs."
        )
        raise UsageError(
            Sentence("Le port {port} est réservé à l’administrateur de la machine.", port=port), mend=mend
        ) from refused
    mend = Sentence("Corrigez serve.host : 127.0.0.1 (cette machine seule) ou 0.0.0.0 (tout le réseau).")
    raise UsageError(
        Sentence("« {host} » n’est pas une adresse de cette machine.", host=host), mend=mend
    ) from refused


def _refused(host: str, port: int) -> OSError | None:
    """Why nobody may listen there now; None when one may."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as unknown:
        return OSError(errno.EADDRNOTAVAIL, str(unknown))
    with socket.socket(family, kind, protocol) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just left is free
        try:
            tried.bind(address)
        except OSError as refused:
            if refused.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            return refused
    return None
