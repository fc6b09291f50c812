"""Every example of every `--help` is typed, in the order in which it stands there, over simulated data."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from monitor.cli import speak
from monitor.cli.parser import build
from monitor.cli.running import plugins
from tests.alerts.test_notify import Box as MailServer
from tests.alerts.test_notify import free_port
from tests.case.kept import pages
from tests.case.kept.parcels import START, Press, kept_pages, zipped
from tests.simulator.client import Simulator
from tests.simulator.demo import TIME_SCALE, national
from tests.support import courtcase, exporting
from tests.support.commands import ROOT, called, environment, settings
from tests.support.imap import PASSWORD, USER, mailbox
from tests.support.parts import needs

MORE = """[watch]
prefectures = ["95", "92", "93"]
[mail]
server = "127.0.0.1"
port = {smtp}
security = "none"
sender = "alerte@exemple.test"
[inbox]
server = "127.0.0.1"
port = {imap}
user = "{user}"
address = "alerte@exemple.test"
password = {{ env = "IMAP_PASSWORD" }}
"""
UNREAD = {"run": 3, "check": 3, "health": 3, "discover": 3, "survey": 3, "verify": 3, "reread": 3, "capture": 3,
          "outbox": 3, "doctor": 1, "serve": 1}  # fmt: skip
"""What may end otherwise than with 0: something unread, reserved or not taken; no network to examine."""


def examples(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Of a parser and those under it: the lines under the title of its epilogue."""
    if parser.epilog:
        yield from (line.strip() for line in parser.epilog.splitlines()[1:])
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from examples(sub)


def all_examples() -> list[str]:
    speak("en")
    try:
        return list(dict.fromkeys(examples(build(listed=True))))
    finally:
        speak("fr")


@dataclass(frozen=True, slots=True)
class Typed:
    """An example as a shell takes it apart."""

    words: list[str]
    source: str | None
    target: str | None

    @classmethod
    def of(cls, line: str) -> Typed:
        line = line.partition("  #")[0].strip().removeprefix("sudo ")
        line, _arrow, target = line.partition(" > ")
        line, _arrow, source = line.partition(" < ")
        name, *words = shlex.split(line)
        assert name == "vigie"
        return cls(words, source or None, target or None)


EXPORT = "releve-95"
NUDGE = "ntfy://tk_essai@127.0.0.1:9/sujet\n"  # nobody listens there


