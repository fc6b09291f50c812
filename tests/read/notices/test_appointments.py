"""How an appointment is had, contacts and their role, the CCC, the page's own date."""

from datetime import date

import pytest

from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.rules import notice_rules

URL = "https://www.gard.gouv.fr/Demarches/Etrangers/Sejour"
SUBSTITUTION = "Solution de substitution à l'ANEF"
BOOKING = "Titre de séjour : prendre rendez-vous"


def read(text: str, title: str = "Titre de séjour", territory: str = "FR", url: str = URL) -> PublishedFacts:
    return read_notice(f"{title}\n\n{text}".encode(), None, url, notice_rules(), territory=territory)


TWO_VECTORS = [
    (True, "Le rendez-vous se prend par téléphone au 04 66 36 40 40 ou par courriel à pref-anef@gard.gouv.fr."),
    (True, "Vous pouvez prendre rendez-vous :\n- par téléphone : 04 66 36 40 40\n- en ligne : https://rdv.gouv.fr/x"),
    (True, "Prise de rendez-vous : à l'accueil de la préfecture ou par mail pref-anef@gard.gouv.fr"),
    (True, "Deux moyens de prendre rendez-vous :\n1) par courrier à la préfecture du Gard\n2) sur internet"),
    (False, "Vous pouvez prendre rendez-vous en ligne ou par courriel à pref-anef@gard.gouv.fr."),
    (False, "Le rendez-vous est à demander exclusivement par courriel à pref-anef@gard.gouv.fr."),
    (False, "Le rendez-vous se prend uniquement par téléphone au 04 66 36 40 40."),
    (None, "En cas d'impossibilité constatée, vous serez convoqué en préfecture."),
    (None, "Contactez le centre de contact citoyen au 0 806 001 620."),
]


@pytest.mark.parametrize(("answer", "text"), TWO_VECTORS)
def test_two_vectors_for_the_substitution(answer: bool | None, text: str) -> None:
    assert read(text, SUBSTITUTION).two_vectors is answer


def test_ordinary_vectors_say_nothing_of_the_substitution() -> None:
    text = "Prenez rendez-vous en ligne ou par téléphone au 04 66 36 40 40 pour déposer votre demande."
    facts = read(text)
    assert facts.two_vectors is None
    assert {vector.kind for vector in facts.ordinary_appointment.vectors} == {"online", "phone"}


ORDINARY = [
    (True, {"phone"}, "Les rendez-vous sont pris par téléphone au 04 66 36 40 40 de 9h à 11h."),
    (True, {"online", "phone"}, "Vous pouvez prendre rendez-vous en ligne ou par téléphone au 04 66 36 40 40."),
    (True, {"walk_in"}, "Le rendez-vous se prend sur place, à l'accueil de la préfecture."),
    (None, {"online"}, "Pour prendre rendez-vous en ligne, cliquez sur le lien suivant."),
    (None, {"email"}, "Pour obtenir un rendez-vous, envoyez un courriel à pref-sejour@gard.gouv.fr."),
    (False, {"online"}, "La prise de rendez-vous se fait uniquement en ligne."),
    (False, {"online"}, "Les rendez-vous se prennent exclusivement sur le site internet de la préfecture."),
    (False, set(), "Aucun rendez-vous ne sera donné au guichet ni par téléphone."),
    (None, set(), "Pour annuler votre rendez-vous, appelez le 04 66 36 40 40."),
    (None, set(), "Vous recevrez une confirmation de rendez-vous par courriel."),
    (None, set(), "Prenez rendez-vous par téléphone au 04 66 36 40 40 pour votre naturalisation."),
]


@pytest.mark.parametrize(("non_digital", "kinds", "text"), ORDINARY)
def test_ordinary_appointment(non_digital: bool | None, kinds: set[str], text: str) -> None:
    ordinary = read(text, BOOKING).ordinary_appointment
    assert ordinary.non_digital is non_digital
    assert {vector.kind for vector in ordinary.vectors} == kinds
    assert (ordinary.online_only_admitted is not None) is (non_digital is False)


