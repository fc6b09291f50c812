"""The data for programs: valid to frictionless, the same numbers in every file, dated and the same twice."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from frictionless import Package

from monitor.site.opendata.files import archive_name
from monitor.site.opendata.tables import tables
from tests.site.invented import OPTIONS, UNTIL, VANISHED, built, data, empty

FOUR = ("no_slot", "slot", "other", "not_read")


def written(files: Mapping[str, bytes], root: Path) -> Path:
    """The data folder, on the disk."""
    for path, content in files.items():
        if path.startswith("data/"):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
    return root / "data"


def rows(path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(built()[path].decode())))


@pytest.mark.parametrize("given", [data(), empty(), data(simulated=True)], ids=["figures", "none", "simulated"])
def test_the_package_is_valid(given: object, tmp_path: Path) -> None:
    folder = written(built(given), tmp_path)  # type: ignore[arg-type]
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])


@pytest.mark.parametrize(
    ("was", "now"), [(b"95/", b"94/"), (b"false", b"maybe"), (b",0,", b",-1,")], ids=["desk", "truth", "count"]
)
def test_a_fault_in_a_table_is_found(was: bytes, now: bytes, tmp_path: Path) -> None:
    """That the test above would see one: the key of no desk, no truth, a negative count."""
    folder = written(built(), tmp_path)
    file = folder / "95.csv"
    assert was in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(was, now, 1))
    descriptor = json.loads((folder / "datapackage.json").read_text())
    for one in descriptor["resources"]:
        del one["hash"], one["bytes"]  # which would tell it first
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    assert not Package(str(folder / "datapackage.json")).validate().valid


def test_every_column_is_described_in_both_languages_and_is_there() -> None:
    for name, table in tables().items():
        told = json.loads(built()[f"data/{name}.schema.json"])
        for column, field in zip(table.columns, told["fields"], strict=True):
            assert field["description"] == f"{column.fr} / {column.en}"
            assert column.fr.endswith(".")
            assert column.en.endswith(".")
            assert column.fr != column.en
            assert column.type != "integer" or column.unit, "a number has its unit"
    for path in ("95.csv", "France.csv", "prefectures.csv", "desks.csv"):
        name = {"95.csv": "days", "France.csv": "france"}.get(path, path.removesuffix(".csv"))
        header = built()[f"data/{path}"].decode().splitlines()[0].split(",")
        assert header == [column.name for column in tables()[name].columns]  # type: ignore[index]


def test_the_numbers_are_the_same_everywhere() -> None:
    """A préfecture's table of days, the country's of months, the sums in JSON, and what they were made from."""
    shown: Counter[tuple[str, str, str]] = Counter()
    for code in ("01", "93", "95"):
        for row in rows(f"data/{code}.csv"):
            assert int(row["looks"]) == sum(int(row[name]) for name in FOUR)
            for name in FOUR:
                shown[code, row["date"][:7], name] += int(row[name])
    country = {
        (row["prefecture"], row["month"], name): int(row[name]) for row in rows("data/France.csv") for name in FOUR
    }
    assert country == dict(shown)
    assert len({month for _code, month, _name in shown}) == 4, "August to November"
    made = data()
    for one in made.prefectures:
        total = sum(desk.lately(one.last).looks for desk in one.desks)
        told = json.loads(built()[f"data/{one.code}.json"])
        assert sum(desk["last_30_days"]["looks"] for desk in told["desks"]) == total
    assert {name for _code, _day, name in shown} == set(FOUR)


def test_the_archive_is_dated_and_the_same_whoever_makes_it() -> None:
    name = archive_name(data())
    assert name == "vigie-prefectures-2026-11-28.tar.xz"
    assert built(data()) == built(data())
    with tarfile.open(fileobj=io.BytesIO(built()[f"data/{name}"])) as kept:
        held = {}
        for entry in kept:
            assert (entry.mtime, entry.isfile()) == (UNTIL.timestamp(), True)
            file = kept.extractfile(entry)
            assert file is not None
            held[entry.name] = file.read()
            assert held[entry.name] == built()[f"data/{entry.name}"]
        listed = {one["path"] for one in json.loads(held["datapackage.json"])["resources"]}
        assert listed | {"LICENCE.txt", "datapackage.json"} | {f"{one}.schema.json" for one in tables()} == set(held)


def test_the_newest_checkpoint_is_given_as_it_was_signed() -> None:
    assert built()["checkpoint"] == data().checkpoint
    assert "checkpoint" not in built(empty())


def test_a_change_stands_in_the_file_of_its_prefecture_with_both_sentences() -> None:
    (change,) = json.loads(built()["data/95.json"])["changes"]
    assert (change["before"], change["after"]) == (VANISHED.before, None)
    assert (change["before_at"], change["after_at"]) == ("2026-11-13T09:12:40+00:00", "2026-11-20T09:12:44+00:00")
    assert (change["before_observation"], change["after_observation"]) == (4012, 4711)


def test_every_file_says_licence_and_source_or_stands_beside_what_does() -> None:
    told = json.loads(built()["data/datapackage.json"])
    assert told["licenses"][0]["name"] == "etalab-2.0"
    assert "2026-11-28 à 06:40 UTC" in told["description"]
    assert OPTIONS.base_url in built()["data/LICENCE.txt"].decode()
    away = built(options=replace(OPTIONS, base_url=""))
    assert "homepage" not in json.loads(away["data/datapackage.json"])


def test_invented_figures_say_so_in_every_file() -> None:
    files = built(data(simulated=True))
    for path, content in files.items():
        if path.startswith("carnet/"):  # the diary has no figure of ours
            continue
        text = content.decode() if not path.endswith(".tar.xz") else ""
        if (
            path.endswith(".csv")
            and path.startswith("data/")
            and path not in ("data/prefectures.csv", "data/desks.csv")
        ):
            assert all(line.endswith(",true") for line in text.splitlines()[1:]), path
        elif path.endswith((".atom", ".html", "datapackage.json", "LICENCE.txt")):
            assert "SIMULATION" in text, path
        elif path.startswith("data/") and path.endswith(".json") and ".schema." not in path:
            assert json.loads(text)["simulated"] is True, path
