"""One thread watches every query: alarms ring in order, cancelled ones do not, and what is due earlier than
what was awaited wakes it.
"""

from __future__ import annotations

import threading

from parvis.engine.clock import Clock


def test_alarms_ring_in_the_order_of_their_moments_and_cancelled_ones_do_not() -> None:
    """A later alarm set first does not keep an earlier one waiting, and one that was cancelled is passed
    over.
    """
    clock, rung, done = Clock(), list[str](), threading.Event()
    far = clock.after(3600, lambda: rung.append("far"))
    clock.after(0.05, lambda: (rung.append("second"), done.set()))
    dropped = clock.after(0.02, lambda: rung.append("dropped"))
    clock.after(0.01, lambda: rung.append("first"))
    dropped.cancel()
    assert done.wait(30)
    assert rung == ["first", "second"]
    far.cancel()


def test_it_rings_again_after_having_had_nothing_to_do() -> None:
    """The thread outlives its last alarm."""
    clock = Clock()
    for _ in range(3):
        done = threading.Event()
        clock.after(0.0, done.set)
        assert done.wait(30)


def test_many_threads_set_and_cancel_at_once() -> None:
    """Nothing that was cancelled before its moment rings, nothing else is forgotten."""
    clock, rung, lock = Clock(), list[int](), threading.Lock()
    left = threading.Semaphore(0)

    def ring(number: int) -> None:
        with lock:
            rung.append(number)
        left.release()

    def work(start: int) -> None:
        for number in range(start, start + 200):
            alarm = clock.after(3600 if number % 2 else 0.001, lambda n=number: ring(n))
            if number % 2:
                alarm.cancel()

    threads = [threading.Thread(target=work, args=(k * 200,)) for k in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    for _ in range(800):
        assert left.acquire(timeout=30)
    assert sorted(rung) == list(range(0, 1600, 2))
