"""From the page to the alert to one press to leave, by real postfix, opendkim and dovecot."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import dkim
import pytest

from monitor.fetch.clock import SystemClock
from monitor.run import wiring
from monitor.run.accounts import register
from monitor.run.alerting import Alerting
from monitor.settings.settings import load
from monitor.web.serve import routes_of
from tests.mail.server import DOMAIN, PASSWORD, MailServer, missing, running
from tests.support.outbox import event, tell
from tests.support.web import client, listening

pytestmark = [pytest.mark.mail, pytest.mark.skipif(bool(missing()), reason=missing() or "-")]
CONFIG = """\
[operator]
contact = "contact@{domain}"
[mail]
server = "localhost"
port = {smtp}
user = "alerte"
password = {{ env = "SMTP_PASSWORD" }}
sender = "alerte@{domain}"
[timestamps]
presets = []
[web]
address = "https://vigie.{domain}"
socket = "{socket}"
"""


@pytest.fixture
def server() -> Iterator[MailServer]:
    with (
        tempfile.TemporaryDirectory(prefix="vigie-mail-", dir="/tmp") as folder,  # socket paths must stay short
        running(Path(folder)) as started,
    ):
        yield started


def test_from_the_form_to_the_alert_to_one_press(
    server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.ca))
    monkeypatch.setenv("SMTP_PASSWORD", PASSWORD)
    text = CONFIG.format(domain=DOMAIN, smtp=server.smtp, socket=tmp_path / "web.sock")
    (tmp_path / "monitor.toml").write_text(text, "utf-8")
    chosen = load(str(tmp_path / "monitor.toml"), str(tmp_path / "data"), {}, tmp_path)
    routes = replace(routes_of(chosen, gather=0), wait=300)
    with listening(chosen, routes), client(chosen) as asking:
        token = routes.stamp("add", int(datetime.now(UTC).timestamp()) - 10)
        fields = {"address": f"abonnee@{DOMAIN}", "prefecture": "95", "t": token}
        assert asking.post("/fr/abonnement", data=fields).status_code == 202
        (question,) = server.received("abonnee")
        both_signed(question, server)
        assert asking.post(urlsplit(linked(question, "c")).path).status_code == 200
        heard(chosen, 1)
        _question, alert = server.received("abonnee", 2)
        both_signed(alert, server)
        leave = re.search(
            r"<(https://[^>]+)>", str(message_from_bytes(alert, policy=policy.default)["List-Unsubscribe"])
        )
        assert leave is not None
        pressed = asking.post(urlsplit(leave[1]).path, data={"List-Unsubscribe": "One-Click"})
        assert pressed.status_code == 200
        heard(chosen, 2)
    assert len(server.received("abonnee", 2)) == 2
    with register(chosen) as (db, people):
        assert people.all() == []
        assert db.execute("SELECT count(*) FROM outbox WHERE state = 'due'").fetchone() == (0,)


def heard(chosen: object, number: int) -> None:
    """Something is news, and is sent to whom it is for."""
    with register(chosen) as (db, _people):  # type: ignore[arg-type]
        tell(db, [event(number, "slots_open")], datetime.now(UTC))
    Alerting(chosen, wiring.catalogue(chosen), SystemClock()).send()  # type: ignore[arg-type]


def both_signed(raw: bytes, server: MailServer) -> None:
    assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: server.dkim.encode())
    named = str(message_from_bytes(raw, policy=policy.default)["DKIM-Signature"])
    signed = re.search(r"\bh=([^;]*)", re.sub(r"\s", "", named))
    assert signed is not None
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(signed[1].lower().split(":"))


def linked(raw: bytes, kind: str) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))  # type: ignore[attr-defined]
    found = re.search(rf"https://\S+/{kind}/[A-Z0-9-]+", body.get_content())
    assert found is not None
    return found[0]
