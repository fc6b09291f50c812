"""Each page for readers says the same in both languages, shows commands that are accepted, and names what exists."""

from __future__ import annotations

import json
import re
import shlex
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.parser import build
from monitor.core.readings import CLASSES
from monitor.settings.settings import parse

ROOT = Path(__file__).resolve().parents[2]
README = ("README.md", "README.fr.md")
# One idea a page, English and French.
PAGES = ("INSTALL", "SUBSCRIBERS", "DAILY", "PROOF", "CASE", "FIGURES", "DUTIES", "LIMITS", "SELF-SERVICE", "SITE")
PAIRS = [README, *((f"docs/{page}.md", f"docs/fr/{page}.md") for page in PAGES)]
BOTH_OF_EACH = pytest.mark.parametrize(("en", "fr"), PAIRS, ids=[en for en, _fr in PAIRS])
EVERY = pytest.mark.parametrize("name", [name for pair in PAIRS for name in pair])
LANGUAGES = pytest.mark.parametrize("language", [0, 1], ids=["en", "fr"])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|\s+)#\s.*$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(name: str) -> str:
    """The text without its code blocks, in which # begins no heading."""
    return FENCE.sub("", text(name))


def headings(name: str) -> list[tuple[int, str]]:
    return [(len(found[1]), found[2]) for found in re.finditer(r"^(#+) (.+)$", prose(name), re.MULTILINE)]


def blocks(name: str) -> list[tuple[str, list[str]]]:
    """Kind and lines of each code block, without comments, which are in the README's own language."""
    return [
        (kind, [line for whole in body.splitlines() if (line := COMMENT.sub("", whole))])
        for kind, body in FENCE.findall(text(name))
    ]


def typed(name: str) -> list[str]:
    """Lines of shell, as somebody would type them."""
    return [line for kind, body in blocks(name) if kind == "sh" for line in body]


def named(name: str) -> list[str]:
    """What stands in the prose between backticks: whole commands, and names of commands."""
    return re.findall(r"`([^`\n]+)`", prose(name))


def calls(line: str) -> Iterator[list[str]]:
    """The arguments of each call of `vigie` in a line: as oneself, by sudo, or in the container."""
    for part in re.split(r"&&|[|;<>]", line):
        own = re.sub(r"^\s*(?:sudo (?:-u \w+ )?|podman run .*(?=localhost/))", "", part)
        if found := re.fullmatch(r"(?:\S+/)?vigie(?::latest)? (?!\"\$@)(.+)", own.strip()):
            yield shlex.split(found[1])


def accepted(argv: list[str]) -> bool:
    """Whether the program's parser takes it. It says what is wrong on standard error, and exits."""
    try:
        build().parse_args(argv)
    except SystemExit as end:
        return end.code == 0
    return True


