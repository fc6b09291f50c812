"""The relevé for a judge: the result on page 1, the machine last, no word that is not French, no identifier of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from monitor.paper.pdf import render
from monitor.report.export.bounds import AttestedSpan
from monitor.report.export.dossier import DeskFacts, Proof, ReleveContent, WitnessedBy
from monitor.report.export.figures import COLUMNS, csv_rows
from monitor.report.export.releve import report
from monitor.report.observed import Observed
from monitor.report.summary import Plan
from monitor.run.export import described
from tests.report.test_export_pdf import dossier, one, texts

HOUR, START = timedelta(hours=1), datetime(2026, 3, 2, 8, tzinfo=UTC)
SLOT = {"reading": "SlotsOpen", "seen": "Mardi 9 h 30", "first_day": "2026-06-02"}
CAPTCHA = {"reading": "Obstructed", "obstacle": "captcha", "seen": "Recopiez le texte"}
TIMEOUT = {"reading": "Unreached", "cause": "timeout", "seen": None}
ENV = {
    "v": 1,
    "operator": {"name": "Association des usagers"},
    "program": {"version": "0.9.0", "dist_sha256": "ab" * 32, "commit": "cd" * 20},
    "settings_sha256": "ef" * 32,
    "process": {"command_line": ["python3", "vigie", "run", "--config", "…"], "parent": "cron", "terminal": False},
    "python": {"implementation": "CPython", "version": "3.11.7", "openssl": "OpenSSL 3.5.1", "sqlite": "3.46.1"},
    "packages": {"fpdf2": "2.8.9", "lxml": "6.0"},
    "processor": {"architecture": "x86_64", "model": "EPYC", "count": 2, "memory_kb": 8_000_000},
    "system": {"kernel": "Linux 6.12", "pretty_name": "Debian GNU/Linux 13"},
    "clock": {"synchronised": True, "max_error_us": 1500},
    "hosts_file": {"targets_listed": [], "sha256": "0" * 64},
    "absent": [{"what": "firmware", "why": "FileNotFoundError: No such file or directory"}],
}  # fmt: skip


def week() -> list[Observed]:
    """Ten looks: six times no slot, two with slots, a captcha, a time-out."""
    said = [{}, {}, {}, SLOT, SLOT, {}, CAPTCHA, {}, TIMEOUT, {}]
    return [one(i, sweep=i, at=START + i * HOUR, procedure="renewal", **more) for i, more in enumerate(said)]


def sealed(**more: object) -> ReleveContent:
    plans = [Plan(i, frozenset({"95/renewal"}), {}, True) for i in range(10)]
    plans.append(Plan(10, frozenset({"95/renewal"}), {"95/renewal": "host"}, True))
    proof = Proof(
        sweeps=11, origin="vigie.example", key="vigie.example+00", authorities=["tsa-a"], size=812, root="AbC=",
        head=10, closed=START + 11 * HOUR, environments=[ENV],
    )  # fmt: skip
    made = replace(
        dossier(week()), plans=plans, proof=proof, department="Val-d'Oise (95)", operator="Quelqu'un d'autre"
    )
    return replace(made, **more)  # type: ignore[arg-type]


def spans(width: timedelta = 20 * HOUR / 60) -> list[AttestedSpan]:
    times = [START + i * HOUR for i in range(10)]
    return [
        AttestedSpan(sweep=i, after=at - width / 2, before=at + width / 2, authority="tsa-a")
        for i, at in enumerate(times)
    ]


def first_page(made: ReleveContent) -> str:
    return texts(render(report(made)))[0]


def test_page_1_is_the_result_with_its_denominators() -> None:
    page = first_page(sealed(bounds=spans()))
    for told in (
        "Préfecture du Val-d'Oise — Val-d'Oise (95)",
        "Du lundi 2 mars 2026 à 09:00:00 au lundi 2 mars 2026 à 18:00:00 (0,4 jour)",
        "6 sur 10 (60,0 %)",
        "2 sur 10 (20,0 %) ; 1 ouverture",
        "1 sur 10 (10,0 %)",
        "1 sur 11 (9,1 %)",
        "« Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. » : 6 sur 10 (60,0 %)",
        "une toutes les 1 h (médiane) ; au plus 1 h sans aucune",
        "10 sur 10 (100,0 %) écrites entre deux horodatages de tiers distants d'une heure au plus",
        "autorités : tsa-a",
        "Plus grand écart : 20 min",
        "Ce que ce relevé n'établit pas",
    ):
        assert told in page, told


def test_three_desks_of_a_simulation_still_fit_on_page_1() -> None:
    names = [
        "Renouvellement d'un titre de séjour",
        "Naturalisation (préfecture de Cergy)",
        "Remise d'un titre étranger",
    ]
    seen = [
        one(3 * i + j, sweep=i, at=START + i * HOUR, check=f"95/{j}", label=name, simulated=True)
        for i in range(4)
        for j, name in enumerate(names)
    ]
    pages = texts(render(report(sealed(seen=seen, bounds=spans()))))
    assert "Ce document ne contient aucune appréciation juridique." in pages[0]
    assert "Calendrier et comptes" in pages[1]


def test_with_eight_desks_the_result_and_what_it_does_not_say_stay_on_page_1() -> None:
    seen = [one(i, sweep=1, at=START, check=f"95/{i}", label=f"Démarche {i}") for i in range(8)]
    pages = texts(render(report(sealed(seen=seen))))
    assert "Démarche 7 1 sur 1 (100,0 %)" in pages[0]
    assert "Ce document ne contient aucune appréciation juridique." in pages[0]
    assert "Démarche 7 « Il n'existe plus" in pages[0] + pages[1]


def test_the_operator_is_the_one_the_sweeps_recorded() -> None:
    whole = " ".join(texts(render(report(sealed()))))
    assert "Exploitant : Association des usagers." in whole
    assert "Quelqu'un d'autre" not in whole
    assert "Exploitant : Quelqu'un d'autre." in first_page(sealed(proof=None))
    later = replace(sealed().proof, environments=[ENV, ENV | {"operator": {"name": "Ligue"}}])  # type: ignore[type-var]
    assert "Exploitant : Association des usagers, puis Ligue." in first_page(sealed(proof=later))


def test_the_machine_comes_last_in_french_and_nothing_is_named_as_our_files_name_it() -> None:
    pages = texts(render(report(sealed(bounds=spans()))))
    whole = " ".join(pages)
    order = ["Résultat", "Calendrier et comptes", "Créneaux affichés", "Observations, une par une", "Annexe : dates"]
    places = [next(i for i, page in enumerate(pages) if title in page) for title in order]
    assert places == sorted(places)
    for told in (
        "par le planificateur de la machine (cron), sans terminal : python3 vigie run --config …",
        "version des sources (git) cdcdcdcdcdcdcdcd…",
        "empreinte de la configuration efefefefefefefef…",
        "2 bibliothèques, nommées avec leur version dans env.json",
        "Non enregistré fabricant de la machine",
        "synchronisée, selon le système ; erreur possible 1,5 ms",
    ):
        assert told in pages[-1] + pages[-2], told
    for ours in ("FileNotFoundError", "95/renewal", "processor", "settings_sha256", "fpdf2", "max_error"):
        assert ours not in whole, ours


def test_two_desks_of_one_name_are_told_apart_by_their_address() -> None:
    other = one(10, sweep=1, at=START, check="95/autre", url="https://www.val-doise.gouv.fr/booking/create/2")
    page = first_page(sealed(seen=[*week(), other])).replace(" ", "")  # a long address is broken where a line ends
    assert "(https://www.val-doise.gouv.fr/booking/create/2)" in page
    assert "(https://www.val-doise.gouv.fr/booking/create/12345)" in page


def test_nothing_is_claimed_of_what_the_window_leaves_out() -> None:
    whole = " ".join(texts(render(report(sealed(bounds=spans())))))
    assert "ni retiré" not in whole
    assert "avant le premier ou après le dernier passage joint" in whole
    assert "812 observations dans tout le journal, racine AbC=" in whole
    assert "aucune copie déposée ailleurs n'est enregistrée dans ce dossier" in whole
    by = WitnessedBy(name="temoin.exemple/t", count=2, sweep=4, at=datetime(2026, 3, 3, 8, tzinfo=UTC))
    proof = replace(sealed().proof, published=[by])  # type: ignore[type-var]
    told = "cosigné par le témoin temoin.exemple/t : 2 points de contrôle, le dernier à la suite du passage n° 4, le"
    assert f"Publié {told} mardi 3 mars 2026 à 09:00:00" in " ".join(texts(render(report(sealed(proof=proof)))))


def test_each_observation_has_the_bounds_of_its_sweep_and_one_outside_is_told_on_page_1() -> None:
    made = sealed(bounds=spans())
    whole = " ".join(texts(render(report(made))))
    assert "Écrite après 02/03/2026 08:50:00 et avant 02/03/2026 09:10:00 (horodatages : tsa-a)" in whole
    assert "distants de 10 minutes au plus 0 sur 10" in whole
    assert "ATTENTION" not in first_page(made)
    months = AttestedSpan(sweep=3, after=None, before=START - timedelta(days=180), authority="tsa-b")
    page = first_page(replace(made, bounds=[*spans(), months]))
    assert "ATTENTION : 1 observation dont l'heure est hors des bornes qu'une autorité atteste." in page


def test_without_an_authority_page_1_says_whose_clock_it_is() -> None:
    proof = replace(sealed().proof, authorities=[])  # type: ignore[type-var]
    assert "leurs dates ne reposent que sur l'horloge de l'exploitant" in first_page(sealed(proof=proof))


def test_the_site_s_own_titles_the_nature_and_the_portal_are_in_the_annex() -> None:
    seen = [replace(each, titles=("Renouvellement de titre - Val-d'Oise",)) for each in week()]
    facts = {"95/renewal": described("renewal", date(2024, 7, 1), date(2026, 3, 2))}
    last = " ".join(texts(render(report(sealed(seen=seen, facts=facts))))[-2:])
    assert "« Renouvellement de titre - Val-d'Oise »" in last
    assert "renouvellement de titre de séjour" in last
    assert "sur l'ANEF à ces dates" in last
    assert "passée sur l'ANEF pendant la période (au plus tard le 04/07/2024)" in last


def test_a_procedure_nobody_declared_says_nothing_of_the_portal() -> None:
    assert described("", date(2026, 1, 1), date(2026, 1, 1)) == DeskFacts()
    assert described("duplicate", date(2026, 1, 1), date(2026, 1, 1)).anef.startswith("absente de la table")


def test_the_clock_of_the_sites_is_held_against_ours() -> None:
    def at(said: str) -> float | None:
        exchange = {"url": "https://x", "status": 200, "started": "2026-03-02T08:00:00.500000Z",
                    "finished": "2026-03-02T08:00:02.500000Z", "date": said}  # fmt: skip
        return one(0, exchanges=[exchange]).skew_s

    assert at("Mon, 02 Mar 2026 08:00:00 GMT") == 0
    assert at("Mon, 02 Mar 2026 08:05:02 GMT") == 299.5
    assert at("Mon, 02 Mar 2026 07:00:00 GMT") == -3599.5
    assert at("hier") is None
    seen = [replace(each, skew_s=299.5) for each in week()]
    whole = " ".join(texts(render(report(sealed(seen=seen)))))
    assert "écart maximal avec la nôtre 300 s ; au-delà d'une minute : 10" in whole


def test_the_public_address_is_told_with_who_saw_it_or_that_nobody_did() -> None:
    def last(**public: str) -> str:
        proof = replace(sealed().proof, environments=[ENV | {"public_address": public}])  # type: ignore[type-var]
        return " ".join(texts(render(report(sealed(proof=proof))))[-2:])

    seen = last(echo="echo.example.org", address="203.0.113.7", provider="Hébergeur")
    assert "203.0.113.7, vue par echo.example.org ; fournisseur, selon l'exploitant : Hébergeur" in seen
    assert "Adresse publique non obtenue de echo.example.org" in last(echo="echo.example.org", why="timeout")
    assert "Adresse publique" not in " ".join(texts(render(report(sealed()))))


def test_the_table_has_the_end_the_status_and_the_hour_of_the_site() -> None:
    exchange = {"url": "https://x", "status": 200, "date": "Mon, 02 Mar 2026 08:00:00 GMT"}
    row = dict(
        zip(COLUMNS, next(csv_rows(dossier([one(0, at=START, exchanges=[exchange], titles=["A", "B"])]))), strict=True)
    )
    assert row["Fin UTC"] == "2026-03-02 08:00:00.311"
    assert (row["Code HTTP"], row["Heure du site (Date)"]) == ("200", "Mon, 02 Mar 2026 08:00:00 GMT")
    assert row["Titres des pages"] == "A ; B"
