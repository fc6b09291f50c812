"""No message of ours carries points of its own making in rspamd or SpamAssassin, whatever its kind and language."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path
from typing import Final, get_args

import pytest

from monitor.alerts.news.events import CorrectionKind, EventKind, OperatorKind, SubscriberKind
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.send.email import Letter
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.letters import confirmation, trial
from monitor.alerts.text.message import Message
from monitor.alerts.text.samples import OFFICES, sample
from monitor.paper.document import Attachment
from tests.mail.filters import ENVIRONMENT, RECIPIENT, SENDER, of_ours, rspamd, spamassassin
from tests.support.parts import needs

pytestmark = [pytest.mark.mail, needs("rspamd", "spamassassin")]

AT_MOST: Final = 0.5
HEAD: Final = Letterhead(
    operator="Permanence de droit des étrangers", contact=SENDER, mailbox=SENDER, offices=OFFICES,
    project="https://github.com/vigie-prefectures/vigie",
)  # fmt: skip
PDF: Final = Attachment("releve.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 200, "application/pdf", "")
KINDS: Final[tuple[EventKind, ...]] = (*get_args(SubscriberKind), *get_args(CorrectionKind), *get_args(OperatorKind))
LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")


def letters() -> dict[str, Message]:
    """Every kind in every language, by name; the reference of an event as random as it is, but always the same."""
    found: dict[str, Message] = {}
    for language in LANGUAGES:
        to = Subscription(id=1, channel="email", state="active", prefectures=("95",), language=language)
        for kind in KINDS:
            key = sha256(kind.encode()).hexdigest()[:32]
            real = replace(sample(kind), simulated=False, key=key)
            found[f"{kind}.{language}"] = compose([real], to, HEAD, stop="STOP-ABCDEFGH23456789")
        slot = replace(sample("slots_open"), simulated=False, key="1b3c" * 8)
        several = [slot, replace(sample("pan_published"), simulated=False)]
        found[f"discreet.{language}"] = compose([slot], replace(to, discreet=True), HEAD, attachments=(PDF,))
        found[f"attached.{language}"] = compose([slot], to, HEAD, stop="STOP-ABCD", attachments=(PDF,))
        found[f"several.{language}"] = compose(several, to, HEAD, stop="STOP-ABCD")
        for name, head in (("", HEAD), ("-no-inbox", replace(HEAD, mailbox=""))):
            found[f"confirmation{name}.{language}"] = confirmation(to, head, yes="OUI-ABCD", stop="STOP-ABCD")
        found[f"trial.{language}"] = trial(to, HEAD, at=datetime(2026, 11, 30, 9, tzinfo=UTC), stop="STOP-ABCD")
    return found


@pytest.fixture(scope="module")
def mails() -> dict[str, bytes]:
    name = "Veille des préfectures"
    return {
        kind: Letter(message=message, recipient=RECIPIENT, sender=SENDER, name=name, reply_to=SENDER).to_bytes()
        for kind, message in letters().items()
    }


@pytest.fixture(scope="module")
def base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vigie-filters-", dir="/tmp") as folder:  # socket paths must stay short
        yield Path(folder)


def judged(points: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Who has too many points, and for what."""
    ours = {kind: of_ours(one) for kind, one in points.items()}
    return {kind: one for kind, one in ours.items() if sum(one.values()) > AT_MOST}


def test_rspamd_has_nothing_against_any_kind_in_any_language(mails: Mapping[str, bytes], base: Path) -> None:
    with rspamd(base) as filter_:
        with ThreadPoolExecutor(8) as pool:  # it waits for names that nobody answers
            points = dict(zip(mails, pool.map(filter_.points, mails.values()), strict=True))
        spam = filter_.points(mails["trial.en"].replace(b"Subject: Trial: your messages arrive", b"Subject: Win now?"))
    most = max(sum(of_ours(one).values()) for one in points.values())
    print(f"rspamd: {len(points)} letters, at most {most:.2f} points of our own")
    assert judged(points) == {}
    assert "SUBJECT_ENDS_QUESTION" in of_ours(spam), "a filter that sees nothing proves nothing"


def test_spamassassin_has_nothing_against_any_kind_in_any_language(mails: Mapping[str, bytes], base: Path) -> None:
    gtube = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"  # its own test string
    spam = b"From: a@exemple.test\r\nTo: b@exemple.test\r\nSubject: x\r\n\r\n" + gtube + b"\r\n"
    points = spamassassin({**mails, "spam": spam}, base)
    of_spam = points.pop("spam")
    assert set(points) == set(mails)
    most = max(sum(of_ours(one).values()) for one in points.values())
    print(f"SpamAssassin: {len(points)} letters, at most {most:.2f} points of our own")
    assert judged(points) == {}
    assert of_spam.get("GTUBE", 0) > 100, "a filter that sees nothing proves nothing"


def test_the_list_of_the_environment_is_of_what_no_letter_can_help() -> None:
    assert all(name.startswith(("AUTH_", "HFILTER_", "NO_RE")) for name in ENVIRONMENT)


def test_every_text_says_one_charset(mails: Mapping[str, bytes]) -> None:
    for kind, raw in mails.items():
        said = {part.get_content_charset() for part in message_from_bytes(raw, policy=default).walk()} - {None}
        assert said == {"utf-8"}, kind
        assert not message_from_bytes(raw, policy=default)["Subject"].endswith("?")
