"""What a build finds in a store as sweeps leave it: a vanished PAN, desks declared no more, what counts no more."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitor.core.changes import changes
from monitor.core.record import digest
from monitor.report.remarks import Unconfirmed
from monitor.report.rereadings import keep
from monitor.store.store import reading
from tests.support.facts import published
from tests.support.sites import CERGY, OPTIONS, every, gathered, look, recorded, site_of

NOW = datetime(2026, 11, 30, 15, 7, tzinfo=UTC)
PAGE = "https://www.val-doise.gouv.fr/Prendre-un-rendez-vous"
NOTICE = "95/notices/page-rendez-vous"
PAN = "Le point d'accueil numérique vous accueille."


def told(*, pan: bool) -> Mapping[str, Any]:
    """The facts of the page, which publishes a PAN or does not."""
    facts: dict[str, Any] = published(None)["facts"]
    if not pan:
        facts["pan"] = {"status": "not_found", "seen": None, "for_foreigners": None}
    return facts


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight days: the PAN is on the page for four; once the page cannot be read; then it is there no more."""
    folder = tmp_path_factory.mktemp("gather") / "data"
    sweeps = []
    before: Mapping[str, Any] | None = None
    for n, at in enumerate(every(NOW, 8, 24)):
        if n == 4:
            seen: dict[str, Any] = {"obstacle": "captcha", "detail": "captcha", "seen": "Captcha"}
            notice = look(NOTICE, "Obstructed", url=PAGE, **seen)
        else:
            facts = told(pan=n < 4)
            found = changes(before, facts) if before else ()
            before = facts
            more = {"changes": [one.to_json() for one in found]} if found else {}
            notice = look(NOTICE, "Published" if n < 4 else "NotFound", url=PAGE, facts=facts, seen=PAN, **more)
        sweeps.append((at, [look(), notice, look("95/autrefois", label="Guichet d'autrefois")]))
    recorded(folder, sweeps, NOW)
    return folder


def test_a_pan_that_vanishes_is_told_with_both_sentences_days_and_observations(data: Path) -> None:
    (view,) = gathered(data, NOW).prefectures
    (change,) = view.changes
    last, first = every(NOW, 8, 24)[3], every(NOW, 8, 24)[5]
    assert (change.fact, change.kind, change.before, change.after) == ("pan", "no_longer_found", PAN, None)
    assert (change.was_at, change.at) == (last, first), "the look at a captcha is no reading"
    assert (change.was_seq, change.seq) == (10, 16)
    site = site_of(data, NOW)
    page = site["en/95.html"].decode().partition('<ol class="changes">')[2]
    for words in ("26 November 2026", "24 November 2026", "observation 10", "observation 16", "no longer found"):
        assert words in page
    assert PAN.replace("'", "&#39;") in page
    for path in ("notices.atom", "95/notices.atom"):
        (entry,) = feedparser.parse(site[path]).entries
        text = entry.content[0].value
        assert PAN in text
        assert all(
            words in text for words in ("2026-11-24 15:07", "2026-11-26 15:07", "observation 10", "observation 16")
        )
    (item,) = json.loads(site["95/notices.json"])["items"]
    assert (item["_vigie"]["before"], item["_vigie"]["after"]) == (PAN, None)


def test_a_change_of_less_than_a_day_ago_is_told_nowhere(tmp_path: Path) -> None:
    sweeps = []
    for at, pan in ((NOW - timedelta(hours=50), True), (NOW - timedelta(hours=23, minutes=59), False)):
        more = {} if pan else {"changes": [one.to_json() for one in changes(told(pan=True), told(pan=False))]}
        kind = "Published" if pan else "NotFound"
        sweeps.append((at, [look(), look(NOTICE, kind, url=PAGE, facts=told(pan=pan), seen=PAN, **more)]))
    recorded(tmp_path / "data", sweeps, NOW)
    (view,) = gathered(tmp_path / "data", NOW).prefectures
    assert not view.changes
    assert view.picture.pan == "published"
    (later,) = gathered_after(tmp_path / "data", sweeps).prefectures
    assert [one.kind for one in later.changes] == ["no_longer_found"]


def gathered_after(data: Path, sweeps: Any) -> Any:
    """The same store, counted an hour later."""
    recorded(data, [], NOW + timedelta(hours=1))
    return gathered(data, NOW + timedelta(hours=1))


def test_a_desk_that_is_declared_no_more_keeps_its_figures(data: Path) -> None:
    (view,) = gathered(data, NOW).prefectures
    (old,) = [desk for desk in view.desks if not desk.declared]
    assert (old.key, old.label) == ("95/autrefois", "Guichet d'autrefois")
    assert old.lately(view.last).none == 9
    page = site_of(data, NOW)["en/95.html"].decode()
    assert "no longer watched" in page
    assert not any("notices" in desk.key for desk in view.desks), "a page is no desk"


def test_what_is_read_otherwise_today_counts_no_more_and_says_why(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    recorded(folder, [(at, [look()]) for at in every(NOW, 3)], NOW)
    with reading(folder) as opened:
        assert opened is not None
        rows = opened[0].history(CERGY)
    before = gathered(folder, NOW).prefectures[0].lately()
    gone = [
        Unconfirmed(
            seq=row.seq, check=CERGY, line_sha256=digest(row.line), recorded="NoSlot", asks="", at=NOW, program="0",
            now={"reading": "Unreadable", "why": "text"},
        )
        for row in rows[:2]
    ]  # fmt: skip
    keep(folder, gone)
    (view,) = gathered(folder, NOW).prefectures
    assert (before.none, view.lately().none) == (13, 11)
    said = next(desk.said for desk in view.desks if desk.key == CERGY)
    assert said is not None
    assert said.remark is not None
    assert said.remark.label.words.encode() in site_of(folder, NOW, options=OPTIONS)["en/95.html"]


def test_what_a_site_wrote_is_text_and_never_markup(tmp_path: Path) -> None:
    hostile = "</p><script>alert(1)</script><img src=x onerror=alert(1)> \N{RIGHT-TO-LEFT OVERRIDE}{{ 7*7 }}"
    recorded(
        tmp_path / "data",
        [(at, [look(seen=hostile), look("95/autrefois", label=hostile, seen=hostile)]) for at in every(NOW, 2)],
        NOW,
    )
    for path, content in site_of(tmp_path / "data", NOW).items():
        if path.endswith(".html") and not path.startswith("carnet/"):  # the diary shows nothing that a site wrote
            page = content.decode()
            assert "<script" not in page, path
            assert "<img" not in page, path
            assert page.count("alert(1)") == page.count("alert(1)&gt;") + page.count("alert(1)&lt;"), path
