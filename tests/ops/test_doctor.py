"""What `vigie doctor` makes of facts, and of this machine."""

from __future__ import annotations

import json
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from monitor.cli import run
from monitor.cli.running import examined
from monitor.ops import doctor, selfcheck
from monitor.run import wiring
from tests.ops.test_doctor_data import QUIET
from tests.support.authority import Tsa, served
from tests.support.commands import Vigie, environment
from tests.support.terminal import on_terminal

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("there", "writable", "mode", "free", "state"),
    [
        (True, True, 0o700, 10**10, "OK"),
        (False, True, 0, 10**10, "OK"),
        (True, True, 0o755, 10**10, "WARN"),
        (True, True, 0o700, 10**9, "WARN"),
        (True, True, 0o700, doctor.ROOM_NEEDED - 1, "FAIL"),
        (True, False, 0o700, 10**10, "FAIL"),
    ],
)
def test_folder(there: bool, writable: bool, mode: int, free: int, state: str) -> None:
    found = doctor.folder("/data", there=there, writable=writable, mode=mode, free=free)
    assert found.state == state
    assert bool(found.todo) == (state != "OK")


@pytest.mark.parametrize(
    ("answered", "resolved", "states"), [(2, True, "OK OK"), (1, True, "OK WARN"), (0, False, "FAIL FAIL")]
)
def test_network(answered: int, resolved: bool, states: str) -> None:
    dns, probes = doctor.network(resolved=resolved, answered=answered, asked=2, failures=("x: timeout",))
    assert f"{dns.state} {probes.state}" == states


@pytest.mark.parametrize(("hours", "state"), [(1.9, "OK"), (2.1, "WARN"), (25, "FAIL")])
def test_last_sweep(hours: float, state: str) -> None:
    assert doctor.last_sweep(NOW - timedelta(hours=hours), NOW).state == state


def test_keys_changed_since_they_were_copied_want_a_copy() -> None:
    day = timedelta(days=1)
    assert doctor.keys(there=True, private=True, copied=NOW, changed=NOW - day).state == "OK"
    assert doctor.keys(there=True, private=True, copied=NOW - day, changed=NOW).state == "WARN"
    assert doctor.keys(there=True, private=False, copied=NOW, changed=NOW - day).state == "FAIL"


def test_a_root_about_to_expire_is_told_two_months_before() -> None:
    def found(days: int) -> str:
        return doctor.authority("a", stamped=NOW, why="", roots_until=NOW + timedelta(days=days), now=NOW).state

    assert (found(61), found(59)) == ("OK", "WARN")


def test_schedule_is_found_where_it_is(tmp_path: Path) -> None:
    assert selfcheck.schedule(tmp_path) is None
    crontabs = tmp_path / "var" / "spool" / "cron" / "crontabs"
    crontabs.mkdir(parents=True)
    (crontabs / "volunteer").write_text("*/10 * * * * /opt/vigie run\n*/10 * * * * vigie run\n", "utf-8")
    assert selfcheck.schedule(tmp_path) == str(crontabs / "volunteer")


def test_this_machine_is_examined_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "monitor.toml"
    # Nothing listens there: the probes fail, and everything else is examined all the same.
    settings.write_text(
        '[probes]\nhosts = ["https://127.0.0.1:1/", "https://127.0.0.2:1/"]\ndns = "nothing.invalid"\n'
        '[resolver]\nservers = ["127.0.0.1"]\n[timestamps]\npresets = []\n',
        "utf-8",
    )
    code = run(["doctor", "--json", "--config", str(settings), "--data", str(tmp_path / "data")])
    told = json.loads(capsys.readouterr().out)
    states = {one["about"]: one["state"] for one in told["findings"]}
    assert code == 1
    assert not told["ok"]
    assert states["settings"] == "OK"
    assert states["probes"] == "FAIL"
    assert {
        "contact",
        "data",
        "sweep",
        "keys",
        "clock",
        "schedule",
        "dns",
        "timestamps",
        "browser",
        "mail",
        "signal",
    } <= set(states)
    assert all(one["todo"] for one in told["findings"] if one["state"] == "FAIL")


