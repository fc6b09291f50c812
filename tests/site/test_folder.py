"""The folder a site is served from: whole at every moment, ours alone, the same for the same files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from monitor.core.errors import LockedError, UsageError
from monitor.site.folder import MARK, Built, build, remove
from monitor.site.frame import Output

ROOT = Path(__file__).resolve().parents[2]
KILLS = 200


def files(word: str, count: int = 3) -> Sequence[Output]:
    return [Output(f"fr/{n}.html", f"{word} {n}".encode()) for n in range(count)]


def tree(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def beside(out: Path) -> set[str]:
    return set(os.listdir(out.parent))


def test_a_site_is_built_replaced_and_taken_down(tmp_path: Path) -> None:
    out = tmp_path / "www" / "site"
    assert build(out, files("one")) == Built(4, sum(map(len, tree(out).values())), changed=True)
    first = tree(out)
    assert build(out, files("one")).changed is False
    assert tree(out) == first
    assert build(out, files("two", 1)).changed
    assert set(tree(out)) == {"fr/0.html", MARK}
    assert len(beside(out)) == 3, "the link, what it leads to, the lock"
    assert remove(out)
    assert not beside(out)
    assert not remove(out)


def test_what_did_not_change_keeps_its_date(tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(out, [Output("a.html", b"a"), Output("b.html", b"b")])
    os.utime(out / "a.html", (1_000_000_000, 1_000_000_000))
    build(out, [Output("a.html", b"a"), Output("b.html", b"other")])
    assert (out / "a.html").stat().st_mtime == 1_000_000_000
    assert (out / "b.html").stat().st_mtime > 1_000_000_000
    assert {(out / name).stat().st_mode & 0o777 for name in ("a.html", "b.html")} == {0o644}


@pytest.mark.parametrize("kind", ["folder", "file", "link", "broken link"])
def test_what_is_not_its_own_is_left_alone(tmp_path: Path, kind: str) -> None:
    out, other = tmp_path / "site", tmp_path / "other"
    other.mkdir()
    (other / "photo.jpg").write_bytes(b"mine")
    match kind:
        case "folder":
            other.rename(out)
        case "file":
            out.write_bytes(b"mine")
        case "link":
            out.symlink_to(other)
        case "broken link":
            out.symlink_to(tmp_path / "nowhere")
    before = tree(tmp_path)
    for attempt in (lambda: build(out, files("one")), lambda: remove(out)):
        with pytest.raises(UsageError, match="site"):
            attempt()
    assert {path: data for path, data in tree(tmp_path).items() if not path.endswith(".lock")} == before


@pytest.mark.parametrize("out", ["/", ".", ".."])
def test_a_folder_without_a_name_is_refused(out: str) -> None:
    for attempt in (lambda: build(Path(out), files("one")), lambda: remove(Path(out))):
        with pytest.raises(UsageError, match="name"):
            attempt()


def test_an_empty_folder_makes_room(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    assert build(tmp_path / "site", files("one")).changed


def test_two_builds_do_not_meet(tmp_path: Path) -> None:
    out = tmp_path / "site"

    def during() -> Iterator[Output]:
        yield Output("a.html", b"a")
        with pytest.raises(LockedError):
            build(out, files("other"))

    build(out, during())
    assert set(tree(out)) == {"a.html", MARK}


@pytest.mark.parametrize("path", ["../a.html", "/a.html", "a//b", ".hidden", "a/../b"])
def test_no_file_stands_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="no file of a site"):
        build(tmp_path / "site", [Output(path, b"")])


_BUILDER = """
import sys
from pathlib import Path
from monitor.site.folder import build
from monitor.site.frame import Output
out, n = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
while True:
    build(out, [Output(f"{k}.html", f"{n}".encode() * 2000) for k in range(12)])
    n += 1
"""


def whole(out: Path) -> bool:
    """Whether all pages of the site, as the link leads to it at one moment, are of one build."""
    found = out.resolve(strict=True)
    pages = sorted(found.glob("*.html"))
    return len(pages) == 12 and len({page.read_bytes() for page in pages}) == 1 and (found / MARK).is_file()


@pytest.mark.long
def test_whoever_is_killed_leaves_one_whole_site(tmp_path: Path) -> None:
    """SIGKILL at 200 points of builds that follow one another; the next build cleans up what is left."""
    kills(tmp_path / "site", KILLS)


def test_whoever_is_killed_leaves_one_whole_site_some_times(tmp_path: Path) -> None:
    kills(tmp_path / "site", 5)


def kills(out: Path, times: int) -> None:
    chance = random.Random(20)
    build(out, [Output(f"{k}.html", b"first" * 400) for k in range(12)])
    for n in range(times):
        child = subprocess.Popen(
            [sys.executable, "-c", _BUILDER, str(out), str(n * 1000)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with child:
            assert child.stdout is not None
            assert child.stdin is not None
            assert child.stdout.readline() == "ready\n"
            child.stdin.write("\n")
            child.stdin.flush()
            time.sleep(chance.random() * 0.12)  # where the kill falls; nothing depends on how far the build is
            child.kill()
        assert whole(out)
    build(out, files("last"))
    assert len(beside(out)) == 3
