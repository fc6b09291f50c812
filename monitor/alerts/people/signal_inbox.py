"""What people write by Signal: `VIGIE 93`, « oui », « stop », or a code. The gateway gives each message once.

Contract: GET /v1/receive/{number} of bbernhard/signal-cli-rest-api in its `normal` and `native` modes, a list of
`{"envelope": {"sourceNumber", "sourceUuid", "dataMessage": {"message"}}}`; in `json-rpc` mode it speaks WebSocket only
and answers 400. A number is often absent from a first message (AsamK/signal-cli issue 1156): the UUID stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from gettext import gettext as _
from typing import TYPE_CHECKING, Any, Final

from monitor.alerts.people.inbox import NOTHING, Answered, Hearing, MailboxError, codes
from monitor.alerts.people.replies import word_of
from monitor.alerts.people.spool import KeptAnswer
from monitor.alerts.people.subscriptions import recipient
from monitor.alerts.people.written import is_first

if TYPE_CHECKING:
    from monitor.alerts.people.subscribers import Subscribers
    from monitor.alerts.people.written import Newcomers

TIMEOUT: Final = 30.0
LONGEST: Final = 1 << 22  # bytes of an answer


def received(gateway: str, account: str, now: datetime) -> list[KeptAnswer]:
    """What arrived since it was last asked; it is given once, so keep it first.

    Raises MailboxError, without number or text.
    """
    import requests

    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{gateway}/v1/receive/{account}", timeout=TIMEOUT, allow_redirects=False)
            found = answer.json() if answer.status_code == 200 and len(answer.content) <= LONGEST else None
    except (requests.RequestException, ValueError) as error:
        raise MailboxError(_("the Signal gateway did not answer: {why}").format(why=type(error).__name__)) from None
    if not isinstance(found, list):
        words = _("the Signal gateway said {code}: in json-rpc mode it gives no messages; start it with MODE=normal")
        raise MailboxError(words.format(code=answer.status_code))
    return messages(found, now)


def messages(found: Sequence[Any], now: datetime) -> list[KeptAnswer]:
    """Those that a person wrote to us alone; receipts, groups and what is no envelope are passed over. Pure."""
    out = []
    for one in found:
        envelope = one.get("envelope") if isinstance(one, dict) else None
        data = envelope.get("dataMessage") if isinstance(envelope, dict) else None
        if not isinstance(envelope, dict) or not isinstance(data, dict) or data.get("groupInfo"):
            continue
        source = envelope.get("sourceNumber") or envelope.get("sourceUuid") or envelope.get("source")
        text = data.get("message")
        if isinstance(source, str) and isinstance(text, str) and text.strip():
            out.append(KeptAnswer(at=now, address=source, text=text[:1000]))
    return out


def answer(letters: Iterable[KeptAnswer], people: Subscribers, newcomers: Newcomers, text: str) -> Answered:
    """Act on what came, as `inbox.answer` does on mail. text: version of the words agreed to."""
    told = NOTHING
    for one in letters:
        heard = Hearing(people, text, one.at, newcomers)
        if found := codes(one.text):
            heard.codes(found, _holder(people, one.address))
        elif is_first(one.text):
            heard.first(one.text, "signal", one.address, proved=True)
        elif (number := _holder(people, one.address)) is not None:
            heard.word(number, word_of("", [one.text]))
        told += heard.told()
    return told


def _holder(people: Subscribers, address: str) -> int | None:
    try:
        return people.holding(recipient("signal", address))
    except ValueError:
        return None
