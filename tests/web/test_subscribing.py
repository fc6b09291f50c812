"""A person's way through the pages: subscribe, say yes, change, leave; nothing happens by opening a link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.site.publish import site_options
from tests.site.invented import built
from tests.support.web import SEED, SITE, Served, serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path) as one:
        yield one


def test_from_the_form_to_leaving(served: Served) -> None:
    form = served.client.get("/fr/")
    assert form.status_code == 200
    assert 'action="/fr/abonnement"' in form.text
    assert "<script" not in form.text
    answer = served.subscribe(procedure=["renewal"], before="2099-01-31", discreet="1")
    assert answer.status_code == 202
    served.settled()
    (question,) = served.mails()
    assert question["To"] == SEED
    assert question["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert question["List-Unsubscribe"].startswith(f"<{SITE}/fr/u/STOP-")
    assert served.states() == ["pending"]
    yes = served.link("c")
    assert served.client.get(yes).status_code == 200
    assert served.states() == ["pending"]
    done = served.client.post(yes)
    assert (done.status_code, served.states()) == (200, ["active"])
    with served.people() as people:
        (holder,) = people.all()
        assert (holder.to.prefectures, holder.to.procedures, holder.to.discreet) == (("93",), ("renewal",), True)
        assert str(holder.to.before) == "2099-01-31"
        assert holder.consent_text is not None
        assert holder.consent_text.endswith(" web")
    assert served.client.post(yes).status_code == 200  # pressed twice
    own = re.search(r'href="(/fr/g/GERER-[^"]+)"', done.text)
    assert own is not None
    assert SEED in served.client.get(own[1]).text
    stopped = served.client.post(served.link("u"))
    assert (stopped.status_code, served.states()) == (200, [])
    assert served.client.post(f"/fr/u/STOP-{'A' * 16}").text == stopped.text
    assert served.client.get(own[1]).status_code == 404


def test_sixty_openings_of_each_link_change_nothing_and_the_press_then_works(served: Served) -> None:
    served.consent("first@exemple.test")
    served.client.post("/fr/gerer", data={"address": "first@exemple.test", "t": served.token("manage")})
    served.settled()
    served.subscribe()
    served.settled()
    links = {served.link(kind, nth) for kind, nth in (("c", -1), ("u", -1), ("g", -2), ("u", -2))}
    with served.people() as people:
        before = json.dumps([people.export(one.to.id) for one in people.all()])
    for link in links:
        for _ in range(30):
            assert served.client.get(link).status_code == 200
            assert served.client.head(link).status_code == 200
    served.settled()
    with served.people() as people:
        assert json.dumps([people.export(one.to.id) for one in people.all()]) == before
    assert served.client.post(served.link("c")).status_code == 200
    assert served.states() == ["active", "active"]


def test_known_new_left_and_suspended_read_the_same_page(served: Served) -> None:
    served.consent("known@exemple.test")
    for name in ("left", "given-up"):
        served.consent(f"{name}@exemple.test")
    with served.people() as people:
        left, given_up = (people.holding(f"{name}@exemple.test") for name in ("left", "given-up"))
        assert left is not None
        assert given_up is not None
        people.remove(left, datetime.now(UTC))
        people.set_state(given_up, "suspended", datetime.now(UTC))
    names = ("known", "new", "left", "given-up")
    pages = {served.subscribe(f"{name}@exemple.test").text for name in names}
    assert len(pages) == 1
    asked = {
        served.client.post("/fr/gerer", data={"address": f"{name}@exemple.test", "t": served.token("manage")}).text
        for name in names
    }
    assert len(asked) == 1
    served.settled()


def test_who_left_is_asked_again_and_stays_left_without_a_yes(served: Served) -> None:
    served.consent()
    served.client.post(served.link("u"))
    with served.opened() as (db, _people):
        db.execute("UPDATE spent SET at = at - 2 * 86400 * 1000000")
    served.subscribe()
    served.settled()
    assert len(served.mails()) == 2
    with served.opened() as (db, _people):
        assert db.execute("SELECT count(*) FROM suppression").fetchone() == (1,)
    served.client.post(served.link("c"))
    with served.opened() as (db, _people):
        assert db.execute("SELECT count(*) FROM suppression").fetchone() == (0,)


def test_choices_are_changed_paused_copied_and_erased_by_the_link_of_an_hour(served: Served) -> None:
    served.consent()
    served.client.post("/en/gerer", data={"address": SEED, "t": served.token("manage")})
    served.settled()
    own = served.link("g")
    changed = served.client.post(own, data={"do": "save", "prefecture": ["95", "75"], "language": "en"})
    assert changed.status_code == 200
    served.client.post(own, data={"do": "pause"})
    with served.people() as people:
        (holder,) = people.all()
        assert (holder.to.prefectures, holder.to.language, holder.to.state) == (("95", "75"), "en", "paused")
    copy = served.client.post(own, data={"do": "copy"})
    assert copy.headers["content-disposition"] == 'attachment; filename="vigie.json"'
    assert (copy.json()["address"], copy.json()["wishes"]["prefectures"]) == (SEED, ["95", "75"])
    served.client.post(own, data={"do": "resume"})
    assert served.states() == ["active"]
    assert served.client.post(own, data={"do": "save", "prefecture": "99"}).status_code == 422
    assert served.client.post(own, data={"do": "erase"}).status_code == 422  # the box was not ticked
    assert served.client.post(own, data={"do": "erase", "sure": "1"}).status_code == 200
    assert served.states() == []
    assert served.client.post(own, data={"do": "copy"}).status_code == 404


def test_a_link_of_more_than_an_hour_leads_nowhere(served: Served) -> None:
    served.consent()
    with served.people() as people:
        (holder,) = people.all()
        old, new = (people.link(holder.to.id, datetime.now(UTC) + timedelta(minutes=m)) for m in (-1, 1))
    assert served.client.get(f"/fr/g/{old}").status_code == 404
    assert served.client.get(f"/fr/g/{new}").status_code == 200
    until = new.split("-")[2]
    assert served.client.get(f"/fr/g/{new.replace(until, str(int(until) + 60))}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"address": "nobody"}, "address"),
        ({"address": "x@93.interieur.gouv.fr"}, "address"),
        ({"prefecture": ""}, "prefecture"),
        ({"prefecture": ["93", "95", "75"]}, "prefecture"),
        ({"procedure": "none"}, "procedure"),
        ({"before": "2001-01-01"}, "before"),
        ({"before": "31/12/2099"}, "before"),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(
    served: Served, wrong: dict[str, object], field: str
) -> None:
    answer = served.subscribe(**wrong)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    if field != "address":
        assert f'value="{SEED}"' in answer.text
    served.settled()
    assert (served.mails(), served.states()) == ([], [])


def test_the_page_of_a_prefecture_leads_to_the_form_with_it_chosen_and_the_form_back(tmp_path: Path) -> None:
    with serving(tmp_path, more='[site]\nbase_url = "https://site.exemple.test"\n') as served:
        chosen = served.client.get("/facile/?prefecture=95").text
        assert re.search(r'<option value="95" selected>', chosen)
        assert 'href="https://site.exemple.test/facile/guide.html"' in chosen
        assert "selected" not in served.client.get("/ar/?prefecture=2A").text.partition('id="language"')[0]
        assert 'href="https://site.exemple.test/guide.html"' in served.client.get("/fr/gerer").text
    made = built(options=site_options(served.chosen))
    assert f'href="{SITE}/facile/?prefecture=93"' in made["facile/93.html"].decode()
    assert f'href="{SITE}/ar/"' in made["ar/guide.html"].decode()
    assert not any(SITE in page.decode() for path, page in built().items() if path.endswith(".html"))