CONTACTS = [
    ("information", "email", "pref-etrangers@gard.gouv.fr", "Pour toute question : pref-etrangers@gard.gouv.fr"),
    ("partners", "email", "pref-part@gard.gouv.fr", "Adresse réservée aux associations : pref-part@gard.gouv.fr"),
    ("appointment", "phone", "04 66 36 40 40", "Prise de rendez-vous au 04 66 36 40 40"),
    ("follow_up", "email", "pref-e@gard.gouv.fr", "État d'avancement de votre dossier : pref-e@gard.gouv.fr"),
    ("information", "phone", "34 30", "Serveur vocal : appelez le 34 30"),
]


@pytest.mark.parametrize(("role", "kind", "value", "text"), CONTACTS)
def test_contact(role: str, kind: str, value: str, text: str) -> None:
    assert [(c.role, c.kind, c.value) for c in read(text).contacts] == [(role, kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "Données personnelles : pref-dpd@gard.gouv.fr",
        "L'article 34 30 du règlement n'est plus applicable.",
        "Renseignements : pref-etrangers@g",
        "Ouvert le lundi de 14 h à 15 h 30",
    ],
)
def test_no_contact(text: str) -> None:
    assert read(text).contacts == ()


def test_overseas_numbers_are_read_with_the_territory_or_the_host() -> None:
    text = "Pour tout renseignement : 0262 40 77 77"
    assert [c.value for c in read(text, territory="RE").contacts] == ["0262 40 77 77"]
    assert [c.value for c in read(text, url="https://www.reunion.gouv.fr/Etrangers").contacts] == ["0262 40 77 77"]
    assert read(text).contacts == ()


CCC = [
    (True, "0 806 001 620", "Contactez le centre de contact citoyen (CCC) au 0 806 001 620."),
    (True, "0806 001 620", "Centre de contact citoyens :\n- par téléphone : 0806 001 620\n- par formulaire"),
    (True, "34 00", "Le Centre de contact citoyen est joignable par téléphone au 34 00."),
    (True, "0806001620", "Assistance ANEF : 0806001620"),
    (True, None, "Joindre le Centre de Contact Citoyen par le formulaire. Standard de la préfecture : 04 66 36 40 40"),
    (False, None, "Le centre de contact de la préfecture : 04 66 36 40 40"),
]


@pytest.mark.parametrize("url", [URL, "https://www.cabinet-avocat.example/"])
@pytest.mark.parametrize(("mentioned", "phone", "text"), CCC)
def test_ccc(mentioned: bool, phone: str | None, text: str, url: str) -> None:
    ccc = read(text, url=url).ccc
    assert (ccc.mentioned, ccc.phone) == (mentioned, phone)
    assert (ccc.seen is not None) is mentioned


DATES = [
    (date(2023, 4, 19), "Mis à jour le 19/04/2023"),
    (date(2020, 9, 29), "Mise à jour le 29 septembre 2020"),
    (date(2017, 6, 20), "Mise à jour 20.06.2017"),
    (date(2024, 3, 1), "Dernière mise à jour : 1er mars 2024"),
    (date(2019, 1, 11), "Modifié le 11/01/2019"),
    (date(2024, 1, 5), "Mis à jour le vendredi 5 janvier 2024"),
    (date(2022, 6, 23), "Publié le 01/01/2020, mis à jour le 23/06/2022"),
    (None, "La liste a été mise à jour le 12/03/2022 par arrêté."),
    (None, "Liste des pièces PDF - 0,2 Mb - 12/03/2022"),
    (None, "Mis en ligne le 10-09-2019"),
    (None, "Mis à jour le 31/02/2023"),
]


@pytest.mark.parametrize(("day", "text"), DATES)
def test_updated_on(day: date | None, text: str) -> None:
    assert read(text).updated_on == day


def test_published_on_is_another_date() -> None:
    assert read("Mis en ligne le 10-09-2019").published_on == date(2019, 9, 10)


def test_what_else_a_notice_states() -> None:
    text = (
        "Vous habitez une commune de l'arrondissement d'Alès.\n\n"
        "Le délai moyen de traitement est de 3 mois.\n\n"
        "Vu l'arrêté du 1er août 2023.\n\n"
        "> Formulaire de demande de titre - format : PDF sauvegarder le fichiersauvegarder le fichier - 0,22 Mb"
    )
    facts = read(text)
    assert [stated.value for stated in facts.arretes] == ["arrêté du 1er août 2023"]
    assert len(facts.territory) == 1
    assert len(facts.processing_times) == 1
    assert [(form.label, form.url) for form in facts.forms] == [("Formulaire de demande de titre", None)]
