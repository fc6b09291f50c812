"""The sender beside a sweep: waking it costs nothing, a channel that hangs holds up nobody, a failure is told and tried
again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from monitor.run.alerting import Courier


def test_no_thread_before_the_first_opened_slot() -> None:
    before = threading.active_count()
    courier = Courier(lambda enough: None)
    courier.close()
    assert threading.active_count() == before


def test_waking_returns_while_a_channel_hangs_and_closing_is_bounded() -> None:
    hanging, let_go = threading.Event(), threading.Event()

    def send(enough: Callable[[], bool]) -> None:
        hanging.set()
        assert let_go.wait(20)
        assert enough()

    courier = Courier(send)
    began = time.monotonic()
    courier.wake()
    assert hanging.wait(20)
    for _slot in range(3):
        courier.wake()
    courier.close(within=0.01)
    assert time.monotonic() - began < 10, "the channel hangs for 20 s"
    let_go.set()
    courier.close()
    assert courier.trouble is None


def test_what_failed_is_tried_again_and_forgotten_once_it_went() -> None:
    rounds: list[int] = []
    went = threading.Event()

    def send(enough: Callable[[], bool]) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise OSError("disk full")
        went.set()

    courier = Courier(send, again=0.001)
    courier.wake()
    assert went.wait(20)
    courier.close()
    assert courier.trouble is None


def test_a_failure_that_stays_is_told() -> None:
    tried = threading.Event()

    def send(enough: Callable[[], bool]) -> None:
        tried.set()
        raise OSError("disk full")

    courier = Courier(send, again=60)
    courier.wake()
    assert tried.wait(20)
    courier.close()
    assert isinstance(courier.trouble, OSError)
