"""`vigie health`: exit codes for a container, for a person, and the report that is ready to file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.catalogue.catalogue import load
from monitor.store.store import reading
from tests.support.commands import Vigie, settings
from tests.support.records import opened, record

DESK = "95/renouvellement-cergy"
ROTTEN = {"reading": "Unreadable", "why": "layout_changed", "seen": None, "selector": None, "step": None}
CAPTCHA = {"reading": "Obstructed", "obstacle": "captcha", "seen": "Je ne suis pas un robot", "selector": "title"}
ONLINE = {"online": {"start": True, "end": True}}


@pytest.fixture
def vigie(tmp_path: Path) -> Vigie:
    return Vigie(tmp_path / "data", settings(tmp_path))


def swept(
    vigie: Vigie, ended: datetime, says: Mapping[str, Mapping[str, Any]], report: Mapping[str, Any] = ONLINE
) -> None:
    """One sweep in which each desk said something."""
    with opened(vigie.data, ended) as store:
        number = store.begin_sweep(ended, {"due": list(says)})
        for check, said in says.items():
            made = record(store.next_seq(), sweep=number, check=check, at=ended, **said)
            store.append(made, detail=said.get("why") or said.get("obstacle"))
        store.end_sweep(number, ended, report)


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


def test_it_is_well_when_a_sweep_ended_lately(vigie: Vigie) -> None:
    swept(vigie, ago(minutes=30), {DESK: {}})
    told = vigie.json("health")
    assert told["at_work"]
    parts = {part["check"]: part["state"] for plugin in told["plugins"] for part in plugin["parts"]}
    assert parts[DESK] == "well"
    assert parts["95/module-13814"] == "dormant"


@pytest.mark.parametrize(
    ("ended", "report"),
    [(ago(hours=2.1), ONLINE), (ago(minutes=5), {"online": {"start": False, "end": False}}), (None, ONLINE)],
    ids=["late", "our network was down", "never"],
)
def test_it_is_not_at_work_without_a_good_sweep(
    vigie: Vigie, ended: datetime | None, report: Mapping[str, Any]
) -> None:
    if ended:
        swept(vigie, ended, {DESK: {}}, report)
    assert not vigie.json("health", codes=(3,))["at_work"]


def test_a_slow_pace_is_not_late(vigie: Vigie, tmp_path: Path) -> None:
    slow = Vigie(vigie.data, settings(tmp_path, more="[pace]\ncalendar_minutes = 180\n"))
    swept(slow, ago(hours=5), {DESK: {}})
    assert slow.json("health")["sweep"]["limit_minutes"] == 360


@pytest.mark.parametrize("said", [CAPTCHA, ROTTEN], ids=["shut out", "broken"])
def test_what_a_site_does_to_a_desk_leaves_the_container_healthy(vigie: Vigie, said: dict[str, Any]) -> None:
    for hours in (30, 15, 0.1):
        swept(vigie, ago(hours=hours), {DESK: said})
    assert vigie("health").returncode == 0
    assert vigie("health", "95").returncode == (3 if said is ROTTEN else 0)
    assert vigie("health", "92").returncode == 0


def test_a_platform_that_fell_is_one_event(vigie: Vigie) -> None:
    desks = [f"95/{d.slug}" for p in load("prefectures").select(["95"]) for d in p.active_desks]
    swept(vigie, ago(minutes=5), dict.fromkeys(desks, ROTTEN))
    told = vigie.json("health", codes=(3,))
    (fell,) = [one for one in told["platforms"] if one["fell"]]
    assert (fell["platform"], fell["fell"]["unread"], fell["fell"]["of"]) == ("ez_booking", len(desks), len(desks))


def test_a_plugin_that_cannot_be_loaded_is_told_and_the_others_judged(vigie: Vigie, tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    folder.mkdir()
    (folder / "d33_gironde.py").write_text("PREFECTURE = Prefecture(code='33')\n", encoding="utf-8")
    (folder / "d95_val_doise.py").write_text(Path("prefectures/d95_val_doise.py").read_text("utf-8"), encoding="utf-8")
    swept(vigie, ago(minutes=5), {DESK: {}})
    sick = Vigie(vigie.data, settings(tmp_path, more=f'[plugins]\nfolders = ["{folder}"]\n'))
    told = sick.json("health", codes=(3,))
    assert [Path(one["file"]).name for one in told["unusable_plugins"]] == ["d33_gironde.py"]
    assert len(told["plugins"]) == 105
    assert sick("run").returncode == 78
    named = sick("health", "33")
    assert named.returncode == 3
    assert "d33_gironde.py" in named.stdout
    done = sick("health", "33", "--report")
    assert done.stdout.startswith("# d33_gironde.py cannot be loaded")
    assert "Prefecture" in done.stdout
    assert str(tmp_path) not in done.stdout


def test_a_national_service_is_judged_too(vigie: Vigie) -> None:
    told = vigie.json("health", "national")
    keys = [part["check"] for plugin in told["plugins"] for part in plugin["parts"]]
    assert keys
    assert all(key.startswith("national/") for key in keys)
    assert vigie("health", keys[0], "--report").stdout.startswith(f"# {keys[0]} is dormant (")


def test_the_report_names_the_reading_the_digests_and_nobody(vigie: Vigie) -> None:
    said = ROTTEN | {"seen": "Nouveau | *service* 203.0.113.9", "selector": "title"}
    url = "https://www.val-doise.gouv.fr/booking/create/13860/1;jsessionid=SECRET1?token=SECRET2"
    exchange = {"method": "GET", "url": url, "status": 200, "decoded_body_sha256": "ab" * 32, "decoded_body_bytes": 12,
                "local": "10.1.2.3:4", "peer": "192.0.2.9:443"}  # fmt: skip
    for hours in (30, 15, 0.1):
        swept(vigie, ago(hours=hours), {DESK: said | {"exchanges": [exchange], "program": {"version": "0.0.9"}}})
    done = vigie("health", DESK, "--report")
    assert done.returncode == 0
    assert done.stdout.startswith(f"# {DESK} is broken (layout_changed)")
    for words in ("ab" * 32, "ez_booking", "0.0.9", "Nouveau \\| \\*service\\*", f"vigie capture {DESK}"):
        assert words in done.stdout
    assert done.stdout.count("`Unreadable` (layout_changed)") == 4
    for secret in ("SECRET", "10.1.2.3", "192.0.2.9", "ops@example.org", "203.0.113"):
        assert secret not in done.stdout


def test_unknown_desks_and_reports_without_one_are_usage_errors(vigie: Vigie) -> None:
    assert vigie("health", "95/absent").returncode == 64
    assert vigie("health", "--report").returncode == 64


def test_looking_back_is_newest_first_and_leaves_damage_out(vigie: Vigie) -> None:
    for hours in (3, 2, 1):
        swept(vigie, ago(hours=hours), {DESK: {}, "92/x": CAPTCHA})
    with opened(vigie.data) as store, store.transaction() as into:
        into.db.execute("INSERT INTO declared_damage VALUES (2, 0, 'a hole')")
    with reading(vigie.data) as seen:
        assert seen is not None
        told = list(seen[0].back(DESK))
    assert [at for at, *_rest in told] == sorted((at for at, *_rest in told), reverse=True)
    assert [(said, detail) for _at, said, detail, _sim in told] == [("NoSlot", None)] * 2