def anchor(title: str) -> str:
    """How GitHub names a heading: lower case, words joined by hyphens, punctuation left out."""
    kept = "".join(c for c in title.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
    return kept.replace(" ", "-")


def links(name: str) -> list[str]:
    return [link for link in LINK.findall(prose(name)) if not link.startswith("https://")]


def files(name: str) -> list[str]:
    """The files a page links, from the root; those that have a French page beside them by their English name."""
    folder = (ROOT / name).parent
    found = [(folder / link.partition("#")[0]).resolve().relative_to(ROOT) for link in links(name) if link[0] != "#"]
    english = {fr: en for en, fr in PAIRS}
    return [english.get(str(path), str(path)) for path in found]


@BOTH_OF_EACH
def test_the_headings_are_the_same(en: str, fr: str) -> None:
    assert [level for level, _ in headings(en)] == [level for level, _ in headings(fr)]
    assert len(headings(en)) > (0 if en != README[0] else 8)


@BOTH_OF_EACH
def test_the_commands_and_settings_are_the_same(en: str, fr: str) -> None:
    assert blocks(en) == blocks(fr)


@BOTH_OF_EACH
def test_the_tables_have_the_same_rows_and_name_the_same_things(en: str, fr: str) -> None:
    def rows(name: str) -> list[list[str]]:
        return [re.findall(r"`([^`]+)`", line) for line in prose(name).splitlines() if line.startswith("|")]

    assert rows(en) == rows(fr)


@BOTH_OF_EACH
def test_the_links_and_pictures_are_the_same(en: str, fr: str) -> None:
    assert files(en) == files(fr)


@EVERY
def test_every_command_shown_is_accepted(name: str) -> None:
    found = [argv for line in typed(name) for argv in calls(line)]
    assert [argv for argv in found if not accepted(argv)] == []


@LANGUAGES
def test_the_pages_show_the_commands_that_matter(language: int) -> None:
    found = [argv for pair in PAIRS for line in typed(pair[language]) for argv in calls(line)]
    assert len(found) > 40
    assert ["run"] in found


@EVERY
def test_every_command_named_is_one(name: str) -> None:
    """In the prose a command may stand without what it wants."""
    found = [argv for line in named(name) for argv in calls(line)]
    assert [argv for argv in found if not accepted(argv) and not accepted([*argv, "--help"])] == []


@EVERY
def test_every_make_target_shown_exists(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    lines = [*typed(name), *named(name)]
    asked = {word for line in lines for word in re.findall(r"^(?:sudo )?make (?:-C \S+ )?([a-z-]+)", line)}
    assert asked <= targets
    assert name not in README or {"run", "test", "demo"} <= asked


@pytest.mark.parametrize("name", ["docs/INSTALL.md", "docs/fr/INSTALL.md"])
def test_the_settings_shown_are_known(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_MAIL_PASSWORD", "secret")
    (tmp_path / "racines.pem").touch()
    (toml,) = ["\n".join(body) for kind, body in blocks(name) if kind == "toml"]
    found = parse(toml, tmp_path / "monitor.toml", tmp_path)
    assert found.watch.prefectures == ("93", "95")


@EVERY
def test_every_file_and_section_linked_exists(name: str) -> None:
    for link in links(name):
        path, _, section = link.partition("#")
        target = ((ROOT / name).parent / path).resolve() if path else ROOT / name
        assert target.is_file(), link
        assert not section or section in {anchor(title) for _, title in headings(str(target))}, link


@pytest.mark.parametrize("name", README)
def test_every_page_is_reached_from_the_readme(name: str) -> None:
    assert {f"docs/{page}.md" for page in PAGES} <= set(files(name))


@pytest.mark.parametrize("name", README)
def test_every_reading_is_explained(name: str) -> None:
    assert {one for one in CLASSES if f"`{one}`" not in text(name)} == set()


@pytest.mark.parametrize("name", ["docs/FIGURES.md", "docs/fr/FIGURES.md"])
def test_the_figures_are_those_measured(name: str) -> None:
    """A page left as it was after `make bench` tells of another program or machine."""
    measured = json.loads(text("bench/results.json"))
    pairs, others = measured["peers"]["pairs"], measured["peers"]["others"]
    said = re.sub(r"(?<=\d),(?=\d)", ".", prose(name))
    table = re.findall(r"^\| (\S+)[^|]*\| ([\d.]+) ms \| (\d+) \|$", said, re.MULTILINE)
    rows = {
        "vigie": pairs["vigie"],
        "urlwatch": pairs["urlwatch"],
        "urlwatch, css": others["urlwatch, css"],
        "webchanges": others["webchanges"],
        "changedetection.io": others["changedetection.io"],
    }
    assert table == [
        (peer.partition(",")[0], f"{row['cpu_ms_a_check_median']:.1f}", str(row["rounds"]))
        for peer, row in rows.items()
    ]
    ratios = (pairs["median_ratio"], min(pairs["ratios"]), max(pairs["ratios"]), pairs["goal"])
    for figure in (*(f"{ratio:.2f}" for ratio in ratios), measured["date"][:10], measured["machine"]["python"]):
        assert figure in said, figure
    met = pairs["median_ratio"] <= pairs["goal"]
    assert met != ("is not met" in said or "n'est pas atteint" in said)


@pytest.mark.parametrize("name", [*README, "docs/LIMITS.md", "docs/fr/LIMITS.md"])
def test_the_numbers_of_prefectures_are_those_declared(name: str) -> None:
    declared = text("prefectures/README.md")
    for pattern in (r"(\d+) préfectures, \d+ desks", r"no desk and no page known[^(]*\((\d+)\)"):
        (number,) = re.findall(pattern, declared)
        assert re.search(rf"\b{number}\b", prose(name)), number


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "pictures").iterdir()), ids=lambda path: path.name)
def test_pictures_are_shown_and_small(picture: Path) -> None:
    assert picture.stat().st_size < 150_000
    assert any(f"/main/docs/pictures/{picture.name})" in text(pair[0]) for pair in PAIRS)


def test_every_test_named_in_security_exists() -> None:
    """A second name in a cell may leave the folder of the first out."""
    named = 0
    for line in text("SECURITY.md").splitlines():
        folder = ROOT
        for word in re.findall(r"`((?:tests/\S+)|(?:test_\w+\.py))`", line):
            path = (ROOT if "/" in word else folder) / word
            assert path.exists(), word
            folder = path.parent
            named += 1
    assert named > 15
