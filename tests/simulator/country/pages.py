"""The facts of a site as its pages: the rebuild of 2022-24 (DSFR), the eZ Publish before it, and SPIP."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from fpdf import FPDF

from tests.simulator.country.chrome import shell
from tests.simulator.country.facts import Door, Leaf, Link, SiteFacts
from tests.simulator.country.wordings import NOT_FOR_FOREIGNERS, OTHER_BUSINESS, STREETS

INNER = "Titres de séjour"
GENERAL = (
    "Les demandes de titre de séjour se font en ligne, sur le site de l'administration des étrangers en France (ANEF).",
    "Les récépissés sont remis en préfecture, sur convocation.",
    "Les délais d'instruction sont de quatre mois en moyenne.",
)


def write(folder: Path, facts: SiteFacts) -> None:
    """Every page of the site under `folder/HOST/`."""
    base = folder / facts.host
    for path, (title, inner) in _Site(facts).pages():
        _put(base, path, shell(facts.generation, title, facts.name, path, inner))
    for leaf, lines in _Site(facts).files():
        file = base / leaf.strip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pdf(lines))
    _put(base, "/robots.txt", f"User-agent: *\nDisallow: /recherche\n\nSitemap: https://{facts.host}/sitemap.xml\n")
    if facts.told == "sitemap":
        _put(base, "/sitemap.xml", _sitemap(facts))


def pdf(lines: Sequence[str]) -> bytes:
    """A document of text, the first line its title; the same bytes for the same lines."""
    document = FPDF()
    document.set_creation_date(datetime(2026, 11, 2, tzinfo=UTC))
    document.set_title(lines[0])
    document.add_page()
    document.set_font("Helvetica", size=11)
    for line in lines:
        document.multi_cell(0, 6, line.replace("’", "'"), new_x="LMARGIN", new_y="NEXT")
    return bytes(document.output())


class _Site:
    """The pages of one site, by path: title and what stands in `main`."""

    def __init__(self, facts: SiteFacts) -> None:
        self.facts = facts
        self.pick = random.Random(f"pages/{facts.host}/{facts.section.words}")
        self.top = {"dsfr": "/Demarches", "ez": "/Demarches-administratives", "spip": "/demarches-r2.html"}[
            facts.generation
        ]
        self.leaves = (*facts.pages.values(), *facts.fillers)

    def pages(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """All of them but files."""
        facts = self.facts
        yield "/", ("Accueil", self.home())
        yield self.top, ("Démarches", self.business())
        if facts.told == "deep":
            yield self.beside("Particuliers"), ("Particuliers", _links([(facts.section.words, facts.section.path)]))
        yield facts.section.path, (facts.section.words, self.contents("section"))
        if any(leaf.where == "inner" for leaf in self.leaves):
            yield self.inner, (INNER, _paragraphs(GENERAL[:1]) + self.contents("inner"))
        for leaf in facts.fillers:
            yield (
                leaf.path,
                (leaf.words, _paragraphs([f"{leaf.words} : consultez le site service-public.fr.", GENERAL[1]])),
            )
        for kind, leaf in facts.pages.items():
            if not leaf.pdf:
                yield leaf.path, (leaf.words, getattr(self, kind)())
        if facts.other_pan:
            text = self.pick.choice(NOT_FOR_FOREIGNERS)
            yield facts.other_pan.path, (facts.other_pan.words, _paragraphs([text, "Sans rendez-vous, de 9h à 11h30."]))
        yield (
            "/Contact",
            ("Contact", _paragraphs([f"Préfecture, {self.pick.choice(STREETS)}. Standard : 01 99 00 00 00."])),
        )
        yield "/Actualites", ("Actualités", _paragraphs(["Le préfet a présidé la cérémonie du 11 novembre."]))
        for words in OTHER_BUSINESS:
            yield self.beside(words), (words, self.other(words))

    def files(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Documents: paths and lines."""
        facts = self.facts
        for path in facts.documents:
            yield path, ("Document à imprimer", "Nom :", "Prénom :", "Nationalité :")
        for kind, leaf in facts.pages.items():
            if leaf.pdf:
                yield leaf.path, (leaf.words, *(self.pan_lines() if kind == "pan" else [facts.filing or ""]))

    @property
    def inner(self) -> str:
        """Path of the section within the section."""
        spip = self.facts.generation == "spip"
        return "/titres-de-sejour-r77.html" if spip else f"{self.facts.section.path}/Titres-de-sejour"

    def beside(self, words: str) -> str:
        """Path of a page of another matter."""
        plain = words.lower().replace(" ", "-").replace("é", "e").replace("É", "e").replace("'", "-")
        return f"/{plain}-r{len(words)}.html" if self.facts.generation == "spip" else f"{self.top}/{plain.capitalize()}"

    def home(self) -> str:
        """News, and the section where the home tells it; a moved section is still linked at its old address."""
        facts = self.facts
        links = [("Démarches", self.top), ("Actualités", "/Actualites"), ("Contact", "/Contact")]
        if facts.told == "home":
            links.insert(1, (facts.section.words, facts.moved[0][0] if facts.moved else facts.section.path))
        return _paragraphs(["Vigilance météorologique : le département est en vert."]) + _links(links)

    def business(self) -> str:
        """Everybody's démarches."""
        facts = self.facts
        links = [(words, self.beside(words)) for words in OTHER_BUSINESS]
        if facts.told in ("tiles", "home"):
            links.append((facts.section.words, facts.section.path))
        if facts.told == "deep":
            links.append(("Particuliers", self.beside("Particuliers")))
        links += [(leaf.words, leaf.path) for leaf in facts.pages.values() if leaf.where == "beside"]
        links += [(facts.other_pan.words, facts.other_pan.path)] if facts.other_pan else []
        self.pick.shuffle(links)
        return _links(links, tiles=facts.generation == "dsfr")

    def contents(self, where: str) -> str:
        """The links of a section to its leaves; files as downloads."""
        leaves = [leaf for leaf in self.leaves if leaf.where == where]
        links = [(leaf.words, leaf.path) for leaf in leaves if not leaf.pdf]
        if where == "section" and any(leaf.where == "inner" for leaf in self.leaves):
            links.append((INNER, self.inner))
        self.pick.shuffle(links)
        return _links(links, tiles=self.facts.generation == "dsfr") + _downloads([x for x in leaves if x.pdf])

    def pan(self) -> str:
        """The doors, as paragraphs or as a table."""
        doors = self.facts.doors
        head = _paragraphs([self.facts.pan_text or ""])
        if len(doors) > 1 and self.pick.random() < 0.4:
            rows = "".join(
                f"<tr><th scope='row'>{escape(d.name)}</th><td>{escape(d.address)}</td><td>{escape(d.hours)}</td>"
                f"<td>{d.phone}{f'<br>{d.email}' if d.email else ''}</td></tr>"
                for d in doors
            )
            titles = "<tr><th>Lieu</th><th>Adresse</th><th>Horaires</th><th>Rendez-vous</th></tr>"
            return f"{head}<table>{titles}{rows}</table>"
        return head + "".join(_door(door) for door in doors)

    def pan_lines(self) -> list[str]:
        """The same as lines of a document."""
        return [
            self.facts.pan_text or "",
            *(f"{d.name} : {d.address}, {d.hours}. Rendez-vous au {d.phone}." for d in self.facts.doors),
        ]

    def appointment(self) -> str:
        """The desks, and where the page is everybody's the medical board's."""
        facts = self.facts
        by_name = self.pick.random() < 0.6
        text = _booking(facts.desks, by_name)
        if facts.neighbour:
            text += (
                "<p>Si vous habitez le département voisin, ce n'est pas ici : "
                f'<a href="{facts.neighbour.url}">{escape(facts.neighbour.words)}</a>.</p>'
            )
        if facts.pages["appointment"].where == "beside":
            text = f"<h2>Étrangers</h2>{text}"
            text += f"<h2>Permis de conduire</h2>{_booking(facts.medical, by_name)}" if facts.medical else ""
        return text

    def filing(self) -> str:
        """The sentence among others."""
        lines = [GENERAL[0], self.facts.filing or "", GENERAL[2]]
        return _paragraphs(lines)

    def forms(self) -> str:
        """Documents to print."""
        names = ("Formulaire de demande de titre de séjour", "Liste des pièces à fournir", "Attestation d'hébergement")
        files = [Leaf(n, "section", p, pdf=True) for n, p in zip(names, self.facts.documents, strict=False)]
        return _paragraphs(["Imprimez et remplissez le formulaire de votre demande de titre de séjour."]) + _downloads(
            files
        )

    def other(self, words: str) -> str:
        """Another matter; the driving licence's page names the medical board."""
        text = _paragraphs([f"{words} : toutes les démarches se font en ligne sur le site national."])
        return text + (_booking(self.facts.medical, True) if words == "Permis de conduire" else "")


