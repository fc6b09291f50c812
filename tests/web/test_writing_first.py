"""Who writes first, by mail or Signal: a consent only where it is known who wrote, else a question."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.people.authentic import aligned, sender
from monitor.alerts.people.budget import Budget
from monitor.alerts.people.inbox import MailboxAccount, MailboxError, answer, mailbox
from monitor.alerts.people.signal_inbox import answer as answer_signal
from monitor.alerts.people.signal_inbox import messages, received
from monitor.alerts.people.subscriptions import recipient
from monitor.alerts.people.written import Newcomers, wishes
from tests.support.imap import PASSWORD, USER
from tests.support.imap import mailbox as served_mailbox
from tests.support.outbox import NOW, enter, subscribers

MX = "mx.exemple.test"
ZONES = {"93": "Europe/Paris", "2A": "Europe/Paris", "974": "Indian/Reunion"}
ME = "moi@mail.exemple.org"
UUID = "84a58df5-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("results", "known"),
    [
        ([f"{MX}; dkim=pass header.d=mail.exemple.org header.s=a"], True),
        ([f"{MX}; dkim=pass header.d=exemple.org"], True),
        ([f"{MX} 1; spf=pass (sender SPF authorized) smtp.mailfrom=moi@mail.exemple.org"], True),
        ([f"{MX}; spf=pass smtp.mailfrom=mail.exemple.org"], True),
        ([f"{MX}; spf=fail smtp.mailfrom=mail.exemple.org;\r\n dkim=pass (2048-bit key) header.d=exemple.org"], True),
        ([f"{MX}; dmarc=pass (p=none) header.from=mail.exemple.org"], True),
        ([f"{MX.upper()}; dkim=pass header.d=EXEMPLE.ORG."], True),
        ([f"{MX}; none"], False),
        ([f"{MX}; dkim=fail header.d=exemple.org"], False),
        ([f"{MX}; dkim=none header.d=exemple.org"], False),
        ([f"{MX}; dkim=pass header.d=autre.org"], False),
        ([f"{MX}; dkim=pass header.d=pas-exemple.org"], False),
        ([f"{MX}; dkim=pass header.d=org"], False),
        ([f"{MX}; dkim=pass header.d=x.mail.exemple.org"], False),
        ([f"{MX}; dkim=pass header.i=@autre.org (header.d=exemple.org)"], False),
        ([f'{MX}; spf=pass smtp.mailfrom="a; dkim=pass header.d=exemple.org"@autre.org'], False),
        ([f"{MX}; spf=pass smtp.helo=exemple.org"], False),
        (["autre.test; dkim=pass header.d=exemple.org"], False),
        ([f"{MX}; dkim=fail header.d=autre.org", f"{MX}; dkim=pass header.d=exemple.org"], False),
        (["autre.test; dkim=fail", f"{MX}; dkim=pass header.d=exemple.org"], True),
        ([f"{MX}.autre.test; dkim=pass header.d=exemple.org"], False),
        ([""], False),
        ([], False),
    ],
)
def test_who_is_attested(results: list[str], known: bool) -> None:
    assert aligned(results, MX, ME) is known
    assert not aligned(results, "", ME)


@given(st.lists(st.text(max_size=120), max_size=3))
def test_no_header_brings_the_reader_into_trouble(results: list[str]) -> None:
    assert aligned(results, MX, ME) in (True, False)
    assert aligned([f"{MX}; {one}" for one in results], MX, "") is False


def test_one_sender_or_none() -> None:
    assert sender([f"Moi <{ME}>"]) == ME
    assert sender([f"{ME}, autre@exemple.org"]) == ""
    assert sender([ME, "autre@exemple.org"]) == sender([]) == ""


@pytest.mark.parametrize(
    ("text", "places", "procedures", "language"),
    [
        ("VIGIE 93", ("93",), (), "fr"),
        ("vigie 93 renouvellement fr", ("93",), ("renewal", "receipt_renewal"), "fr"),
        ("VIGIE 2a 974 naturalisation en", ("2A", "974"), ("naturalisation",), "en"),
        ("« VIGIE 93 » étudiant ar, merci", ("93",), ("student",), "ar"),
        ("Vigie 93, bonjour", ("93",), (), "fr"),
    ],
)
def test_what_is_asked_for(text: str, places: tuple[str, ...], procedures: tuple[str, ...], language: str) -> None:
    found = wishes(text, "email", ZONES, 2)
    assert found is not None
    assert (found.prefectures, found.procedures, found.language) == (places, procedures, language)


@pytest.mark.parametrize("text", ["VIGIE", "VIGIE 13", "Re: VIGIE 93", "VIGIE 93 2A 974", "vigies 93", ""])
def test_what_is_no_request(text: str) -> None:
    assert wishes(text, "email", ZONES, 2) is None


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = wishes(f"VIGIE {text}", "email", ZONES, 2)
    assert found is None or {*found.prefectures} <= {*ZONES}


def newcomers(db: Any, people: Any, an_hour: int = 60) -> Newcomers:
    budget = Budget(an_hour=an_hour, a_day=300)
    return Newcomers(db=db, people=people, budget=budget, zones=ZONES, most=2, consent="2026-11-30")


def test_mail_that_our_server_attests_is_a_consent_and_other_mail_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, forged = f"{MX}; dkim=pass header.d=exemple.org", "autre.test; dkim=pass header.d=exemple.org"
    with served_mailbox(tmp_path) as box, subscribers(tmp_path / "data") as (db, people):
        monkeypatch.setenv("SSL_CERT_FILE", str(box.ca_file))
        box.put(1, "VIGIE 93 renouvellement", From=f"Moi <{ME}>", Authentication_Results=good)
        box.put(2, "VIGIE 93", From="toi@mail.exemple.org", Authentication_Results=forged)
        box.put(3, "VIGIE 99", From="elle@mail.exemple.org", Authentication_Results=good)
        box.put(4, "VIGIE 93", From="lui@mail.exemple.org", Authentication_Results=good, Auto_Submitted="auto-replied")
        box.put(5, "Le VIGIE 93 de tous", From="nous@mail.exemple.org", Authentication_Results=good)
        account = MailboxAccount(
            server="127.0.0.1", port=box.port, user=USER, password=PASSWORD, folder="INBOX", authserv=MX
        )
        with mailbox(account) as read:
            heard = answer(read, people, "2026-11-30", NOW, newcomers(db, people))
        assert (heard.came, heard.unclear, box.seen) == (2, 1, {1, 2})
        states = {people.address(one.to.id): one.to.state for one in people.all()}
        assert states == {ME: "active", "toi@mail.exemple.org": "pending"}
        (me,) = [one for one in people.all() if one.to.state == "active"]
        assert me.consent_text == "2026-11-30 written"
        assert people.links_asked() == [me.to.id]
        assert not [line for line in box.asked if "FROM" in line and line.split()[2] == "5"]  # asked of nobody else


def test_writing_first_from_nowhere_has_the_budget_of_strangers(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        first = newcomers(db, people, an_hour=1)
        for n in range(5):
            assert first.came("VIGIE 93", "email", f"p{n}@exemple.org", NOW, proved=False)
        assert len(people.unasked()) == 1
        assert first.came("VIGIE 93", "email", ME, NOW, proved=True)  # the form may be closed, this way is not
        assert not first.came("VIGIE 93", "email", "x@pref.gouv.fr", NOW, proved=True)


# --- Signal -----------------------------------------------------------------------------------------------------------


def envelope(text: object, number: object = "+33612345678", **more: object) -> dict[str, Any]:
    return {
        "envelope": {"source": UUID, "sourceNumber": number, "sourceUuid": UUID, "dataMessage": {"message": text}}
        | more,
        "account": "+33600000000",
    }


@contextmanager
def gateway(answered: int, body: object) -> Iterator[tuple[str, list[str]]]:
    """A stand-in: what GET /v1/receive answers, and what was asked of it."""
    asked: list[str] = []

    class Receiving(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            said = json.dumps(body).encode()
            self.send_response(answered)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiving) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def test_who_writes_by_signal_has_consented_and_may_stop_by_a_word(tmp_path: Path) -> None:
    came = [
        envelope("VIGIE 93 naturalisation"),
        envelope("VIGIE 93", None),
        envelope(None),
        envelope("VIGIE 93", "+33611111111", dataMessage={"message": "VIGIE 93", "groupInfo": {"groupId": "x"}}),
        {"envelope": {"receiptMessage": {}}},
        "rubbish",
    ]
    with gateway(200, came) as (url, asked), subscribers(tmp_path) as (db, people):
        heard = answer_signal(received(url, "+33600000000", NOW), people, newcomers(db, people), "2026-11-30")
        assert (heard.came, asked) == (2, ["/v1/receive/+33600000000"])
        addresses = {people.address(one.to.id) for one in people.all() if one.to.state == "active"}
        assert addresses == {"+33612345678", UUID}
        assert all(one.to.discreet for one in people.all())
        said = messages([envelope("Stop"), envelope("bonjour", None)], NOW)
        heard = answer_signal(said, people, newcomers(db, people), "2026-11-30")
        assert (len(heard.stopped), heard.unclear) == (1, 1)
        assert [people.address(one.to.id) for one in people.all()] == [UUID]


def test_codes_are_heard_by_signal_too(tmp_path: Path) -> None:
    with subscribers(tmp_path) as (db, people):
        (number,) = enter(people, 1)
        stop = people.codes(number)[1]
        heard = answer_signal(messages([envelope(stop.lower())], NOW), people, newcomers(db, people), "t")
        assert heard.stopped == (number,)


@pytest.mark.parametrize(("status", "body"), [(400, {"error": "websocket"}), (200, {"error": "no"}), (500, None)])
def test_a_gateway_that_gives_nothing_is_told_in_one_sentence(status: int, body: object) -> None:
    with gateway(status, body) as (url, _asked), pytest.raises(MailboxError, match="json-rpc") as told:
        received(url, "+33600000000", NOW)
    assert "+336" not in str(told.value)


@given(st.recursive(st.none() | st.text() | st.integers(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_any_json_is_read(found: Any) -> None:
    assert messages([found, {"envelope": found}], NOW) == []


def test_a_uuid_is_an_address_of_signal() -> None:
    assert recipient("signal", UUID.upper()) == UUID
