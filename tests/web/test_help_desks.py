"""An association subscribes people face to face: by a signed sheet or by the question; it sees counts, and nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.alerts.people.requests import DESK_A_DAY, HelpDesks
from tests.support.commands import called, environment
from tests.support.web import SEED, SITE, Served, serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as one:
        yield one


def vigie(served: Served, *words: str) -> str:
    where = ["--config", str(served.chosen.source), "--data", str(served.chosen.data), "--lang", "en"]
    done = called(["subscribers", "invite", *words, *where], environment())
    assert done.returncode == 0, done.stderr
    return done.stdout


def invited(served: Served) -> str:
    """The path of a new desk's page, as the operator's command gives it."""
    address = json.loads(vigie(served, "Permanence du jeudi", "--json"))["address"]
    assert address.startswith(f"{SITE}/fr/a/AIDE-")
    return urlsplit(address).path


def counts(served: Served, desk: str) -> list[int]:
    return [int(n) for n in re.findall(r"<dd>(\d+)</dd>", served.client.get(desk).text)]


def test_a_signed_sheet_is_a_consent_and_the_question_is_asked_of_others(served: Served) -> None:
    desk = invited(served)
    assert "signature" in served.client.get(f"{desk}/feuille").text
    fields = {"prefecture": ["93", "95"], "address": SEED}
    signed = served.client.post(desk, data={**fields, "how": "signed"})
    served.settled()
    asked = served.client.post(desk, data={**fields, "address": "other@exemple.test", "how": "sent"})
    again = served.client.post(desk, data={**fields, "how": "signed"})
    served.settled()
    assert (signed.status_code, asked.status_code, again.status_code) == (200, 200, 200)
    with served.people() as people:
        (me, other) = people.all()
        assert (me.to.state, me.to.prefectures, other.to.state) == ("active", ("93", "95"), "pending")
        assert (me.consent_text or "").endswith(" signed at desk 1")
    assert b"/g/GERER-" in served.box.kept[0][1], "who signed sees what was understood"
    assert counts(served, desk) == [2, 1]
    shown = served.client.get(desk).text
    assert SEED not in shown
    assert "Permanence" not in shown
    served.client.post(served.link("c", 1))
    assert counts(served, desk) == [2, 2]


def test_the_page_does_not_tell_who_was_known(served: Served) -> None:
    served.consent()
    desk, fields = invited(served), {"prefecture": "93", "how": "sent"}
    known = served.client.post(desk, data={**fields, "address": SEED}).text
    new = served.client.post(desk, data={**fields, "address": "new@exemple.test"}).text
    taken = [re.sub(r"<dd>\d+</dd>", "", one) for one in (known, new)]
    assert taken[0] == taken[1]


def test_what_is_missing_is_said_and_nothing_is_taken(served: Served) -> None:
    desk = invited(served)
    assert served.client.post(desk, data={"prefecture": "93", "address": SEED}).status_code == 422
    assert served.client.post(desk, data={"how": "sent", "address": SEED}).status_code == 422
    cross = {"sec-fetch-site": "cross-site"}
    assert served.client.post(desk, data={"how": "sent"}, headers=cross).status_code == 403
    assert served.states() == []


def test_a_code_ends_and_that_of_nobody_leads_nowhere(served: Served) -> None:
    desk, form = invited(served), {"prefecture": "93", "address": SEED, "how": "signed"}
    assert "Permanence du jeudi" in vigie(served)
    assert json.loads(vigie(served, "--json"))[0]["brought"] == 0
    vigie(served, "--end", "1")
    assert served.client.get(desk).status_code == 404
    assert served.client.post(desk, data=form).status_code == 503
    assert served.client.get(f"/fr/a/AIDE-{'A' * 16}").status_code == 404
    assert served.states() == []


def test_a_code_that_went_astray_takes_no_more_than_a_day_s_work(served: Served) -> None:
    desk = invited(served)
    form = {"prefecture": "93", "how": "signed"}
    seen = [served.client.post(desk, data={**form, "address": f"p{n}@exemple.test"}) for n in range(DESK_A_DAY + 1)]
    assert [one.status_code for one in seen] == [200] * DESK_A_DAY + [503]
    with served.opened() as (db, people):
        assert HelpDesks(db, people).holding(desk.rpartition("/")[2], datetime.now(UTC) + timedelta(days=181)) is None