def _booking(links: Sequence[Link], by_name: bool) -> str:
    if by_name:
        return "<ul>" + "".join(f'<li><a href="{x.url}">{escape(x.words)}</a></li>' for x in links) + "</ul>"
    return "".join(f'<p>{escape(x.words)} : <a href="{x.url}">prendre rendez-vous</a>.</p>' for x in links)


def _door(door: Door) -> str:
    mail = f'<br>Courriel : <a href="mailto:{door.email}">{door.email}</a>' if door.email else ""
    return (
        f"<h2>{escape(door.name)}</h2><p>{escape(door.address)}<br>Ouvert {door.hours}<br>"
        f"Sur rendez-vous au {door.phone}{mail}</p>"
    )


def _paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>\n" for line in lines)


def _links(links: Sequence[tuple[str, str]], *, tiles: bool = False) -> str:
    one = (
        '<div class="fr-card"><h3 class="fr-card__title"><a href="{}">{}</a></h3></div>'
        if tiles
        else '<li><a href="{}">{}</a></li>'
    )
    inner = "\n".join(one.format(path, escape(words, quote=False)) for words, path in links)
    return f'<div class="fr-grid-row">{inner}</div>\n' if tiles else f"<ul>{inner}</ul>\n"


def _downloads(leaves: Sequence[Leaf]) -> str:
    if not leaves:
        return ""
    inner = "".join(
        f'<li><a class="fr-link fr-link--download" download href="{leaf.path}">{escape(leaf.words, quote=False)}'
        '<span class="fr-link__detail">PDF - 0,01 Mb</span></a></li>'
        for leaf in leaves
    )
    return (
        f'<div class="fr-downloads-group"><h4 class="fr-downloads-group__title">Documents</h4><ul>{inner}</ul></div>\n'
    )


def _sitemap(facts: SiteFacts) -> str:
    leaves = [facts.section, *facts.pages.values(), *facts.fillers]
    found = "".join(f"<url><loc>{facts.url(leaf)}</loc></url>" for leaf in leaves if not leaf.pdf)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{found}</urlset>\n'


def _put(base: Path, path: str, text: str) -> None:
    tail = path.strip("/") or "index.html"
    file = base / tail if Path(tail).suffix in (".html", ".txt", ".xml") else base / f"{tail}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
