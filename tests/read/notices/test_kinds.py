"""Kinds of fault met in published notices: samples of each, and what must hold whatever the words."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.readings import NotFound, Published
from monitor.read.notices.facts import PublishedFacts, read_notice
from monitor.read.notices.prose.concepts import ConceptName
from monitor.read.notices.rules import notice_rules
from monitor.read.notices.visit import reading_of
from tests.accuracy.kinds import Input, inputs, misses

ROOT = Path(__file__).resolve().parents[3]
OWN = ROOT / "tests" / "fixtures" / "sentences" / "kinds.toml"
SHARED = ROOT.parent / "shared" / "corpus-kinds" / "kinds.json"
URL = "https://www.cher.gouv.fr/Demarches/Etrangers/Sejour"
SENTENCES = tomllib.loads((OWN.parent / "channels.toml").read_text(encoding="utf-8"))


def read(*lines: str, url: str = URL, title: str = "Titre de séjour") -> PublishedFacts:
    return read_notice("\n\n".join((title, *lines)).encode(), None, url, notice_rules())


def published(facts: PublishedFacts) -> set[str]:
    return {name for name, channel in facts.channels.items() if channel.published}


@pytest.mark.parametrize("one", inputs(OWN), ids=lambda one: f"{one.kind[0]} {one.text[-60:]}")
def test_a_sample_of_a_kind(one: Input) -> None:
    assert list(misses(one)) == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_file(), reason="the design material is not beside this checkout")
def test_every_sample_of_the_shared_kinds() -> None:
    assert [(one.text, list(misses(one))) for one in inputs(SHARED) if list(misses(one))] == []


def test_the_concepts_named_in_the_code_are_those_of_the_tables() -> None:
    assert set(get_args(ConceptName)) == set(notice_rules().concepts)


# --- what must hold whatever the words ---------------------------------------------------------------------------

FILES = st.sampled_from(["Le dossier de titre de séjour", "La demande de carte de résident", "Votre demande de DCEM"])
WAYS = {
    "counter": ["est à déposer au guichet", "est reçue au bureau 3", "se dépose à la préfecture sur rendez-vous"],
    "postal": ["est à envoyer par courrier", "est adressée par voie postale", "part en recommandé"],
    "email": ["est à envoyer par courriel à pref-sejour@cher.gouv.fr"],
}
PAPERS = ["enveloppe timbrée", "extrait d'acte de naissance", "quittance de loyer", "attestation d'hébergement"]
ENCLOSURES = st.sampled_from(
    [f"accompagnée d'une {paper}" for paper in PAPERS]
    + [f"munie de l'{paper}" if paper[0] in "ae" else f"avec la {paper}" for paper in PAPERS]
    + ["avec la convocation reçue par courriel", "accompagnée de la confirmation envoyée par courrier"]
)
OTHERS = st.sampled_from(["timbre", "renseignement", "photocopie", "attestation", "agrafe", "paiement"])
PEOPLE = st.sampled_from(["Le public", "Les usagers", "Les visiteurs", "Toute personne"])
ONLY_BY_APPOINTMENT = st.sampled_from(
    ["n'est reçu que sur rendez-vous", "sont reçus sur rendez-vous", "est accueilli au guichet sur rendez-vous"]
)
NATIONAL = st.sampled_from(
    ["https://www.service-public.gouv.fr/F1", "https://www.legifrance.gouv.fr/x", "https://www.interieur.gouv.fr/x"]
)
OPENING = [text for table in SENTENCES.values() for text in table["open"]]


@settings(max_examples=60, deadline=None)
@given(FILES, ENCLOSURES, st.sampled_from(sorted(WAYS)), st.data())
def test_what_goes_with_a_file_changes_no_channel(file: str, enclosure: str, channel: str, data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(WAYS[channel]))
    assert published(read(f"{file}, {enclosure}, {way}.")) == {channel}


@settings(max_examples=60, deadline=None)
@given(FILES, OTHERS, st.sampled_from(sorted(WAYS)), st.data())
def test_a_refusal_of_something_else_closes_nothing(file: str, other: str, name: str, data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(WAYS[name]))
    place = {"counter": "vendu au guichet", "postal": "envoyé par courrier", "email": "donné par courriel"}[name]
    facts = read(f"{file} {way}.", f"Aucun {other} n'est {place}.")
    assert name in published(facts)


@settings(max_examples=40, deadline=None)
@given(FILES, st.sampled_from(["counter", "postal"]), st.data())
def test_a_refusal_of_the_request_closes_the_way(file: str, channel: str, data: st.DataObject) -> None:
    way = data.draw(st.sampled_from(WAYS[channel]))
    place = {"counter": "reçu au guichet", "postal": "accepté par courrier"}[channel]
    assert channel not in published(read(f"{file} {way}.", f"Plus aucun dossier n'est {place}."))


@settings(max_examples=40, deadline=None)
@given(PEOPLE, ONLY_BY_APPOINTMENT)
def test_a_rule_of_reception_in_general_opens_no_counter(people: str, rule: str) -> None:
    facts = read(f"{people} {rule}.", "La demande de titre de séjour se fait en ligne sur l'ANEF.")
    assert "counter" not in published(facts)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(OPENING), NATIONAL)
def test_a_national_site_publishes_no_channel_of_a_prefecture(text: str, url: str) -> None:
    assert published(read(text, url=url)) == set()
    assert read("Le point d'accueil numérique des étrangers est ouvert de 9h à 12h.", url=url).pan.status == "not_found"


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["Si l'ANEF est bloquée", "En cas d'échec de votre demande en ligne", "Pour votre demande"]),
    st.sampled_from(["le centre de contact citoyens (CCC)", "le CCC", "le centre de contact de l'ANTS"]),
    st.sampled_from(["", " au 0 806 001 620", " au 34 00"]),
)
def test_the_contact_centre_takes_no_request(when: str, centre: str, number: str) -> None:
    facts = read(f"{when}, appelez {centre}{number} pour faire votre demande de titre de séjour.")
    assert published(facts) == set()
    assert facts.substitution_vectors == ()


@pytest.mark.parametrize(
    ("title", "kind"), [("Étrangers", Published), ("Accueil du public", NotFound), ("Permis de conduire", NotFound)]
)
def test_a_point_counts_only_where_it_is_said_to_be_for_foreigners(title: str, kind: type) -> None:
    facts = read("Le point d'accueil numérique est ouvert de 9h à 12h.", title=title, url="https://www.cher.gouv.fr/x")
    assert facts.pan.status == "published"
    assert isinstance(reading_of(facts), kind)
