"""What the operator is told of the pages, and what messages say of them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.people import budget
from monitor.alerts.people.subscribers import ANSWER_WITHIN
from monitor.alerts.send import outbox
from monitor.alerts.send.asking import LINK_FOR
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.samples import sample
from monitor.ops.webcheck import pages, proxy_logs, signatures
from monitor.web.limits import WINDOW
from monitor.web.words import NAMES
from tests.alerts.test_notify import free_port
from tests.support.commands import ROOT
from tests.support.outbox import wishes
from tests.support.web import serving

SOCKET = Path("/run/vigie/web.sock")
SAMPLES = {"caddy": "config/caddy/Caddyfile", "nginx/conf.d": "config/nginx/vigie.conf"}


@pytest.mark.parametrize("folder", SAMPLES)
def test_the_samples_log_no_path_and_what_takes_it_away_is_found(tmp_path: Path, folder: str) -> None:
    text = (ROOT / SAMPLES[folder]).read_text("utf-8")
    path = tmp_path / "etc" / folder / "vigie"
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    assert [*proxy_logs(tmp_path, SOCKET)] == []
    for quiet in ("output discard", "access_log off;", "error_log /dev/null crit;"):
        if quiet in text:
            path.write_text(text.replace(quiet, ""), "utf-8")
            (found,) = proxy_logs(tmp_path, SOCKET)
            assert (found.state, str(path) in found.says) == ("FAIL", True)
    path.write_text("server { proxy_pass http://unix:/run/other.sock; }", "utf-8")
    assert [*proxy_logs(tmp_path, SOCKET)] == []


@pytest.mark.parametrize(
    ("conf", "state"),
    [
        ("Domain exemple.org\n", "WARN"),
        ("#OversignHeaders List-Unsubscribe-Post\n", "WARN"),
        ("SignHeaders *,+List-Unsubscribe,+List-Unsubscribe-Post\n", "OK"),
        ("SignHeaders *,+list-unsubscribe-post\n", "OK"),
    ],
)
def test_what_signs_our_messages_is_looked_at(tmp_path: Path, conf: str, state: str) -> None:
    assert signatures(tmp_path) is None
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/opendkim.conf").write_text(conf, "utf-8")
    found = signatures(tmp_path)
    assert found is not None
    assert found.state == state


def test_a_press_to_leave_is_tried_with_a_code_of_nobody(tmp_path: Path) -> None:
    port = free_port()
    assert pages(f"http://127.0.0.1:{port}").state == "FAIL"
    with serving(tmp_path, f"port = {port}"):
        assert pages(f"http://127.0.0.1:{port}").state == "OK"


def test_an_alert_bears_the_ways_to_leave_and_to_change() -> None:
    head = Letterhead(web="https://vigie.exemple.test", mailbox="alerte@exemple.test")
    message = compose([sample("slots_open")], wishes(), head, stop="STOP-ABCDEFGHIJKLMNOP")
    assert message.headers["List-Unsubscribe"] == (
        "<https://vigie.exemple.test/fr/u/STOP-ABCDEFGHIJKLMNOP>, "
        "<mailto:alerte@exemple.test?subject=STOP-ABCDEFGHIJKLMNOP>"
    )
    assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for body in (message.text, message.html):
        assert "https://vigie.exemple.test/fr/u/STOP-ABCDEFGHIJKLMNOP" in body
        assert "https://vigie.exemple.test/fr/gerer" in body
    bare = compose([sample("slots_open")], wishes(), Letterhead(), stop="STOP-ABCDEFGHIJKLMNOP")
    assert "List-Unsubscribe-Post" not in bare.headers
    assert "gerer" not in bare.text


def test_the_figures_of_the_privacy_page_are_those_the_program_goes_by(tmp_path: Path) -> None:
    """Taken one by one from what is in force: another setting, another figure."""
    with serving(tmp_path, "questions_an_hour = 41\nquestions_a_day = 211\nnetwork_an_hour = 17") as served:
        for language in NAMES:
            text = served.client.get(f"/{language}/vie-privee").text
            figures = {
                int(one) for one in re.findall(r"(?<![A-Za-z0-9.&#-])\d+(?![\w.%])", text.partition("<main>")[2])
            }
            wanted = {
                ANSWER_WITHIN // timedelta(hours=1),
                outbox.KEPT // timedelta(days=1),
                budget.KEPT // timedelta(days=1),
                budget.QUESTIONS,
                LINK_FOR // timedelta(minutes=1),
                int(WINDOW) // 60,
                41,
                211,
                17,
            }
            assert wanted <= figures, (language, figures)
            assert figures <= wanted, (language, figures)
            assert "ops@exemple.test" in text


def test_the_retention_table_has_the_figures_the_program_goes_by() -> None:
    table = (ROOT / "docs/SELF-SERVICE.md").read_text("utf-8").partition("## Retention")[2].partition("##")[0]
    rows = {row.split("|")[2].strip(" `"): row.split("|")[3] for row in table.splitlines() if row.startswith("| ")}
    assert f"{budget.KEPT // timedelta(days=1)} days" in rows["spent"]
    assert f"{outbox.KEPT // timedelta(days=1)} days" in rows["outbox"]
    assert f"{int(WINDOW) // 60} minutes" in rows["memory"]
    assert f"{ANSWER_WITHIN // timedelta(hours=1)} hours" in table


def test_the_french_page_of_the_operator_has_the_same_tables() -> None:
    def cells(name: str) -> list[list[str]]:
        text = (ROOT / name).read_text("utf-8")
        return [re.findall(r"`([^`]+)`", row) for row in text.splitlines() if row.startswith("| ")]

    def figures(name: str) -> list[list[str]]:
        text = (ROOT / name).read_text("utf-8").partition("| `subscriber` |")[2]
        return [re.findall(r"\d+", row) for row in text.splitlines() if row.startswith("| ")]

    pages = "docs/SELF-SERVICE.md", "docs/fr/SELF-SERVICE.md"
    assert cells(pages[0]) == cells(pages[1])
    assert figures(pages[0]) == figures(pages[1])
