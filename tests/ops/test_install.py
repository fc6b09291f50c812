"""The schedule `vigie install` writes is the one in config/, and systemd finds nothing to say about it."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.cli.running.install import TEMPLATES
from monitor.ops.schedules import Machine, filled
from tests.support.parts import part

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "monitor" / "templates" / "units"
GUIDE = Machine(vigie="/opt/vigie/.venv/bin/vigie", data="/var/lib/vigie", user="vigie", minute=3)


@pytest.mark.parametrize(
    "shipped",
    [
        "systemd/vigie.service",
        "systemd/vigie.timer",
        "systemd/vigie-web.service",
        "systemd/vigie-web.socket",
        "cron/crontab",
        "podman/vigie.container",
    ],
)
def test_config_shows_what_install_writes(shipped: str) -> None:
    name = Path(shipped).name
    assert (ROOT / "config" / shipped).read_text("utf-8") == filled((UNITS / name).read_text("utf-8"), GUIDE)


def test_systemd_units_are_verified_by_systemd(tmp_path: Path) -> None:
    analyze = part("systemd-analyze")
    assert run(["install", "--systemd", "--root", str(tmp_path)]) == 0
    units = tmp_path / "etc" / "systemd" / "system"
    done = subprocess.run(
        [analyze, "verify", str(units / "vigie.service"), str(units / "vigie.timer")], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    rated = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=45", str(units / "vigie.service")],
        capture_output=True,
        text=True,
    )
    assert rated.returncode == 0, rated.stdout


def test_the_units_of_the_pages_are_verified_by_systemd_and_go_with_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    analyze = part("systemd-analyze")
    assert run(["install", "--systemd", "--web", "--root", str(tmp_path)]) == 0
    units = tmp_path / "etc" / "systemd" / "system"
    service = units / "vigie-web.service"
    verified = [analyze, "verify", str(service), str(units / "vigie-web.socket")]
    done = subprocess.run(verified, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    rated = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=20", str(service)], capture_output=True, text=True
    )
    assert rated.returncode == 0, rated.stdout
    assert run(["install", "--remove", "--root", str(tmp_path)]) == 0
    assert not [path for path in units.rglob("*") if path.is_file()]
    assert run(["install", "--web", "--cron", "--root", str(tmp_path)]) == 64
    assert "--systemd" in capsys.readouterr().err


def test_installing_twice_changes_nothing_and_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["--root", str(tmp_path), "--json"]
    assert run(["install", "--systemd", *root]) == 0
    key = tmp_path / "etc" / "vigie" / "secrets" / "vigie-address-key"
    made = key.read_text("ascii")
    assert len(made.strip()) == 64
    assert key.stat().st_mode & 0o777 == 0o400
    assert key.parent.stat().st_mode & 0o777 == 0o700
    assert (key.parent / "environment").stat().st_mode & 0o777 == 0o600
    service = tmp_path / "etc" / "systemd" / "system" / "vigie.service"
    service.write_text("edited by hand", "utf-8")
    (tmp_path / "etc" / "vigie" / "monitor.toml").write_text("# ours", "utf-8")
    capsys.readouterr()
    assert run(["install", "--systemd", *root]) == 0
    done = {Path(f["path"]).name: f["done"] for f in json.loads(capsys.readouterr().out)["files"]}
    assert done == {
        "monitor.toml": "kept",
        "environment": "kept",
        "vigie": "kept",
        "vigie.service": "replaced",
        "vigie.timer": "kept",
        "vigie-address-key": "kept",
    }
    assert service.with_name("vigie.service.before").read_text("utf-8") == "edited by hand"
    assert key.read_text("ascii") == made


def test_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["install", "--cron", "--dry-run", "--user", "vigie", "--root", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "vigie run --config /etc/vigie/monitor.toml --data /var/lib/vigie" in out
    assert list(tmp_path.iterdir()) == []


def test_cron_is_given_the_data_folder_from_the_root(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["install", "--cron", "--dry-run", "--data", "ours/data"]) == 0
    assert f"--data {tmp_path}/ours/data\n" in capsys.readouterr().out


def test_by_hand_it_is_the_service_s_own_command(tmp_path: Path) -> None:
    """The wrapper with its paths under tmp_path: secrets, data folder, owner and exit code are the service's."""
    data, secrets = tmp_path / "data", tmp_path / "secrets"
    data.mkdir()
    secrets.mkdir()
    (secrets / "environment").write_text("WORD='two words'\n")
    command = tmp_path / "command"
    command.write_text(
        '#!/bin/sh\necho "$WORD|$VIGIE_DATA|$CREDENTIALS_DIRECTORY|$1"\ntouch "$VIGIE_DATA/made"\nexit 3\n'
    )
    command.chmod(0o755)
    text = filled((UNITS / "vigie-by-hand").read_text("utf-8"), replace(GUIDE, vigie=str(command)))
    text = text.replace("/var/lib/vigie", str(data)).replace("/etc/vigie/secrets", str(secrets))
    done = subprocess.run(["sh", "-c", text, "vigie", "status"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (3, f"two words|{data}|{secrets}|status\n")
    assert (data / "made").stat().st_uid == data.stat().st_uid


def test_no_placeholder_is_left() -> None:
    for name in TEMPLATES:
        assert not re.search("@[A-Z]+@", filled((UNITS / name).read_text("utf-8"), GUIDE))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "etc").write_text("a file", "utf-8")
    assert run(["install", "--cron", "--root", str(tmp_path), "--lang", "en"]) == 64
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["--systemd", "--cron"])
def test_what_was_installed_is_removed_and_what_is_the_operators_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    root = ["--root", str(tmp_path)]
    assert run(["install", kind, *root]) == 0
    enabled = tmp_path / "etc" / "systemd" / "system" / "timers.target.wants" / "vigie.timer"
    enabled.parent.mkdir(parents=True, exist_ok=True)
    enabled.symlink_to("/etc/systemd/system/vigie.timer")
    own = sorted(path for path in (tmp_path / "etc" / "vigie").rglob("*") if path.is_file())
    before = sorted(tmp_path.rglob("*"))
    capsys.readouterr()
    assert run(["install", "--remove", "--dry-run", *root]) == 0
    assert sorted(tmp_path.rglob("*")) == before
    assert run(["install", "--remove", *root]) == 0
    left = sorted(path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink())
    assert left == own
    assert re.search(rf"{tmp_path}/etc/vigie\s?: ", capsys.readouterr().out)


