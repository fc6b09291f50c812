"""A data folder of an older program comes to the present one whole, or stays as it was; a newer one is left alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import zstandard

from monitor.cli.running import upgrade as command
from monitor.core.errors import NewerStoreError, StoreError, UsageError
from monitor.ops.backup import restore
from monitor.ops.upgrade import UpgradeFollower, apply, examine
from monitor.store import schema
from monitor.store.files import hold
from monitor.store.migrate.steps import steps
from monitor.store.rows import inflate, instant
from monitor.store.schema import LINES_LEFT, MIGRATIONS, open_writer
from monitor.store.store import reading
from monitor.store.written.journal import read_lines
from tests.support.commands import Vigie
from tests.support.exporting import NO_SLOT, OPEN, fill, seal

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
KEPT = [*sorted((FIXTURES / "schema").glob("[0-9]*")), FIXTURES / "format-1" / "data"]
LATER = "CREATE INDEX observation_by_start ON observation (started); CREATE TABLE later (seq INTEGER);"

TIMES = 16  # moments at which an upgrade is killed, spread over it
LATEST = "ALTER TABLE later ADD COLUMN a; CREATE TRIGGER t AFTER INSERT ON later BEGIN DELETE FROM shot; END;"


def number(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "vigie.db")) as db:
        found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def records(folder: Path) -> list[bytes]:
    """Every line, from where the schema of a folder has them."""
    with closing(sqlite3.connect(folder / "vigie.db")) as db:
        if number(folder) >= LINES_LEFT:
            sweeps = db.execute("SELECT number, started FROM sweep ORDER BY number").fetchall()
            return [line for sweep, started in sweeps for line in read_lines(folder, sweep, instant(started))]
        rows = {seq: said for seq, *said in db.execute("SELECT seq, base, line FROM observation ORDER BY seq")}
    return [line if base is None else inflate(line, rows[base][1]) for base, line in rows.values()]


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch) -> int:
    """The program of tomorrow: one step more, which goes through rows. Returns its number."""
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS, LATER))
    return len(MIGRATIONS) + 1


@pytest.fixture(params=KEPT, ids=lambda path: "/".join(path.parts[-2:]))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a folder that was kept of an earlier program."""
    return Path(shutil.copytree(request.param, tmp_path / "data"))


# --- what a step does -------------------------------------------------------------------------------------------------


def test_what_a_step_does_is_found_by_taking_it() -> None:
    told = steps((*MIGRATIONS, LATER, LATEST), 1)
    assert [one.number for one in told] == [*range(2, len(MIGRATIONS) + 3)]
    assert (told[0].adds, told[0].visits) == (["table dropped"], [])
    assert told[1].adds == ["index resource_by_host", "table resource", "table shot"]
    assert (told[-2].adds, told[-2].visits) == (["index observation_by_start", "table later"], ["observation"])
    assert (told[-1].alters, told[-1].visits) == (["table later"], [])


@pytest.mark.parametrize(
    ("script", "visits"),
    [
        ("INSERT INTO dropped SELECT digest, 0 FROM blob;", ["blob", "dropped"]),
        ("UPDATE host_state SET state = '';", ["host_state"]),
        ("ALTER TABLE resource DROP COLUMN content_type;", ["resource"]),
        ("DROP TABLE robots;", ["robots"]),
        ("CREATE TABLE a (b); INSERT INTO a VALUES (1);", []),
        ("CREATE VIEW a AS SELECT * FROM observation;", []),
    ],
)
def test_a_step_that_goes_through_rows_is_known(script: str, visits: list[str]) -> None:
    assert steps((*MIGRATIONS, script), len(MIGRATIONS))[0].visits == visits


# --- bringing a folder forward ----------------------------------------------------------------------------------------


def test_every_kept_folder_comes_forward(old: Path, one_more: int) -> None:
    before, was = records(old), number(old)
    found = examine(old)
    assert (found.schema, found.known, len(found.steps)) == (was, one_more, one_more - was)
    assert number(old) == was
    with hold(old) as lock:
        apply(lock, None, UpgradeFollower())
    assert (number(old), records(old)) == (one_more, before)
    assert (number(found.backup), records(found.backup)) == (was, before)
    assert not examine(old).due


