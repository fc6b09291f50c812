"""What became of one hand-over to a channel: how far it went, and the channel's own answer."""

from __future__ import annotations

import threading
from typing import Literal

Stage = Literal["waiting", "begun", "answered", "abandoned"]


class Handover:
    """One attempt, shared by the thread that sends and the one that waits for it.

    The message itself leaves only between `begin` and an answer: an attempt given up before that was certainly not
    sent, one given up after it may have been.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stage: Stage = "waiting"
        self.code: int | None = None
        self.answer: str = ""
        self.of_address = False
        self.failure: str = ""

    def begin(self) -> bool:
        """The message is about to leave; False when the attempt was given up, and nothing may be sent."""
        with self._lock:
            if self._stage == "waiting":
                self._stage = "begun"
            return self._stage == "begun"

    def answered(self, code: int, answer: str, *, of_address: bool = False) -> None:
        """The channel's last word. of_address: said of the recipient, before any content was sent."""
        with self._lock:
            self.code, self.answer, self.of_address = code, answer, of_address
            if self._stage != "abandoned":
                self._stage = "answered"

    def failed(self, why: str) -> None:
        """No answer came. why: a few words of ours, never the exception's own text, which may name the address."""
        self.failure = why

    def abandon(self) -> bool:
        """Give up waiting. True when the message may have left already."""
        with self._lock:
            left = self._stage in ("begun", "answered")
            self._stage = "abandoned"
            return left

    @property
    def begun(self) -> bool:
        """Whether the message may have left."""
        return self._stage != "waiting"
