"""What a channel answered when a message was handed over, how far the hand-over went, and what the answer means.

The codes are SMTP's (RFC 5321, enhanced ones RFC 3463) and those of signal-cli-rest-api.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Final, Literal

from monitor.alerts.people.replies import NO_MAILBOX
from monitor.alerts.send.outcome import Later, Outcome, Refused, Sent, Unknown
from monitor.values import pattern

Stage = Literal["waiting", "begun", "answered", "abandoned"]
Said = Literal["sender", "recipient", "message"]  # of whom or what an SMTP server spoke


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
        self.of: Said = "message"
        self.failure: str = ""
        self.ours = False

    def begin(self) -> bool:
        """The message is about to leave; False when the attempt was given up, and nothing may be sent."""
        with self._lock:
            if self._stage == "waiting":
                self._stage = "begun"
            return self._stage == "begun"

    def answered(self, code: int, answer: str, *, of: Said = "message") -> None:
        """The channel's last word. of: what it was said of; of an address, before any content was sent."""
        with self._lock:
            self.code, self.answer, self.of = code, answer, of
            if self._stage != "abandoned":
                self._stage = "answered"

    def failed(self, why: str, *, ours: bool = False) -> None:
        """No answer came. why: a few words of ours, never the exception's own text, which may name the address.

        ours: our own account or line is at fault, as a refused login.
        """
        self.failure, self.ours = why, ours

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


# It begins the text (RFC 2034, 4); elsewhere it may be the address of a blocked host, `[5.1.1.20]`.
_ENHANCED: Final = pattern(r"^[#(\[]?([245]\.\d{1,3}\.\d{1,3})(?![\d.])", re.MULTILINE)
_QUEUED: Final = pattern(r"queued as ([A-Za-z0-9]{1,32})\b")
_UNKNOWN_USER: Final = pattern(
    r"\bno such (?:user|mailbox|recipient|person|address)|\bunknown (?:user|mailbox|recipient)"
    r"|\b(?:user|mailbox|recipient|account|address)\b.{0,40}?\b(?:unknown|not found|does(?: not|n't) exist)",
    re.IGNORECASE,
)
_OF_SENDER: Final = pattern(r"\bsender\b|\brelay|\bauthenticat", re.IGNORECASE)
_TOO_LARGE: Final = frozenset(("5.3.4", "5.2.3"))  # RFC 3463: message too big for the system, or for the mailbox

_UNREGISTERED: Final = pattern(r"\bunregistered|\bnot registered|\buser not found", re.IGNORECASE)
_RATE_LIMIT: Final = pattern(r"\brate.?limit", re.IGNORECASE)
_OUR_ACCOUNT: Final = pattern(r"\bcaptcha\b|\bproof required\b|\baccount does not exist\b", re.IGNORECASE)


def taken(code: int) -> bool:
    """Whether a reply says yes. Its first digit alone does (RFC 5321, 4.3.2)."""
    return 200 <= code < 300


def timed_out(handover: Handover) -> Outcome:
    """Nobody waits any longer; what had not begun to leave no longer will."""
    return Unknown("no answer in time") if handover.abandon() else Later("no answer in time")


def by_mail(handover: Handover, *, recipient: str, sender: str) -> Outcome:
    """Of one SMTP transaction. recipient, sender: the two addresses of its envelope.

    A mailbox is given up only where the server says of the recipient that there is none. What is said of the sender,
    of our right to use this server or of our login meets every message: the line is at fault. Another 5xx is about
    this message or a policy, and quotas and block lists pass: it is tried again, hours later.
    """
    code = handover.code
    if code is None:
        why = handover.failure or "the mail server did not answer"
        return Unknown(why) if handover.begun else Later(why, ours=handover.ours)
    enhanced = next((one for one in _ENHANCED.findall(handover.answer) if one[0] == str(code)[0]), "")
    why = f"{code} {enhanced}".strip()
    of_recipient = handover.of == "recipient"
    if taken(code):
        queued = _QUEUED.search(handover.answer)
        return Sent(queued[1] if queued else "")
    if not 500 <= code < 600:
        return Later(why)
    if enhanced in _TOO_LARGE or (code == 552 and not enhanced and not of_recipient):
        return Later(why, firm=True, too_large=True)
    of_us = _names(handover.answer, sender) and not _names(handover.answer, recipient)
    if of_us or _OF_SENDER.search(handover.answer) or handover.of == "sender":
        return Later(why, ours=True, firm=True)
    gone = enhanced in NO_MAILBOX or (not enhanced and _UNKNOWN_USER.search(handover.answer) is not None)
    if of_recipient and code in (550, 551, 553) and gone:
        return Refused(why)
    return Later(why, firm=True)


def by_signal(handover: Handover, *, recipient: str, own: str) -> Outcome:
    """Of one POST /v2/send. recipient: its number or username; own: the number of our account.

    An address is given up only where the gateway says of this very recipient that Signal does not know it. All else
    passes, our own account among it: signal-cli says "User +33… is not registered." of the sender as well
    (AsamK/signal-cli issue 1262, bbernhard/signal-cli-rest-api issue 696), and "Failed to send message" may be no more
    than a rate limit (the same, issue 412). Under a rate limit of status 429 messages were seen to arrive all the same
    (the same, issues 714 and 881). What was taken has a time of sending (its OpenAPI description); a yes without one is
    that of another program at this address. 413 and 504 are those of a reverse proxy before it (nginx takes 1 MB).
    """
    code, answer = handover.code, handover.answer
    if code is None:
        why = handover.failure or "the Signal gateway did not answer"
        return Unknown(why) if handover.begun else Later(why)
    if code == 0:
        return Later("the Signal gateway: no connection")
    why, error = f"the Signal gateway said {code}", _error(answer)
    if taken(code):
        stamp = _timestamp(answer)
        return Sent(stamp) if stamp else Unknown(f"{why} without a time of sending", ours=True)
    if code == 429 or (_RATE_LIMIT.search(error) and re.search(r"\b429\b", error)):
        return Unknown(f"{why}: rate limit", ours=True)
    if _RATE_LIMIT.search(error):
        return Later(f"{why}: rate limit", ours=True)
    if _names(error, own) or _OUR_ACCOUNT.search(error) or code in (401, 403, 404):
        return Later(f"{why}: our own account", ours=True)
    if code < 400:
        return Later(why, ours=True)  # it is elsewhere, and nothing is sent where nobody said
    if code == 413:
        return Later(why, firm=True, too_large=True)
    if code == 504:
        return Unknown(f"{why}: no answer in time")
    if code == 400 and any(_names(line, recipient) for line in error.splitlines() if _UNREGISTERED.search(line)):
        return Refused(f"{why}: unknown to Signal")
    return Later(why)


def _names(text: str, address: str) -> bool:
    """Whether an address, a number (with or without its plus) or a username stands in `text`, not as a part of a
    longer one."""
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