def test_what_is_sealed_in_an_earlier_format_is_told_and_stays(
    tmp_path: Path, vigie: Callable[..., tuple[int, str]], one_more: int
) -> None:
    old = Path(shutil.copytree(FIXTURES / "format-1" / "data", tmp_path / "data"))
    sealed = {path: path.read_bytes() for path in (old / "evidence").rglob("*") if path.is_file()}
    code, said = vigie("upgrade")
    assert code == 3
    assert "Sealed sweeps up to 3 are of format 1 and stay as they are; new ones are of format 2." in said
    assert vigie("upgrade", "--apply")[0] == 0
    assert {path: path.read_bytes() for path in sealed} == sealed
    assert vigie("upgrade") == (0, f"{old} is of the present schema, {one_more}: nothing is due.\n")


def test_the_backup_can_be_gone_back_to(old: Path, tmp_path: Path, one_more: int) -> None:
    before, was = records(old), number(old)
    with hold(old) as lock:
        made = apply(lock, tmp_path / "elsewhere", UpgradeFollower())
    restore(made.backup, tmp_path / "back", None)
    assert (number(tmp_path / "back"), records(tmp_path / "back")) == (was, before)


def test_a_large_database_is_not_gone_through_at_opening(
    tmp_path: Path, vigie: Callable[..., tuple[int, str]], one_more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(KEPT[0], data)
    monkeypatch.setattr(schema, "SMALL", 1000)
    for words in ("subscribers list", "gc --apply", "check 95"):
        code, said = vigie(*words.split())
        assert (code, said.count("\n")) == (74, 1), words
        assert f"schema 1, this version works with {one_more}: `vigie upgrade --apply` brings it forward" in said
    assert number(data) == 1
    assert vigie("upgrade", "--apply")[0] == 0
    assert number(data) == one_more


def test_steps_that_are_over_at_once_are_taken_at_opening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    monkeypatch.setattr(schema, "MIGRATIONS", (*MIGRATIONS[:3], "CREATE TABLE later (seq INTEGER);"))
    monkeypatch.setattr(schema, "SMALL", 1000)
    open_writer(data).close()
    assert number(data) == 4


def test_no_room_is_told_before_anything_is_written(
    tmp_path: Path, vigie: Callable[..., tuple[int, str]], one_more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6))
    code, said = vigie("upgrade")
    assert code == 3
    assert "1.0 MB free" in said
    assert "NOT ENOUGH" in said
    code, said = vigie("upgrade", "--apply")
    assert (code, said.count("\n")) == (74, 1)
    assert "no room" in said
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["data"]
    assert number(data) == 1


def test_a_backup_of_another_state_is_not_taken_for_one(tmp_path: Path, one_more: int) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    shutil.copytree(KEPT[1], tmp_path / "data.schema-1")
    with hold(data) as lock, pytest.raises(UsageError, match="no backup of this data folder as it is now"):
        apply(lock, None, UpgradeFollower())
    assert number(data) == 1


def test_the_json_says_all_of_it(tmp_path: Path, vigie: Callable[..., tuple[int, str]], one_more: int) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    code, said = vigie("upgrade", "--check", "--json")
    told = json.loads(said)
    assert (code, told["due"], told["done"], told["schema"], told["known"]) == (3, True, False, 1, one_more)
    assert [step["number"] for step in told["steps"]] == [*range(2, one_more + 1)]
    assert told["backup"] == {
        "folder": str(tmp_path / "data.schema-1"),
        "bytes": told["backup"]["bytes"],
        "there": False,
    }
    assert told["backup"]["bytes"] > (data / "vigie.db").stat().st_size
    assert told["rooms"][0]["needed"] > told["backup"]["bytes"]
    code, said = vigie("upgrade", "--apply", "--json")
    told = json.loads(said)
    assert (code, told["due"], told["done"], told["backup"]["there"]) == (0, True, True, True)
    assert (vigie("upgrade", "--check", "--json")[0], number(data)) == (0, one_more)


