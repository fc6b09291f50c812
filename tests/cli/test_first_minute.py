"""What a person sees of a sweep on a terminal: one line while it goes on, then a summary; one sentence offline."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.running.following.progress import HINT_AFTER, Progress
from monitor.sweep.plan import Skipped
from tests.simulator.client import Simulator
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, environment, settings
from tests.support.terminal import WIPE, Screen, on_terminal
from tests.sweep.test_follow import look

VAL_DOISE, MODULE = "www.val-doise.gouv.fr", "/booking/create/13860"
WATCHED = '[watch]\nprefectures = ["95", "38", "75"]\n'
SCALE = 0.005


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with in_process(tmp_path_factory.mktemp("ca"), "--time-scale", str(SCALE)) as running:
        yield running


@pytest.fixture
def vigie(running: Simulator, tmp_path: Path) -> Vigie:
    running.reset()
    return Vigie(tmp_path / "data", settings(tmp_path, running, scale=SCALE, more=WATCHED))


def shown(vigie: Vigie, *words: str, lang: str = "fr", columns: int = 80) -> Screen:
    return on_terminal(vigie.command(*words, "--lang", lang), environment(), columns)


# --- without network --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "Notre propre réseau ne répond pas : rien n'est dit des préfectures."),
        ("en", "Our own network does not answer: nothing is said of the préfectures."),
    ],
)
def test_without_network_two_lines_are_left_on_the_terminal(
    vigie: Vigie, running: Simulator, lang: str, said: str
) -> None:
    running.offline(True)
    seen = shown(vigie, "run", lang=lang)
    sentence, tried = seen.lines
    assert (seen.code, sentence.replace("\N{NO-BREAK SPACE}", " ")) == (3, said)
    assert "make demo" in tried
    assert "vigie doctor" in tried
    assert running.log() == []


def test_without_network_each_check_stands_there_when_it_is_asked_for(vigie: Vigie, running: Simulator) -> None:
    running.offline(True)
    seen = shown(vigie, "run", "-v", columns=300)
    assert sum("notre propre réseau ne répondait pas" in line for line in seen.lines) > 5
    assert "95/renouvellement-cergy" in seen.written


def test_without_network_a_check_by_hand_says_the_same(vigie: Vigie, running: Simulator) -> None:
    running.offline(True)
    seen = shown(vigie, "check", "95")
    assert (seen.code, len(seen.lines), max(map(len, seen.lines)) <= 80) == (3, 2, True)


# --- with it ----------------------------------------------------------------------------------------------------------


def test_a_sweep_ends_with_a_summary_that_fits_and_names_no_reading_by_its_class(
    vigie: Vigie, running: Simulator
) -> None:
    running.show(VAL_DOISE, MODULE, "slots")
    seen = shown(vigie, "run", lang="en")
    text = "\n".join(seen.lines)
    assert seen.code in (0, 3)
    assert seen.lines[0].startswith("Sweep 1: ")
    for part in (
        "SIMULATION",
        " desks of 3 préfectures: 1 shows a slot",
        "Also read: ",
        "Open:",
        "95 Val-d'Oise, ",
        "Not read, ",
        "Next:",
    ):
        assert part in text
    assert "https://www.val-doise.gouv.fr/booking/create/13860" in text
    assert [line for line in seen.lines if len(line) > 80 and "https://" not in line] == []
    assert not any(name in text for name in ("SlotsOpen", "NoSlot", "Obstructed", "Unread", "Unreached", "None"))
    assert len(seen.lines) < 40


def test_one_line_says_how_far_it_is_and_is_gone_at_the_end(vigie: Vigie) -> None:
    seen = shown(vigie, "run", columns=60)
    told = [part for part in seen.written.split(WIPE) if "regardés" in part.partition("\r\n")[0]]
    assert any(" · 95 Val" in part for part in told)
    assert all(len(part.partition("\r\n")[0]) < 60 for part in told if part.startswith(tuple("0123456789")))
    assert " regardés, " not in "\n".join(seen.lines[1:])


def test_where_no_slot_was_seen_that_is_all_that_is_said(vigie: Vigie, running: Simulator) -> None:
    text = "\n".join(shown(vigie, "run", lang="en").lines)
    assert "No slot was seen. A page that was not read is not counted as a page without one." in " ".join(text.split())
    assert "Open:" not in text


def test_piped_it_is_silent_save_where_the_summary_is_asked_for(vigie: Vigie, running: Simulator) -> None:
    running.show(VAL_DOISE, MODULE, "layout_changed")
    done = vigie("run", "--summary", "--lang", "en")
    assert done.returncode == 3
    assert done.stderr == ""
    assert done.stdout.startswith("Sweep 1: ")
    assert "page not recognised (95)" in done.stdout


# --- how long it still takes ------------------------------------------------------------------------------------------


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_after_half_a_minute_it_says_once_what_is_quicker() -> None:
    out, watch = io.StringIO(), Watch()
    progress = Progress(1.0, {}, "vigie check 95", out, watch)
    progress.begins([look(str(n), "x.gouv.fr") for n in range(200)])
    progress.passed(Skipped("01/0", "host"))
    assert "vigie check" not in out.getvalue()
    for n in range(1, 5):
        watch.at = HINT_AFTER + n
        progress.passed(Skipped(f"01/{n}", "host"))
    assert out.getvalue().count("vigie check 95\n") == 1


def test_who_is_nearly_done_is_told_of_nothing_quicker() -> None:
    out, watch = io.StringIO(), Watch()
    progress = Progress(1.0, {}, "vigie check 95", out, watch)
    progress.begins([look(str(n), "x.gouv.fr") for n in range(20)])
    for n in range(19):
        watch.at += 2.0
        progress.passed(Skipped(f"01/{n}", "host"))
    assert watch.at > HINT_AFTER
    assert "vigie check" not in out.getvalue()
    assert "19 " in out.getvalue().rpartition(WIPE)[2]
