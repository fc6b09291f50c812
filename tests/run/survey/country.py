"""A few sites laid out for a survey: what each shows is a table, written here and nowhere read from the program."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from monitor.catalogue.catalogue import load

BLANK = ("07", "09", "16", "19")  # départements of which neither desk nor page is declared
PAGES = 12

_PAGE = (
    "<!DOCTYPE html><html lang=fr><head><meta charset=utf-8><title>{0} - Les services de l’État</title></head>"
    "<body><main><h1>{0}</h1>{1}<p>Mis à jour le 02/11/2026</p></main></body></html>"
)
_PAN = (
    "<p>Le point d’accueil numérique aide les étrangers à déposer leur demande de titre de séjour sur l’ANEF, le lundi "
    "de 9h à 12h.</p>"
)


def site_of(code: str) -> str:
    """The host of a préfecture."""
    return urlsplit(load("prefectures").find(code).site).hostname or ""


def lay_out(folder: Path, codes: tuple[str, ...] = BLANK, pages: int = PAGES) -> Path:
    """A home page, a foreigners' section of `pages` pages and a PAN for each; returns the folder of the sites."""
    for code in codes:
        base = folder / site_of(code)
        section = base / "Demarches" / "Etrangers"
        section.mkdir(parents=True, exist_ok=True)
        names = [f"Titre-de-sejour-{n}" for n in range(pages)]
        links = "".join(
            f'<a href="/Demarches/Etrangers/{one}">Titre de séjour, cas {n}</a> ' for n, one in enumerate(names)
        )
        links += '<a href="/Demarches/Etrangers/Point-numerique">Point d’accueil numérique pour les étrangers</a>'
        desk = f"https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/{_number(code)}/"
        links += f'<a href="{desk}">Prendre rendez-vous : titre de séjour</a>'
        home = '<a href="/Demarches/Etrangers">Accueil des étrangers</a>'
        _write(base / "index.html", "Accueil", home)
        _write(base / "Demarches" / "Etrangers.html", "Accueil des étrangers", links)
        for one in names:
            _write(section / f"{one}.html", one.replace("-", " "), "<p>Pièces à fournir pour le titre de séjour.</p>")
        _write(section / "Point-numerique.html", "Point d’accueil numérique", _PAN)
    return folder


def _write(file: Path, title: str, inner: str) -> None:
    file.write_text(_PAGE.format(title, inner), encoding="utf-8")


def _number(code: str) -> int:
    return 90000 + int(code, 16)