def test_without_a_machine_id_the_minute_still_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def nothing(path: Path, *args: object, **kwargs: object) -> str:
        if str(path) == "/etc/machine-id":
            raise FileNotFoundError(path)
        return read(path, *args, **kwargs)  # type: ignore[arg-type]

    read = Path.read_text
    monkeypatch.setattr(Path, "read_text", nothing)
    texts = set()
    for name in range(20):
        assert run(["install", "--cron", "--root", str(tmp_path / str(name))]) == 0
        texts.add((tmp_path / str(name) / "etc" / "cron.d" / "vigie").read_text("utf-8"))
    assert len(texts) == 1


def test_a_unit_that_was_changed_is_put_aside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["install", "--systemd", "--root", str(tmp_path)]) == 0
    service = tmp_path / "etc" / "systemd" / "system" / "vigie.service"
    service.write_text("edited by hand", "utf-8")
    capsys.readouterr()
    assert run(["install", "--remove", "--json", "--root", str(tmp_path)]) == 0
    done = {Path(f["path"]).name: f["done"] for f in json.loads(capsys.readouterr().out)["files"]}
    assert done == {"vigie": "removed", "vigie.service": "put aside", "vigie.timer": "removed"}
    assert not service.exists()
    assert service.with_name("vigie.service.before").read_text("utf-8") == "edited by hand"


def test_a_schedule_must_be_named(tmp_path: Path) -> None:
    assert run(["install", "--root", str(tmp_path)]) == 64
    assert run(["install", "--remove", "--root", str(tmp_path)]) == 0
