"""Which sentences open a filing channel for residence requests, and which only look as if they did."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.mentions import ChannelName
from monitor.read.notices.rules import notice_rules

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "sentences"
URL = "https://www.gard.gouv.fr/Demarches/Etrangers/Sejour"


def read(text: str, title: str = "Titre de séjour", url: str = URL) -> PublishedFacts:
    return read_notice(f"{title}\n\n{text}".encode(), None, url, notice_rules())


SENTENCES = tomllib.loads((FIXTURES / "channels.toml").read_text(encoding="utf-8"))
CHANNELS: dict[str, ChannelName] = {"counter": "counter", "post": "postal", "email": "email", "phone": "phone"}


def sentences(answer: str) -> list[tuple[ChannelName, str]]:
    return [(CHANNELS[name], text) for name, table in SENTENCES.items() for text in table[answer]]


@pytest.mark.parametrize(("name", "text"), sentences("open"))
def test_a_sentence_that_opens_a_channel(name: ChannelName, text: str) -> None:
    facts = read(text)
    channel = facts.channels[name]
    assert channel.published
    assert channel.seen is not None
    assert channel.seen.text in " ".join(facts.text.split())


@pytest.mark.parametrize(("name", "text"), sentences("not_open"))
def test_a_sentence_that_only_holds_the_words_of_a_channel(name: ChannelName, text: str) -> None:
    assert not read(text).channels[name].published


@pytest.mark.parametrize("text", [text for _, text in sentences("open")])
@pytest.mark.parametrize("url", ["https://titres-de-sejour.fr/gard", "https://www.gard.gouv.fr.cabinet.example/x", ""])
def test_nothing_is_published_by_a_site_that_is_not_the_states(text: str, url: str) -> None:
    facts = read(text, url=url)
    assert not facts.official_host
    assert not any(channel.published for channel in facts.channels.values())


@pytest.mark.parametrize("title", ["Naturalisation", "Demande d'asile", "Permis de conduire"])
@pytest.mark.parametrize("text", ["Le dossier complet est envoyé par courrier.", "Le dossier est déposé au guichet."])
def test_the_matter_of_the_page_decides_for_a_sentence_that_names_none(title: str, text: str) -> None:
    facts = read(text, title, "https://www.gard.gouv.fr/Demarches/Page")
    assert not any(channel.published for channel in facts.channels.values())


def test_a_rule_replaced_lower_on_the_page_is_closed() -> None:
    text = (
        "Le dossier de renouvellement de titre de séjour est envoyé par courrier.\n\n"
        "Depuis le 3 mai 2023, le renouvellement du titre de séjour ne se fait plus par courrier."
    )
    assert not read(text).channels["postal"].published


def test_a_refusal_for_one_permit_leaves_the_other_open() -> None:
    text = (
        "Première demande de titre de séjour : dossier par courrier.\n\nLe DCEM ne peut pas être demandé par courrier."
    )
    channel = read(text).channels["postal"]
    assert channel.published
    assert channel.scope == "première demande"


def test_a_sentence_past_its_own_last_day_is_not_in_force() -> None:
    text = "Jusqu'au 30 juin 2020, les demandes de titre de séjour sont adressées par courrier."
    page = f"Titre de séjour\n\n{text}".encode()
    assert read(text).channels["postal"].published  # no day given: the sentence stands
    later = read_notice(page, None, URL, notice_rules(), at=date(2024, 1, 1))
    assert not later.channels["postal"].published


def test_another_prefectures_address_is_not_this_ones() -> None:
    text = "Le dossier de titre de séjour est à adresser par courrier : Préfecture, 5 place X, 34000 Montpellier"
    assert not read(text).channels["postal"].published


ADDRESSES = [
    (
        "Votre dossier est à envoyer par voie postale à l'adresse suivante :\n\n"
        "Préfecture du Gard\nBureau des étrangers\n10 avenue Feuchères\nCS 12345\n30045 NIMES CEDEX 9",
        "Préfecture du Gard Bureau des étrangers 10 avenue Feuchères CS 12345 30045 NIMES CEDEX 9",
    ),
    (
        "Envoyez votre dossier par courrier : Préfecture du Gard – Bureau du séjour – BP 647-648 – 30000 Nîmes.",
        "Préfecture du Gard – Bureau du séjour – BP 647-648 – 30000 Nîmes",
    ),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_postal_address_as_printed(text: str, address: str) -> None:
    assert read(text).channels["postal"].addresses == (address,)


BASES = [
    ("postal", "imposed", "Les demandes de renouvellement sont adressées exclusivement par voie postale."),
    ("postal", "imposed", "Les demandes de titre de séjour ne peuvent être transmises que par courrier."),
    ("postal", "offered", "Vous pouvez également envoyer votre demande de titre de séjour par courrier."),
    ("postal", "on_request", "Sur demande, le dossier de demande de titre de séjour peut être envoyé par courrier."),
    (
        "postal",
        "prescribed_by_arrete",
        "L'arrêté préfectoral du 17 août 2021 prescrit le dépôt par voie postale des demandes de titre de séjour.",
    ),
    ("postal", "offered", "L'arrêté du 1er août 2023 existe. La demande de titre de séjour est envoyée par courrier."),
    ("counter", "offered", "Les demandes de titre de séjour sont déposées au guichet, uniquement sur rendez-vous."),
    ("counter", "imposed", "Les demandes de titre de séjour sont déposées uniquement au guichet."),
]


@pytest.mark.parametrize(("name", "basis", "text"), BASES)
def test_basis(name: str, basis: str, text: str) -> None:
    channels = {str(key): channel for key, channel in read(text).channels.items()}
    assert channels[name].basis == basis


def test_the_arrete_is_cited_as_printed() -> None:
    text = (
        "En application de l'arrêté préfectoral n° 30-2022-05-12-00003 du 12 mai 2022, "
        "les demandes de carte de résident sont adressées par voie postale."
    )
    assert read(text).channels["postal"].arrete == "arrêté préfectoral n° 30-2022-05-12-00003 du 12 mai 2022"


SUBSTITUTIONS = [
    (True, "En cas de dysfonctionnement de l'ANEF, votre demande peut être déposée au guichet de la préfecture."),
    (True, "Si vous n'avez pas pu déposer votre demande sur l'ANEF, déposez-la en préfecture sur rendez-vous."),
    (False, "Les demandes qui ne sont pas disponibles sur l'ANEF sont déposées au guichet de la préfecture."),
    (False, "Si votre titre n'est pas concerné par l'ANEF, déposez la demande de titre au guichet de la préfecture."),
    (False, "Article R. 431-2 du CESEDA. La demande de titre de séjour est déposée au guichet de la préfecture."),
]


@pytest.mark.parametrize(("substitution", "text"), SUBSTITUTIONS)
def test_substitution_is_tied_to_a_failure_of_the_teleservice(substitution: bool, text: str) -> None:
    channel = read(text).channels["counter"]
    assert channel.published
    assert channel.substitution is substitution


BOXES = [
    (True, "Votre dossier de renouvellement peut être déposé dans la boîte aux lettres de la préfecture."),
    (False, "Ne déposez pas votre demande de titre de séjour dans la boîte aux lettres de la préfecture."),
    (False, "Surveillez votre boîte aux lettres : votre titre de séjour y sera déposé."),
    (False, "Les demandes de carte grise sont à déposer dans la boîte aux lettres de la préfecture."),
]


@pytest.mark.parametrize(("there", "text"), BOXES)
def test_drop_box(there: bool, text: str) -> None:
    assert (read(text).drop_box is not None) is there


EMAIL_ADDRESSES = [
    ("par courriel à pref-dcem [at] gard.gouv.fr", ("pref-dcem [at] gard.gouv.fr",)),
    ("par courriel à pref-dcem(at)gard.gouv.fr", ("pref-dcem(at)gard.gouv.fr",)),
    ("par courriel à pref-dcem arobase gard.gouv.fr", ("pref-dcem arobase gard.gouv.fr",)),
    ("par courriel à -pref-dcem@gard.gouv.fr .", ("pref-dcem@gard.gouv.fr",)),
]


@pytest.mark.parametrize(("way", "addresses"), EMAIL_ADDRESSES)
def test_email_address_as_printed(way: str, addresses: tuple[str, ...]) -> None:
    channel = read(f"La demande de DCEM est à transmettre {way}").channels["email"]
    assert channel.published
    assert channel.addresses == addresses


@pytest.mark.parametrize("cut", ["pref-dcem@g", "pref-dcem@gard.gouv.", "pref-dcem@gard.gouv.f"])
def test_a_cut_address_opens_nothing(cut: str) -> None:
    assert not read(f"La demande de DCEM est à transmettre par courriel à {cut}").channels["email"].published


def test_a_protected_address_is_never_quoted() -> None:
    channel = read("La demande de DCEM est à transmettre par courriel : [email protected]").channels["email"]
    assert channel.addresses == ()


def test_requests_listed_under_the_way_they_are_received() -> None:
    text = "SUR RENDEZ-VOUS\n- première demande de carte de séjour\n- demande d'admission exceptionnelle au séjour"
    channel = read(text, "Accueil du service des étrangers").channels["counter"]
    assert channel.scope == "première demande, AES"


PAGES = tomllib.loads((FIXTURES / "pages.toml").read_text(encoding="utf-8"))["page"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page["name"]))
def test_a_page_full_of_look_alikes(page: dict[str, Any]) -> None:
    facts = read_notice(page["text"].encode(), None, f"{URL}/{page['name']}", notice_rules())
    assert sorted(name for name, channel in facts.channels.items() if channel.published) == page["published"]


def test_a_refusal_by_email_without_an_address_closes_the_channel() -> None:
    text = "La demande de DCEM est à transmettre par courriel à pref-dcem@gard.gouv.fr."
    assert read(text).channels["email"].published
    assert (
        not read(f"{text}\n\nDepuis le 1er mars 2024, plus de demande de DCEM par courriel.")
        .channels["email"]
        .published
    )


def test_the_street_called_mail_is_no_email() -> None:
    text = "Votre dossier de demande de titre de séjour est à remettre à la préfecture, 7 mail à Nîmes."
    assert not read(text).channels["email"].published


def test_a_way_alone_answers_the_question_over_it() -> None:
    page = "<main><h1>Étrangers</h1><h2>Comment procéder ?</h2><p>Par courrier uniquement.</p></main>"
    assert read_notice(page.encode(), None, URL, notice_rules()).channels["postal"].published
    page = page.replace("Comment procéder ?", "Informations")
    assert not read_notice(page.encode(), None, URL, notice_rules()).channels["postal"].published


def test_the_contact_centres_number_is_not_the_one_to_call() -> None:
    text = "Le renouvellement du récépissé peut être demandé par téléphone au 04 66 36 40 40, l'ANEF au 0 806 001 620."
    assert read(text).channels["phone"].addresses == ("04 66 36 40 40",)


def test_a_heading_names_whom_a_channel_is_for_and_a_title_does_not() -> None:
    text = "Le dossier de titre de séjour est envoyé par courrier."
    assert read(text, "Étudiants des universités : titre de séjour").channels["postal"].published
    page = f"<main><h1>Titre de séjour</h1><h2>Universités</h2><p>{text}</p></main>"
    assert not read_notice(page.encode(), None, URL, notice_rules()).channels["postal"].published


def test_a_substitution_that_names_no_permit_is_for_what_the_anef_takes() -> None:
    text = "En cas de panne de l'ANEF, votre dossier est à envoyer par courrier."
    channel = read(text, "Étrangers", "https://www.gard.gouv.fr/x").channels["postal"]
    assert (channel.substitution, channel.scope) == (True, "démarches ANEF")
