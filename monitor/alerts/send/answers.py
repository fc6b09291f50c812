"""What a channel answered when a message was handed over, how far the hand-over went, and what the answer means.

The codes are SMTP's (RFC 5321, enhanced ones RFC 3463) and those of signal-cli-rest-api.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Literal

from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown

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


_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_UNREGISTERED = re.compile(r"\bunregistered|\bnot registered|\buser not found", re.IGNORECASE)
_QUEUED = re.compile(r"queued as ([A-Za-z0-9]{1,32})\b")


def timed_out(handover: Handover) -> Outcome:
    """Nobody waits any longer; what had not begun to leave no longer will."""
    return Unknown("no answer in time") if handover.abandon() else Later("no answer in time")


def by_mail(handover: Handover) -> Outcome:
    """Of one SMTP transaction. An address is given up for 550, 551 or 553 said of the recipient, unless the enhanced
    code says policy (5.7) or a full mailbox (5.2.2); another 5xx is about this message."""
    code = handover.code
    if code is None:
        why = handover.failure or "the mail server did not answer"
        return Unknown(why) if handover.begun else Later(why)
    enhanced = (_ENHANCED.search(handover.answer) or [""])[0]
    why = f"{code} {enhanced}".strip()
    if code == 250:
        queued = _QUEUED.search(handover.answer)
        return Sent(queued[1] if queued else "")
    if 500 <= code < 600 and handover.of_address:
        gone = code in (550, 551, 553) and not enhanced.startswith("5.7.") and enhanced != "5.2.2"
        return Refused(why, permanent=gone)
    if 500 <= code < 600 and handover.begun:
        return Refused(why, permanent=False)
    return Later(why)


def by_signal(handover: Handover, *, recipient: str, own: str) -> Outcome:
    """Of one POST /v2/send. recipient: its number or username; own: the number of our account.

    An address is given up only where the gateway says of this very recipient that Signal does not know it. All else
    passes, our own account among it: signal-cli says "User +33… is not registered." of the sender as well
    (AsamK/signal-cli issue 1262, bbernhard/signal-cli-rest-api issue 696), and "Failed to send message" may be no more
    than a rate limit (the same, issue 412).
    """
    code, answer = handover.code, handover.answer
    if code is None:
        why = handover.failure or "the Signal gateway did not answer"
        return Unknown(why) if handover.begun else Later(why)
    if code in (200, 201):
        return Sent(_timestamp(answer))
    if code == 0:
        return Later("the Signal gateway: no connection")
    why = f"the Signal gateway said {code}"
    if code == 400 and _unregistered(_error(answer), recipient, own):
        return Refused(f"{why}: unknown to Signal", permanent=True)
    return Later(why)


def _unregistered(error: str, recipient: str, own: str) -> bool:
    """Whether one line says it of the recipient, and the whole text nothing of ourselves."""
    lines = (line for line in error.splitlines() if _UNREGISTERED.search(line))
    return not _names(error, own) and any(_names(line, recipient) for line in lines)


def _names(text: str, address: str) -> bool:
    """Whether a number (with or without its plus) or a username stands in `text`, not as a part of a longer one."""
    return re.search(rf"(?<![\w.]){re.escape(address.lstrip('+'))}(?!\w)", text, re.IGNORECASE) is not None


def _error(answer: str) -> str:
    """The gateway's sentence: `error` of its JSON (`account` beside it is always our own number), or all it said."""
    try:
        found = json.loads(answer)
    except ValueError:
        return answer
    return str(found.get("error", "")) if isinstance(found, dict) else answer


def _timestamp(answer: str) -> str:
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    stamp = str(found.get("timestamp", "")) if isinstance(found, dict) else ""
    return stamp if stamp.isdecimal() else ""