class Desk:
    """A folder in which somebody tries things: settings, data, files of their own, a post office."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env, self.tried = folder, env, 0

    def path(self, name: str) -> Path:
        """Where a file of an example is here; nothing is written outside the folder."""
        return self.folder / name.replace("~", "home").lstrip("/")

    def words(self, typed: Typed) -> list[str]:
        words = [str(self.path(one)) if one.startswith(("/mnt", "/srv", "/var")) else one for one in typed.words]
        today = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"  # an example's last day is long past
        words = [today if before == "--to" else one for before, one in zip(["", *words], words, strict=False)]
        if words[:2] == ["case", "erase"]:
            words.append("--yes")  # the answer to its question, which only a terminal is asked
        if words[0] == "install":
            words += ["--root", str(self.folder / "root")]
        return words

    def try_out(self, line: str) -> str | None:
        """None, or what went wrong."""
        typed = Typed.of(line)
        if typed.words[0] == "assist":  # a window and a person: what it does is tried in tests/case
            return None if build().parse_args(typed.words).code == "92/titre-de-sejour-boulogne" else line
        if typed.words == ["serve"]:  # it listens until a signal comes: tried in tests/web
            return None
        self.before(typed.words)
        self.tried += 1
        given = self.path(typed.source).read_text("utf-8") if typed.source else self.typed(typed.words)
        done = called(self.words(typed), self.env, given, self.folder)
        if typed.target:
            self.path(typed.target).parent.mkdir(parents=True, exist_ok=True)
            self.path(typed.target).write_text(done.stdout, encoding="utf-8")
        if done.returncode in (0, UNREAD.get(typed.words[0], 0)) and "Traceback" not in done.stderr:
            return None
        return f"{line}\n  exit {done.returncode}: {done.stderr or done.stdout[-300:]}"

    def typed(self, words: list[str]) -> str:
        """What somebody answers to a question of the command."""
        match words[:2]:
            case ["subscribers", "nudge"]:
                return NUDGE
            case ["subscribers", "show"]:
                return "abonne1@exemple.test\n"
        return f"essai{self.tried}@exemple.test\n"

    def before(self, words: list[str]) -> None:
        """What an example supposes was not done before it."""
        export = self.folder / EXPORT
        if words[0] == "export":  # a folder of its own name bears the second in which it was made
            for made in self.folder.glob("vigie-export-*"):
                shutil.rmtree(made)
        if words[0] == "backup":
            shutil.rmtree(self.path(words[1]), ignore_errors=True)
        if EXPORT in words or f"{EXPORT}/" in words:
            shutil.rmtree(export, ignore_errors=True)
        if words[0] == "verify" and {EXPORT, f"{EXPORT}/"} & {*words}:
            assert called(["export", "95", "--out", EXPORT], self.env, within=self.folder).returncode == 0
        if words[:2] == ["case", "import"] and f"{EXPORT}/" in words:  # what a simulator played is joined to no case
            shutil.copytree(self.folder / "of-a-real-site", export)


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    (tmp_path / "played").mkdir()
    with national(tmp_path / "played") as running:
        yield running


@pytest.fixture
def desk(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    folder = tmp_path / "desk"
    folder.mkdir()
    controller = Controller(MailServer(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with mailbox(folder) as box:
            monkeypatch.setenv("IMAP_PASSWORD", PASSWORD)
            config = settings(folder, simulator, scale=TIME_SCALE, more=MORE.format(
                smtp=controller.port, imap=box.port, user=USER
            ))  # fmt: skip
            env = environment(
                VIGIE_CONFIG=str(config), VIGIE_DATA=str(folder / "data"), IMAP_PASSWORD=PASSWORD, VIGIE_LANG="en",
                SSL_CERT_FILE=str(box.ca_file), HOME=str(folder / "home"),
                VIGIE_CASE_PASSPHRASE_FILE=str(folder / "phrase"),
            )  # fmt: skip
            made = Desk(folder, env)
            files_of_their_own(made)
            monkeypatch.setattr(plugins, "checkout", lambda: folder)  # nothing is written into this one
            yield made
    finally:
        controller.stop()


def files_of_their_own(desk: Desk) -> None:
    """What the examples name and no example makes."""
    folder = desk.folder
    (folder / "phrase").write_text(courtcase.SECRET + "\n", encoding="utf-8")
    (folder / "capture.png").write_bytes(courtcase.png("aucun rendez-vous"))
    (folder / "Telephone").mkdir()
    at = datetime.now(UTC) - timedelta(days=1)
    press = Press(at, f"{START}creneau/", pages.none(at))
    (folder / "essais-2026-11-30.zip").write_bytes(zipped(kept_pages([press])))
    (folder / "Telephone" / "IMG_1.png").write_bytes(courtcase.png("capture"))
    (folder / "address.txt").write_text("+33612345678\n", encoding="utf-8")
    (folder / "ntfy.txt").write_text(NUDGE, encoding="utf-8")
    (folder / "addresses.csv").write_text("url,label\nhttps://www.gironde.gouv.fr/pan,PAN\n", encoding="utf-8")
    (folder / "attempts.json").write_text(
        '[{"at": "2026-03-02T09:14", "kind": "no_slot", "procedure": "renewal"}]', encoding="utf-8"
    )
    shutil.copy(ROOT / "tests/fixtures/pages/recon_ez_step2_no_calendar.html", folder / "page.html")
    shutil.copy(ROOT / "tests/fixtures/survey/annuaire.json", folder / "annuaire.json")
    (folder / "notice.pdf").write_bytes(courtcase.pdf(["Point d'accueil numerique : sur rendez-vous."]))
    for number in range(12):
        words = ["subscribers", "add", "--prefecture", "95", "--procedure", "renewal"]
        done = called(words, desk.env, f"abonne{number}@exemple.test\n", folder)
        assert done.returncode == 0, done.stderr
    for agreed in ("1", "12"):
        assert called(["subscribers", "confirm", agreed], desk.env, within=folder).returncode == 0
    (folder / "tests" / "fixtures" / "pages").mkdir(parents=True)
    seen = folder / "elsewhere"
    exporting.fill(seen, [exporting.NO_SLOT, exporting.OPEN, exporting.NO_SLOT])
    exporting.seal(seen)
    own = ["--data", str(seen), "--config", str(settings(folder / "Telephone"))]
    made = called(["export", "95", "--out", "of-a-real-site", *own], desk.env, within=folder)
    assert made.returncode == 0, made.stderr
    (folder / "Telephone" / "monitor.toml").unlink()


@needs("openssl")
def test_every_example_runs(desk: Desk) -> None:
    lines = all_examples()
    assert len(lines) > 70
    wrong = [told for line in lines if (told := desk.try_out(line))]
    assert wrong == [], "\n".join(wrong)


def test_no_example_names_a_desk_that_is_not_declared() -> None:
    from monitor.catalogue.catalogue import load

    known = {f"{one.code}/{desk.slug}" for one in load("prefectures").prefectures for desk in one.active_desks}
    named = {word for line in all_examples() for word in re.findall(r"\b\d[\dab]\d?/[a-z][\w-]+", line)}
    assert len(named) >= 2
    assert named - known == set()
