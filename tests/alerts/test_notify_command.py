"""`vigie notify --test` and `vigie preview`, as the operator calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller

from monitor.alerts.send.outbox import Operator
from monitor.alerts.send.outcome import Later
from monitor.cli.alerts.deliver import KINDS
from tests.alerts.test_notify import Box, free_port, parsed
from tests.support.outbox import Clocks, event, queue, subscribers, tell

CONFIG = """\
[operator]
name = "Permanence"
contact = "{contact}"
[mail]
server = "127.0.0.1"
port = {port}
security = "none"
sender = "alerte@exemple.test"
"""


def vigie(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "VIGIE_DATA": str(folder / "data"), "LC_ALL": "fr_FR.UTF-8", "LANGUAGE": "fr"}
    command = [sys.executable, "-m", "monitor", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def configured(folder: Path, port: int, contact: str) -> str:
    file = folder / "monitor.toml"
    file.write_text(CONFIG.format(port=port, contact=contact), encoding="utf-8")
    return str(file)


def test_the_operator_gets_a_trial_and_a_refusal_is_told_without_the_address(tmp_path: Path) -> None:
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        good = vigie(
            tmp_path, "notify", "--test", "--json", "--config", configured(tmp_path, server.port, "a@exemple.test")
        )
        bad = vigie(tmp_path, "notify", "--test", "--config", configured(tmp_path, server.port, "r550@exemple.test"))
    finally:
        server.stop()
    assert (good.returncode, json.loads(good.stdout)[0]["outcome"]) == (0, "Sent"), good.stderr
    ((_recipient, raw),) = box.kept
    assert parsed(raw)["Subject"] == "Essai : vos messages arrivent"
    assert bad.returncode == 3
    assert "550 5.1.1" in bad.stdout
    assert "r550" not in bad.stdout + bad.stderr


def test_a_channel_left_alone_is_shown_and_tried_at_once_when_the_operator_says_so(tmp_path: Path) -> None:
    operator, clocks = Operator(mail="a@exemple.test"), Clocks(wall=datetime.now(UTC))
    with subscribers(tmp_path / "data") as (db, people):
        tell(db, [event(1, "disk_low")], clocks.now(), operator)
        outbox = queue(db, people, clocks, operator=operator)
        outbox.settle(outbox.lease("email", 1)[0], Later("535 5.7.8", ours=True))
    box = Box()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        config = configured(tmp_path, server.port, "a@exemple.test")
        shown = vigie(tmp_path, "outbox", "--config", config)
        plain = json.loads(vigie(tmp_path, "outbox", "--json", "--config", config).stdout)
        sent = vigie(tmp_path, "outbox", "--send", "--config", config)
    finally:
        server.stop()
    assert "aucun message ne part par email" in shown.stdout
    assert "vigie outbox --send" in shown.stdout
    assert [(one["channel"], one["why"]) for one in plain["stopped"]] == [("email", "535 5.7.8")]
    assert [parsed(raw)["Subject"] for _to, raw in box.kept][:1] == ["[exploitant] Envois arrêtés"], sent.stderr
    assert "aucun message ne part" not in sent.stdout


def test_nothing_to_try_and_no_such_subscriber_are_usage_errors(tmp_path: Path) -> None:
    assert vigie(tmp_path, "notify", "--test").returncode == 64
    assert vigie(tmp_path, "notify", "--test", "12").returncode == 64


def test_every_kind_can_be_previewed_in_every_form(tmp_path: Path) -> None:
    listed = vigie(tmp_path, "preview", "list")
    assert [line.split("`")[1] for line in listed.stdout.splitlines()] == list(KINDS)
    shown = json.loads(vigie(tmp_path, "preview", "slots_open", "--lang", "en", "--json").stdout)
    assert shown["subject"].startswith("SIMULATION - Slot shown")
    page = vigie(tmp_path, "preview", "no_slot_digest", "--html", "--discreet").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert vigie(tmp_path, "preview", "slot").returncode == 64
