"""What people read: every kind of event in both languages, against texts reviewed by eye (`tests/fixtures/messages`).

After a change of words: `UPDATE=1 pytest tests/alerts/test_alert_messages.py`, then read the difference.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from lxml import html as parser

from monitor.alerts.news.events import ALWAYS_TOLD, SUBSCRIBER_KINDS, Event, EventKind
from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.text.compose import Letterhead, compose
from monitor.alerts.text.letters import confirmation, trial
from monitor.alerts.text.message import Message, ascii_name, untelling
from monitor.alerts.text.samples import AT, OFFICES, sample
from monitor.paper.document import Attachment

NBSP = "\N{NO-BREAK SPACE}"
GOLDEN = Path(__file__).parents[1] / "fixtures" / "messages"
KINDS: tuple[EventKind, ...] = tuple(kind for union in get_args(EventKind) for kind in get_args(union))
HEAD = Letterhead(
    operator="Permanence Exemple",
    contact="contact@exemple.test",
    mailbox="alertes@exemple.test",
    answers=True,
    offices=OFFICES,
)
SENTENCE = "La veille ne remplace pas vos propres tentatives."
FILES = (Attachment("relevé du Val-d'Oise.pdf", b"%PDF", "application/pdf", ""),)


def subscriber(language: Language = "fr", *, discreet: bool = False) -> Subscription:
    return Subscription(
        id=1, channel="email", state="active", prefectures=("95",), language=language, discreet=discreet
    )


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def shown(message: Message) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in message.headers.items())
    return f"Subject: {message.subject}\n{head}\n{message.text}"


def test_a_sample_of_a_filing_channel_tells_nothing_that_the_news_does_not_tell() -> None:
    given = {name for kind in KINDS if kind.startswith("channel_") for name in sample(kind).facts}
    assert given <= {"channel", "back"}, "facts of `domain.news_notices`"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_reviewed_message(kind: EventKind, language: Language) -> None:
    message = compose([replace(sample(kind), simulated=False)], subscriber(language), HEAD, stop="STOP-ABCD")
    same_as_golden(f"{kind}.{language}.txt", shown(message))


@pytest.mark.parametrize("language", ["es", "pt", "ar"])
@pytest.mark.parametrize("kind", ["slots_open", "no_slot_digest", "desk_corrected"])
def test_the_languages_of_subscribers_quote_the_site_in_french(kind: EventKind, language: Language) -> None:
    message = compose([replace(sample(kind), simulated=False)], subscriber(language), HEAD, stop="STOP-ABCD")
    same_as_golden(f"{kind}.{language}.txt", shown(message))
    page = parser.document_fromstring(message.html.encode())
    assert (page.get("lang"), page.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    assert {(one.get("lang"), one.get("dir")) for one in page.iter("blockquote")} <= {("fr", "ltr")}
    assert "traduction à relire" in message.text


@pytest.mark.parametrize("language", ["es", "pt", "ar"])
def test_the_question_before_consent_is_asked_in_the_language_chosen(language: Language) -> None:
    asked = confirmation(subscriber(language), HEAD, yes="OUI-EFGH", stop="STOP-ABCD")
    same_as_golden(f"confirmation.{language}.txt", shown(asked))


def test_the_html_of_an_opened_slot_is_reviewed_too() -> None:
    same_as_golden("slots_open.fr.html", compose([sample("slots_open")], subscriber(), HEAD, stop="STOP-ABCD").html)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_question_before_consent_is_reviewed(language: Language) -> None:
    asked = confirmation(subscriber(language), HEAD, yes="OUI-EFGH", stop="STOP-ABCD")
    same_as_golden(f"confirmation.{language}.txt", shown(asked))
    without = confirmation(subscriber(language), replace(HEAD, mailbox=""), yes="OUI-EFGH", stop="STOP-ABCD")
    same_as_golden(f"confirmation-no-inbox.{language}.txt", shown(without))
    elsewhere = confirmation(subscriber(language), replace(HEAD, answers=False), yes="OUI-EFGH", stop="STOP-ABCD")
    same_as_golden(f"confirmation-by-code.{language}.txt", shown(elsewhere))
    for message in (asked, without):
        assert "Val-d'Oise" not in message.subject + message.text
    same_as_golden(f"trial.{language}.txt", shown(trial(subscriber(language), HEAD, at=AT, stop="STOP-ABCD")))


def test_the_question_is_answered_by_one_press() -> None:
    page = parser.document_fromstring(confirmation(subscriber(), HEAD, yes="OUI-EFGH", stop="STOP-ABCD").html.encode())
    links = [(one.get("href"), one.text_content()) for one in page.iter("a")]
    assert links == [
        ("mailto:alertes@exemple.test?subject=OUI-EFGH", "OUI-EFGH"),
        ("mailto:alertes@exemple.test?subject=STOP-ABCD", "STOP-ABCD"),
    ]


def test_the_official_page_is_the_first_thing_to_press_and_the_message_is_light() -> None:
    for kind in ("slots_open", "no_slot_digest", "desk_corrected"):
        message = compose([sample(kind)], subscriber(), HEAD, stop="STOP-ABCD")
        page = parser.document_fromstring(message.html.encode())
        first = next(iter(page.iter("a")))
        assert first.get("href") == sample(kind).url
        assert len(message.html.encode()) + len(message.text.encode()) < 60_000


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("kind", KINDS)
def test_html_and_text_say_the_same_words_and_nothing_is_fetched(kind: EventKind) -> None:
    hostile = replace(sample(kind), quote="<script>alert(1)</script> & <img src=x>", facts=sample(kind).facts)
    message = compose([hostile], subscriber(), HEAD, stop="STOP-ABCD")
    page = parser.document_fromstring(message.html.encode())
    assert not page.xpath("//script | //img | //link | //iframe | //*[@src] | //style")
    stop = "mailto:alertes@exemple.test?subject=STOP-ABCD"
    assert {a.get("href") for a in page.iter("a")} <= {hostile.url, stop}
    assert set(_words("".join(map(str, page.itertext())))) == set(_words(message.text))


@pytest.mark.parametrize("kind", [*SUBSCRIBER_KINDS, *ALWAYS_TOLD])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_discreet_message_tells_nothing_on_the_outside(kind: EventKind, language: Language) -> None:
    message = compose([sample(kind)], subscriber(language, discreet=True), HEAD, stop="STOP-A", attachments=FILES)
    lines = [line for line in message.text.splitlines() if "SIMULATION" not in line]
    outside = " ".join([message.subject, *message.headers.values(), lines[0], *(a.name for a in message.attachments)])
    for telling in ("Val", "95", "titre", "Renouvellement", "préfecture", "créneau", "slot", "PAN", "relev"):
        assert telling.lower() not in outside.lower()
    assert lines[1:4] == ["", "", ""]
    assert "Val-d'Oise" in message.text


def test_every_digest_says_that_it_does_not_replace_own_tries_and_the_next_step() -> None:
    digest = compose([sample("no_slot_digest")], subscriber(), HEAD)
    joined = compose([sample("procedure_closed"), sample("pan_published")], subscriber(), HEAD)
    english = compose([sample("no_slot_digest")], subscriber("en"), HEAD)
    assert all(SENTENCE in message.text for message in (digest, joined, english))
    assert "n° 435594" in digest.text
    assert "R. 431-2" in digest.text


def test_naturalisation_never_gets_the_ladder_of_residence_permits() -> None:
    event = replace(sample("no_slot_digest"), procedure="naturalisation")
    for language in ("fr", "en"):
        text = compose([event], subscriber(language), HEAD).text
        assert "R. 431-2" not in text
        assert "point d'accueil" not in text


@pytest.mark.parametrize("kind", ["channel_published", "channel_reworded"])
def test_a_channel_is_the_sentence_of_the_page_and_no_advice(kind: EventKind) -> None:
    text = compose([sample(kind)], subscriber(), HEAD).text
    assert f"«{NBSP}{sample(kind).quote}{NBSP}»" in text
    assert "peut poser une condition" in text
    assert "vous pouvez déposer" not in text.lower()
    english = compose([sample(kind)], subscriber("en"), HEAD).text
    assert "you can file" not in english.lower()


def late(**facts: str) -> Event:
    return replace(sample("slots_open"), facts=facts, simulated=False)


def test_a_late_alert_says_so_first() -> None:
    message = compose([late(gone_at="2026-11-23T08:31:00+00:00")], subscriber(), HEAD)
    assert "ouvert à 09:14, revu à 09:31 : aucun" in message.subject
    assert f"ouvert à 09:14, revu à 09:31{NBSP}: aucun" in message.text.splitlines()[0]
    assert "réservez" not in message.text


def test_a_weak_sign_never_claims_a_slot() -> None:
    message = compose([late(weak="true")], subscriber(), HEAD)
    assert "Créneau affiché" not in message.subject
    assert "aucun créneau n'a encore été vu" in message.text


@pytest.mark.parametrize("facts", [{"weak": "true"}, {"now": "Closed"}, {"now": "NotYetOpen"}])
def test_the_end_of_an_opening_claims_no_more_than_was_read(facts: dict[str, str]) -> None:
    text = compose([replace(sample("slots_gone"), facts=facts)], subscriber(), HEAD).text
    assert "Des créneaux étaient affichés" not in text
    assert "qu'il n'y en a plus" not in text


@pytest.mark.parametrize(
    ("name", "words"),
    [("again", "la précédente avait pris fin (08:59)"), ("back", "déjà été lu (dernière fois : 08:59)")],
)
def test_what_comes_back_is_told_as_such(name: str, words: str) -> None:
    event = replace(sample("slots_open"), facts={name: "2026-11-23T07:59:00+00:00"})
    assert words in " ".join(compose([event], subscriber(), HEAD).text.split())


def test_an_opened_slot_says_what_is_stamped_already_and_what_follows() -> None:
    stamp = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    message = compose([sample("slots_open")], subscriber(), HEAD, attachments=FILES, previous_stamp=stamp)
    assert f"Dernier scellé horodaté{NBSP}: lundi 23 novembre 2026 à 08:00:00" in message.text
    assert "suivront" in message.text
    assert [a.name for a in message.attachments] == ["releve-du-Val-d-Oise.pdf"]


def test_a_simulation_is_marked_outside_and_inside() -> None:
    for discreet in (False, True):
        message = compose([sample("slots_open")], subscriber(discreet=discreet), HEAD)
        assert message.subject.startswith("SIMULATION")
        assert message.text.startswith("SIMULATION")
        assert "SIMULATION" in message.html
    real = compose([late()], subscriber(), HEAD)
    assert "SIMULATION" not in real.subject + real.text + real.html


def test_the_legal_time_of_an_overseas_office_comes_first() -> None:
    event = replace(late(), time_zone="America/Cayenne")
    text = compose([event], subscriber(), HEAD).text
    assert f"à 05:14:05 (heure légale de la préfecture, UTC-03:00){NBSP}; 08:14:05 UTC" in text


def test_stopping_is_by_code_with_an_inbox_and_by_writing_to_the_operator_without() -> None:
    with_inbox = compose([late()], subscriber(), HEAD, stop="STOP-ABCD")
    assert with_inbox.headers["List-Unsubscribe"] == "<mailto:alertes@exemple.test?subject=STOP-ABCD>"
    assert "STOP-ABCD" in with_inbox.text
    without = compose([late()], subscriber(), replace(HEAD, mailbox=""), stop="STOP-ABCD")
    assert "STOP-ABCD" not in without.text
    assert "Écrivez à contact@exemple.test" in without.text
    assert "Message-ID" not in with_inbox.headers


@pytest.mark.parametrize(
    ("name", "expected"),
    [("relevé.pdf", "releve.pdf"), ("préfecture/95 été.csv", "prefecture-95-ete.csv"), ("日本", "document")],
)
def test_attachment_names_are_ascii(name: str, expected: str) -> None:
    assert ascii_name(name) == expected


def test_untelling_names_keep_their_kind() -> None:
    assert [a.name for a in untelling(FILES * 2)] == ["document-1.pdf", "document-2.pdf"]


@pytest.mark.parametrize("language", get_args(Language))
def test_where_there_is_a_public_site_every_alert_leads_to_its_guide(language: Language) -> None:
    head = replace(HEAD, site="https://vigie.example.org")
    address = f"https://vigie.example.org/{'' if language == 'fr' else language + '/'}guide.html"
    for kind in SUBSCRIBER_KINDS:
        message = compose([sample(kind)], subscriber(language), head)
        assert address in message.text.split(), kind
        assert [one.get("href") for one in parser.fromstring(message.html).iter("a")].count(address) == 1, kind
    without = compose([sample("slots_open")], subscriber(language), HEAD)
    assert "guide.html" not in without.text + without.html
