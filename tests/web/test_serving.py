"""`vigie serve` as a process: told to systemd, on a socket it is given, behind the proxies of the samples."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller

from monitor.settings.settings import Settings
from tests.alerts.test_notify import Box, free_port
from tests.support.commands import ROOT, called, environment
from tests.support.parts import part
from tests.support.web import SEED, client, serving, settings

CADDY = ROOT / "config/caddy/Caddyfile"
NGINX = ROOT / "config/nginx/vigie.conf"


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    port = free_port()
    mail = Controller(Box(), hostname="127.0.0.1", port=port)
    mail.start()
    yield settings(tmp_path, port)
    mail.stop()


def command(chosen: Settings, *words: str) -> list[str]:
    where = ["--config", str(chosen.source), "--data", str(chosen.data), "--lang", "en"]
    return [sys.executable, "-m", "monitor", "serve", *where, *words]


@contextmanager
def started(chosen: Settings, **more: Any) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command(chosen), cwd=ROOT, env=environment(**more.pop("env", {})), stderr=subprocess.PIPE, text=True, **more
    ) as process:
        assert process.stderr is not None
        try:
            assert process.stderr.readline().startswith("listening on ")
            yield process
        finally:
            process.terminate()
            process.wait(30)


def test_systemd_is_told_and_a_signal_ends_it_in_order(chosen: Settings, tmp_path: Path) -> None:
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(tmp_path / "notify"))
    told.settimeout(60)
    with told, started(chosen, env={"NOTIFY_SOCKET": str(tmp_path / "notify")}) as process:
        assert told.recv(100) == b"READY=1"
        assert chosen.web.socket.stat().st_mode & 0o777 == 0o660
        with client(chosen) as asking:
            assert asking.get("/ok").text == "ok\n"
        process.send_signal(signal.SIGTERM)
        assert told.recv(100) == b"STOPPING=1"
        assert process.wait(30) in (0, -signal.SIGTERM)
    assert not chosen.web.socket.exists()


def test_a_socket_that_systemd_opened_is_used_and_left(chosen: Settings, tmp_path: Path) -> None:
    path = tmp_path / "given.sock"
    with socket.socket(socket.AF_UNIX) as given:
        given.bind(str(path))
        given.listen(8)
        starter = (
            f"import os, sys; os.dup2({given.fileno()}, 3); "
            "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); os.execv(sys.argv[1], sys.argv[1:])"
        )
        words = [sys.executable, "-c", starter, *command(chosen)]
        with subprocess.Popen(
            words, cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True, pass_fds=(given.fileno(),)
        ) as process:
            assert process.stderr is not None
            assert process.stderr.readline() == f"listening on {path}\n"
            with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), timeout=60) as asking:
                assert asking.get("http://vigie/ok").status_code == 200
            process.terminate()
    assert path.exists()


def test_a_killed_server_leaves_a_socket_that_the_next_one_takes_and_a_second_one_is_refused(chosen: Settings) -> None:
    with started(chosen) as process:
        process.kill()
        process.wait(30)
    assert chosen.web.socket.exists()
    with started(chosen):
        second = called(command(chosen)[3:], environment())
        assert second.returncode == 64
        assert str(chosen.web.socket) in second.stderr
        with client(chosen) as asking:
            assert asking.get("/fr/").status_code == 200


def test_check_says_what_is_missing(chosen: Settings, tmp_path: Path) -> None:
    done = called([*command(chosen, "--check", "--json")[3:]], environment())
    told = json.loads(done.stdout)
    assert (done.returncode, told["ok"], [one["needed"] for one in told["missing"]]) == (0, True, [False])
    bare = tmp_path / "bare.toml"
    bare.write_text('[web]\nsocket = "/nowhere/at/all.sock"\n[timestamps]\npresets = []\n', "utf-8")
    words = ["--config", str(bare), "--data", str(tmp_path / "data"), "--lang", "en"]
    done = called(["serve", "--check", *words], environment())
    assert done.returncode == 1
    assert "[web] address" in done.stdout
    assert "/nowhere/at" in done.stdout
    refused = called(["serve", *words], environment())
    assert refused.returncode == 64
    assert "--check" in refused.stderr


# --- behind a proxy ---------------------------------------------------------------------------------------------------


def caddy(folder: Path, chosen: Settings, port: int) -> list[str]:
    """The sample as it is shipped, but for the name, the port and where the socket is."""
    text = CADDY.read_text("utf-8")
    text = text.replace("vigie.example.org {", f"http://127.0.0.1:{port} {{").replace(
        "unix//run/vigie/web.sock", f"unix/{chosen.web.socket}"
    )
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, "utf-8")
    return [part("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def nginx(folder: Path, chosen: Settings, port: int) -> list[str]:
    """The sample as it is shipped, without its certificate."""
    text = NGINX.read_text("utf-8").replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = re.sub(r"\tlisten \[::\].*\n|\tssl_.*\n", "", text).replace("/run/vigie/web.sock", str(chosen.web.socket))
    user = "user root;\n" if os.getuid() == 0 else ""
    paths = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = (
        f"daemon off;\n{user}pid {folder}/pid;\nerror_log {folder}/error.log info;\nevents {{}}\n"
        f"http {{\n{paths}access_log {folder}/access.log;\n{text}}}\n"
    )
    (folder / "nginx.conf").write_text(whole, "utf-8")
    return [part("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def reached(port: int) -> None:
    """Until the proxy accepts connections."""
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.mark.parametrize("proxy", [caddy, nginx], ids=["caddy", "nginx"])
def test_behind_the_sample_of_a_proxy_it_works_and_no_log_holds_an_address_or_a_code(
    proxy: Any, tmp_path: Path
) -> None:
    (tmp_path / "proxy").mkdir()
    port = free_port()
    with serving(tmp_path, "network_an_hour = 3") as served:
        words = proxy(tmp_path / "proxy", served.chosen, port)
        said = tmp_path / "proxy" / "said"
        env = environment(XDG_DATA_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
        with said.open("wb") as out, subprocess.Popen(words, stdout=out, stderr=out, env=env) as process:
            try:
                reached(port)
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as asking:
                    form = asking.get("/fr/")
                    assert form.headers["content-security-policy"].startswith("default-src 'none'")
                    fields = served.fields()
                    spoofed = [
                        asking.post("/fr/abonnement", data=fields, headers={"x-forwarded-for": f"192.0.2.{n}"})
                        for n in range(4)
                    ]
                    assert [one.status_code for one in spoofed] == [202, 202, 202, 429]
                    served.settled()
                    assert asking.post(served.link("c")).status_code == 200
                    posted = asking.post(served.link("u"), data={"List-Unsubscribe": "One-Click"})
                    assert (posted.status_code, served.states()) == (200, [])
                    large = asking.post("/fr/abonnement", data={**fields, "x": "a" * 20_000})
                    assert large.status_code in (413, 502)
                    os.rename(served.chosen.web.socket, tmp_path / "away")  # the program is down: the proxy's own error
                    down = asking.get(f"/fr/g/GERER-1-2-{'A' * 16}")
                    assert down.status_code == 502
            finally:
                process.terminate()
                process.wait(30)
    codes = re.compile(rb"(?:OUI|STOP|GERER)-[A-Z0-9]")
    for path in (tmp_path / "proxy").rglob("*"):
        if path.is_file() and path.name not in ("Caddyfile", "nginx.conf"):
            held = path.read_bytes()
            assert not codes.search(held), path
            assert SEED.encode() not in held
            assert b"%40" not in held


def test_what_the_server_itself_says_holds_no_address_and_no_code(chosen: Settings, tmp_path: Path) -> None:
    with started(chosen) as process, client(chosen) as asking:
        asking.post("/fr/abonnement", data={"address": SEED})
        asking.get(f"/fr/c/OUI-{'A' * 16}")
        asking.post(f"/fr/u/STOP-{'A' * 16}")
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(chosen.web.socket))
            raw.sendall(f"GARBAGE {SEED} /u/STOP-{'A' * 16}\r\n\r\n".encode())
            raw.recv(4096)
        process.terminate()
        assert process.stderr is not None
        said = process.stderr.read()
    assert SEED not in said
    assert "STOP-" not in said