def test_french_too(tmp_path: Path, one_more: int) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    said = Vigie(data, _settings(tmp_path))("upgrade").stdout
    assert f"schéma 1 → {one_more}" in said
    assert "nouveau\N{NO-BREAK SPACE}: table dropped" in said


def test_how_far_it_is_adds_up(old: Path, one_more: int) -> None:
    copied: list[int] = []
    reached: list[int] = []
    found = examine(old)
    with hold(old) as lock:
        apply(lock, None, UpgradeFollower(copied.append, reached.append))
    assert reached == [step.number for step in found.steps]
    assert 0.9 < sum(copied) / (2 * found.size) < 1.1  # the copy of a database is written without its free pages


def test_the_time_left_follows_the_pace_so_far() -> None:
    assert command.time_left(0, 100, 5) == timedelta()
    assert command.time_left(25, 100, 5) == timedelta(seconds=15)
    assert command.time_left(120, 100, 5) == timedelta()


# --- whatever ends it -------------------------------------------------------------------------------------------------


def in_a_child(work: Callable[[], None]) -> int:
    """Run it in a process of its own, begun as a copy of this one. Returns the signal that ended it, else 0."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - nothing of the child goes back into the tests
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def upgraded(data: Path, follow: UpgradeFollower | None = None) -> None:
    with hold(data) as lock:
        apply(lock, None, follow or UpgradeFollower())


def watched(data: Path, see: Callable[[], None]) -> int:
    """An upgrade in a child, that sees each time something is asked of the system. Returns as `in_a_child`."""

    def work() -> None:
        def hear(event: str, _about: object) -> None:
            if event.startswith(("open", "os.mkdir", "os.rename", "os.remove", "os.chmod", "shutil.", "sqlite3.")):
                see()

        sys.addaudithook(hear)
        upgraded(data)

    return in_a_child(work)


def moments(data: Path) -> int:
    """How many of them there are."""
    reader, writer = os.pipe()
    assert watched(data, lambda: os.write(writer, b".") and None) == 0
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        return len(file.read())


def killed_at(data: Path, moment: int) -> bool:
    """Kill an upgrade at one of them; False where it was done before."""
    left = moment

    def see() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return watched(data, see) == signal.SIGKILL


def whole(data: Path, before: list[bytes], schemas: tuple[int, int]) -> None:
    """As it was or as it shall be, and so is the backup, where there is one; then done by beginning again."""
    assert number(data) in schemas
    assert records(data) == before
    upgraded(data)
    assert (number(data), records(data)) == (schemas[1], before)
    assert not [path for path in data.parent.iterdir() if path.name.endswith(".unfinished")]
    restore(data.with_name(f"data.schema-{schemas[0]}"), data.with_name("back"), None)
    assert (number(data.with_name("back")), records(data.with_name("back"))) == (schemas[0], before)


def test_killed_at_any_moment_and_begun_again(old: Path, tmp_path: Path, one_more: int) -> None:
    before, was = records(old), number(old)
    of = moments(Path(shutil.copytree(old, tmp_path / "once" / "data")))
    assert of > TIMES
    for moment in range(0, of, of // TIMES):
        folder = tmp_path / f"{moment}"
        assert killed_at(Path(shutil.copytree(old, folder / "data")), moment)
        whole(folder / "data", before, (was, one_more))


@pytest.mark.parametrize("step", range(2, len(MIGRATIONS) + 2))
def test_killed_inside_the_one_transaction(tmp_path: Path, one_more: int, step: int) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    before = records(data)

    def die(number: int) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_a_child(lambda: upgraded(data, UpgradeFollower(reached=die))) == signal.SIGKILL
    assert number(data) == 1
    whole(data, before, (1, one_more))


# --- a folder of a newer program --------------------------------------------------------------------------------------


def newer_schema(data: Path) -> None:
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")


def newer_format(data: Path) -> None:
    (seal_file,) = (data / "evidence" / "sweeps").rglob("000000002/seal.json")
    seal_file.write_bytes(seal_file.read_bytes().replace(b'"v":2', b'"v":3'))


def newer_format_packed(data: Path) -> None:
    newer_format(data)
    (seal_file,) = (data / "evidence" / "sweeps").rglob("000000002/seal.json")
    seal_file.with_name("seal.json.zst").write_bytes(zstandard.compress(seal_file.read_bytes()))
    seal_file.unlink()


NEWER = [newer_schema, newer_format, newer_format_packed]


@pytest.fixture
def sealed(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    fill(folder, [NO_SLOT, OPEN])
    seal(folder)
    return folder


@pytest.fixture
def vigie(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs a command over the data folder in English: its exit code, and what it says on both outputs."""

    def call(*words: str | Path) -> tuple[int, str]:
        done = Vigie(tmp_path / "data", _settings(tmp_path))(*words, "--lang", "en")
        said = [line for line in done.stderr.splitlines(keepends=True) if "yours alone now" not in line]
        return done.returncode, done.stdout + "".join(said)

    return call