def test_an_authority_is_tried_and_its_cost_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tsa = Tsa(tmp_path / "tsa")
    (tmp_path / "roots.pem").write_bytes(tsa.root.pem)
    settings = tmp_path / "monitor.toml"
    with served(tsa.reply) as url:
        settings.write_text(
            '[probes]\nhosts = ["https://127.0.0.1:1/", "https://127.0.0.2:1/"]\ndns = "nothing.invalid"\n'
            '[resolver]\nservers = ["127.0.0.1"]\n'
            f'[[timestamps.authority]]\nname = "essai"\nurl = "{url}"\nroots = "roots.pem"\n',
            "utf-8",
        )
        run(["doctor", "--json", "--config", str(settings), "--data", str(tmp_path / "data")])
    found = {one["about"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    told = found["timestamps:essai"]
    assert told["state"] == "OK"
    size = re.search(r"\d{4,}", told["says"])  # bytes: a request of some 70, an answer with two certificates
    assert size
    assert 1000 < int(size[0]) < 4000
    assert "144" in told["says"], "the timer comes every ten minutes"
    assert "timestamps:digicert" not in found


def test_mail_is_tried_to_the_login_and_no_further(tmp_path: Path) -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    class Counting(Sink):
        got = 0

        async def handle_DATA(self, *_: object) -> str:
            Counting.got += 1
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Counting(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        at: dict[str, Any] = {"server": "127.0.0.1", "port": port, "security": "none"}
        assert selfcheck.mail_server(**at, user="", password="") is None
        refused = selfcheck.mail_server(**at, user="someone", password="hush")
        assert refused is not None
        assert "someone" not in refused
        assert "hush" not in refused
    finally:
        controller.stop()
    assert Counting.got == 0
    assert selfcheck.mail_server(**at, user="", password="") is not None


def test_a_signal_gateway_that_is_not_there_is_told() -> None:
    assert selfcheck.signal_gateway("http://127.0.0.1:1", "+33600000000") == "nothing answers there"


# --- it never dies of what it examines --------------------------------------------------------------------------------


def examine(folder: Path, text: str, *words: str) -> tuple[int, str]:
    config = folder / "monitor.toml"
    config.write_text(QUIET + text, encoding="utf-8")
    done = Vigie(folder / "data", config)("doctor", *words, "--lang", "en")
    assert done.stderr == ""
    return done.returncode, done.stdout


AUTHORITY = '[[timestamps.authority]]\nname = "essai"\nurl = "http://127.0.0.1:1/"\nroots = "roots.pem"\n'


@pytest.mark.parametrize(
    ("roots", "says"),
    [
        (None, "roots.pem: there is no such file or folder"),
        (b"", "roots.pem holds no certificate"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "roots.pem holds no certificate"),
    ],
)
def test_a_file_of_roots_that_cannot_be_used_is_a_finding_and_what_config_check_finds(
    tmp_path: Path, roots: bytes | None, says: str
) -> None:
    if roots is not None:
        (tmp_path / "roots.pem").write_bytes(roots)
    code, told = examine(tmp_path, AUTHORITY)
    assert code == 1
    assert says in told
    assert "mail: not configured" in told, "what stands behind it is examined all the same"
    vigie = Vigie(tmp_path / "data", tmp_path / "monitor.toml")
    for command in (("config", "check"), ("run",)):
        done = vigie(*command, "--lang", "en")
        assert (done.returncode, done.stdout) == (78, "")
        assert says in done.stderr
        assert done.stderr.count("\n") == 1


def test_every_examination_that_fails_of_itself_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> NoReturn:
        raise LookupError("planted")

    for module, name in (
        (examined, "changeable"),
        (wiring, "catalogue"),
        (doctor, "contact"),
        (selfcheck, "folder"),
        (examined, "reading"),
        (selfcheck, "keys"),
        (wiring, "witness"),
        (examined, "clock_state"),
        (selfcheck, "schedule"),
        (wiring, "visitor"),
        (examined, "missing"),
        (doctor, "channel"),
        (wiring, "named_authority"),
    ):
        monkeypatch.setattr(module, name, broken)
    code, told = examine(tmp_path, AUTHORITY, "--json")
    found = json.loads(told)["findings"]
    assert code == 1
    assert len(found) == 13
    assert all("LookupError: planted" in one["says"] and one["todo"] for one in found)


def test_settings_that_cannot_be_read_are_a_finding(tmp_path: Path) -> None:
    code, told = examine(tmp_path, "[mial]\n")
    assert code == 1
    assert "the nearest known is [mail]" in told
    assert "config check" in told
    assert "schedule: " in told


@pytest.mark.parametrize("columns", [60, 80])
def test_on_a_terminal_no_finding_is_cut_and_its_remedy_stands_under_it(tmp_path: Path, columns: int) -> None:
    (tmp_path / "monitor.toml").write_text(QUIET, encoding="utf-8")
    vigie = Vigie(tmp_path / "data", tmp_path / "monitor.toml")
    seen = on_terminal(vigie.command("doctor", "--lang", "en"), environment(NO_COLOR="1"), columns)
    assert seen.code == 1
    assert [line for line in seen.lines if len(line) > columns and " " in line.strip()] == []
    assert "…" not in seen.written
    text = " ".join(seen.written.split())
    assert "every failure would count as ours → check the network, a proxy or a firewall" in text
    assert "no sweep has ended yet → vigie run" in text
    assert seen.lines[-1].endswith("are well (●).")
