"""What work on a file that somebody handed in may take, and what is said when it takes more."""

from __future__ import annotations

import ctypes
import fcntl
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass, replace
from multiprocessing import connection
from typing import Literal

from parvis.core.errors import Busy, Unreadable
from parvis.core.limits import Limits
from parvis.core.sentence import Sentence

Work = Literal["check", "deposit", "trial", "command"]

NICE, NICEST = 5, 10
"""Of the process: pages come first, and what anybody sends comes last."""
DISK_MB = 4_000
"""Largest file that the process may write."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the work may take, and what is said when it takes more. seconds: from its start; memory_mb: of the
    process alone, without the files that it has mapped; together_mb: of all that share its budget; file_mb: largest
    file that it may write; nice: of the process, where pages come first; aside: it leaves them a core; rank: who ranks
    higher keeps what memory there is.
    """

    seconds: float
    memory_mb: int
    together_mb: int
    file_mb: int = DISK_MB
    nice: int = NICE
    aside: bool = False
    rank: int = 0
    work: Work = "check"
    """Of what kind it is: what is said when it is ended."""


def checking(limits: Limits) -> Bounds:
    """For a file that anybody sends to be looked at."""
    together = limits.deposit_memory_mb
    return Bounds(limits.check_s, min(limits.check_memory_mb, together), together, nice=NICEST, aside=True)


def publishing(limits: Limits) -> Bounds:
    """For a file that is to be published: as long as its city says."""
    return _long(limits, limits.deposit_s, "deposit", NICE)


def trying(limits: Limits) -> Bounds:
    """For what a page tries on the last file of a resource while somebody waits."""
    return replace(_long(limits, limits.trial_s, "trial", NICE), rank=1)


def commanding(limits: Limits) -> Bounds:
    """For a command about one file."""
    return _long(limits, limits.deposit_s, "command", 0)


def _long(limits: Limits, seconds: float, work: Work, nice: int) -> Bounds:
    most = limits.deposit_memory_mb
    return Bounds(seconds, most, most, max(DISK_MB, limits.unpacked_mb), nice=nice, work=work)


def busy() -> Busy:
    """Others work at files that take all the memory there is for that."""
    return Busy(
        "D’autres fichiers occupent toute la mémoire réservée à ce travail.",
        mend="Réessayez dans une minute.",
        wait_s=60,
    )


def too_long(bounds: Bounds) -> Unreadable:
    match bounds.work:
        case "deposit":
            return Unreadable(
                Sentence(
                    "Ce fichier demande plus de {seconds} secondes de travail : son traitement a été arrêté.",
                    seconds=f"{bounds.seconds:g}",
                ),
                mend="Découpez-le, ôtez-en ce qui n’est pas à publier, ou faites relever limits.deposit_s par qui administre la ville.",
                limit="limits.deposit_s",
            )
        case "trial":
            return Unreadable(
                Sentence(
                    "Cet essai demande plus de {seconds} secondes de travail : il a été arrêté.",
                    seconds=f"{bounds.seconds:g}",
                ),
                mend="Retirez une étape ou une colonne, ou faites relever limits.trial_s par qui administre la ville.",
                limit="limits.trial_s",
            )
        case "command":
            return Unreadable(
                Sentence(
                    "Ce fichier demande plus de {seconds} secondes de travail : la commande a été arrêtée.",
                    seconds=f"{bounds.seconds:g}",
                ),
                mend="Donnez-lui-en une partie, ou relevez PARVIS_LIMITS_DEPOSIT_S.",
                limit="limits.deposit_s",
            )
        case _:
            return Unreadable(
                Sentence(
                    "Ce fichier demande plus de {seconds} secondes de travail : la vérification a été arrêtée.",
                    seconds=f"{bounds.seconds:g}",
                ),
                mend="Vérifiez-en une partie, ou utilisez la commande parvis check sur votre machine.",
                limit="limits.check_s",
            )


def engine_full() -> Unreadable:
    """The engine has no memory left for a file: its own limit ends before that of the process."""
    return Unreadable(
        "Ce fichier demande au moteur plus de mémoire qu’il n’en a : il a trop de colonnes, ou des textes trop longs.",
        mend="Découpez-le, ou faites relever limits.memory_mb par qui administre la ville.",
        limit="limits.memory_mb",
    )


def too_much(bounds: Bounds) -> Unreadable:
    match bounds.work:
        case "deposit":
            return Unreadable(
                Sentence(
                    "Ce fichier demande plus de {memory_mb} Mo de mémoire : son traitement a été arrêté.",
                    memory_mb=bounds.memory_mb,
                ),
                mend="Découpez-le, ôtez-en ce qui n’est pas à publier, ou faites relever limits.deposit_memory_mb par qui administre la ville.",
                limit="limits.deposit_memory_mb",
            )
        case "trial":
            return Unreadable(
                Sentence(
                    "Cet essai demande plus de {memory_mb} Mo de mémoire : il a été arrêté.",
                    memory_mb=bounds.memory_mb,
                ),
                mend="Retirez une étape ou une colonne, ou faites relever limits.deposit_memory_mb par qui administre la ville.",
                limit="limits.deposit_memory_mb",
            )
        case "command":
            return Unreadable(
                Sentence(
                    "Ce fichier demande plus de {memory_mb} Mo de mémoire : la commande a été arrêtée.",
                    memory_mb=bounds.memory_mb,
                ),
                mend="Donnez-lui-en une partie, ou relevez PARVIS_LIMITS_DEPOSIT_MEMORY_MB.",
                limit="limits.deposit_memory_mb",
            )
        case _:
            return Unreadable(
                Sentence(
                    "Ce fichier demande plus de {memory_mb} Mo de mémoire : la vérification a été arrêtée.",
                    memory_mb=bounds.memory_mb,
                ),
                mend="Vérifiez-en une partie, ou utilisez la commande parvis check sur votre machine.",
                limit="limits.check_memory_mb",
            )


def end_with_parent() -> None:
    """Have the system end this process when the one that asked for it ends, or the one that it was forked from:
    nobody waits for it any more, and the same work may be begun anew elsewhere. By signals: no thread of ours runs
    while a library or a pattern holds the interpreter. Linux only; elsewhere the clock ends it.

    A signal at the end of the parent is not enough: the process that others are forked from stays for as long as
    one of them lives, which holds the pipe that it watches.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    asking = multiprocessing.parent_process()
    if asking is None:
        return
    pipe = asking.sentinel  # nothing is ever written to it: it closes with the process that asked
    signal.signal(signal.SIGIO, signal.SIG_DFL)  # which ends the process
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if connection.wait([pipe], timeout=0):  # it had ended before
        os._exit(1)


PR_SET_PDEATHSIG = 1