def _settings(tmp_path: Path) -> Path:
    config = tmp_path / "monitor.toml"
    config.write_text("[timestamps]\npresets = []\n", encoding="utf-8")
    return config


COMMANDS = [
    "status", "history 95", "table", "stats", "export 95", "health", "gc", "gc --apply", "subscribers list", "outbox",
    "check 95", "run", "reread", "rebuild", "upgrade", "upgrade --apply", "backup TO", "capture 95/cergy-11343",
]  # fmt: skip


@pytest.mark.parametrize("newer", NEWER)
@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_refuses_it_in_one_sentence(
    sealed: Path, tmp_path: Path, vigie: Callable[..., tuple[int, str]], newer: Callable[[Path], None], words: str
) -> None:
    newer(sealed)
    before = {path: path.read_bytes() for path in sealed.rglob("*") if path.is_file()}
    code, said = vigie(*words.replace("TO", str(tmp_path / "to")).split())
    assert (code, said.count("\n")) == (76, 1), said
    assert "install a newer one" in said
    assert {path: path.read_bytes() for path in before} == before
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("newer", NEWER)
def test_the_doctor_says_it_too(
    sealed: Path, vigie: Callable[..., tuple[int, str]], newer: Callable[[Path], None]
) -> None:
    newer(sealed)
    code, said = vigie("doctor")
    assert code == 1
    assert "install a newer one" in said


def test_a_backup_of_a_newer_program_is_not_restored(
    sealed: Path, tmp_path: Path, vigie: Callable[..., tuple[int, str]]
) -> None:
    assert vigie("backup", tmp_path / "to")[0] == 0
    newer_schema(tmp_path / "to")
    sums = (tmp_path / "to" / "SHA256SUMS").read_text().splitlines()
    digest = hashlib.sha256((tmp_path / "to" / "vigie.db").read_bytes()).hexdigest()
    lines = [f"{digest}  vigie.db" if line.endswith("  vigie.db") else line for line in sums]
    (tmp_path / "to" / "SHA256SUMS").write_text("".join(f"{line}\n" for line in lines))
    shutil.rmtree(sealed)
    code, said = vigie("restore", tmp_path / "to")
    assert (code, "install a newer one" in said) == (76, True)
    assert not (sealed / "vigie.db").exists()


def test_an_older_folder_is_backed_up_as_it_is(
    tmp_path: Path, vigie: Callable[..., tuple[int, str]], one_more: int
) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    assert vigie("backup", tmp_path / "to")[0] == 0
    assert (number(data), number(tmp_path / "to")) == (1, 1)
    assert records(tmp_path / "to") == records(data)


def test_a_reader_of_an_older_folder_is_told_the_way(tmp_path: Path, one_more: int) -> None:
    data = Path(shutil.copytree(KEPT[0], tmp_path / "data"))
    with pytest.raises(StoreError, match="`vigie upgrade --apply` brings it forward"), reading(data):
        pass
    newer_schema(data)
    with closing(sqlite3.connect(data / "vigie.db")) as db:
        db.execute(f"PRAGMA user_version={one_more + 1}")
    with pytest.raises(NewerStoreError), reading(data):
        pass
