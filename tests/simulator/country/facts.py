"""The table: one row of facts a site, drawn from a seed, and what a reader of the site should find because of them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from monitor.core.prefecture import Prefecture
from tests.simulator.country import wordings
from tests.simulator.declared import prefectures

Generation = Literal["dsfr", "ez", "spip"]
Told = Literal["home", "tiles", "sitemap", "deep"]
Where = Literal["section", "inner", "beside"]
Kind = Literal["foreigners", "pan", "appointment", "filing", "forms"]
CITIES = ("Villeneuve", "Montfleury", "Saint-Aubin")
CORSICA = str.maketrans("AB", "00")
GENERATIONS: tuple[Generation, ...] = ("dsfr", "dsfr", "dsfr", "ez", "ez", "spip")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a booking product and the words it stands in."""

    url: str
    words: str


@dataclass(frozen=True, slots=True)
class Door:
    """One door of a point d'accueil numérique. email: None where none is printed."""

    name: str
    street: str
    city: str
    hours: str
    phone: str
    email: str | None = None

    @property
    def address(self) -> str:
        """Street and city, as the page prints them."""
        return f"{self.street}, {self.city}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the site. where: in the section, in a section within it, or beside it. pdf: the page is a PDF alone."""

    words: str
    where: Where
    path: str
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """One site. told: how the section is reached. pages: by kind, absent where the site has none of it.

    pan_text, filing: sentences printed (None: none). doors: of the PAN. other_pan: one that serves others.
    desks: booking links for foreigners. medical, neighbour: links that are not, and the page kinds hold them.
    moved: old address -> today's. fillers: pages of the section that state nothing.
    """

    code: str
    name: str
    host: str
    generation: Generation
    told: Told
    section: Leaf
    pages: Mapping[Kind, Leaf]
    fillers: tuple[Leaf, ...]
    pan_text: str | None = None
    doors: tuple[Door, ...] = ()
    other_pan: Leaf | None = None
    filing: str | None = None
    documents: tuple[str, ...] = ()
    desks: tuple[Link, ...] = ()
    medical: tuple[Link, ...] = ()
    neighbour: Link | None = None
    moved: tuple[tuple[str, str], ...] = ()

    def url(self, leaf: Leaf) -> str:
        """Its whole address."""
        return f"https://{self.host}{leaf.path}"

    @property
    def truth(self) -> Mapping[Kind, str]:
        """The address of each kind of page a reader should propose."""
        pages: dict[Kind, Leaf] = {"foreigners": self.section, **self.pages}
        return {kind: self.url(leaf) for kind, leaf in pages.items()}

    @property
    def left_aside(self) -> tuple[str, ...]:
        """Addresses of booking links that serve somebody else: never a desk of this préfecture."""
        return (*(link.url for link in self.medical), *((self.neighbour.url,) if self.neighbour else ()))


def slug(words: str) -> str:
    """Words as a path: `Être étranger` -> `Etre-etranger`."""
    plain = unicodedata.normalize("NFD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")


def laid_out(seed: int, offices: Iterable[Prefecture] | None = None) -> tuple[SiteFacts, ...]:
    """One site a host, the same for the same seed whatever the order of the offices."""
    known = tuple(prefectures() if offices is None else offices)
    hosts = {urlsplit(office.site).hostname or "": office for office in reversed(known)}
    return tuple(_Draw(seed, office, sorted(hosts)).site() for host, office in sorted(hosts.items()))


class _Draw:
    """What is drawn for one site, in the order it is decided."""

    def __init__(self, seed: int, office: Prefecture, hosts: Sequence[str]) -> None:
        self.office, self.hosts = office, hosts
        self.host = urlsplit(office.site).hostname or ""
        self.pick = random.Random(f"{seed}/{self.host}")
        self.generation: Generation = self.pick.choice(GENERATIONS)
        self.number = self.pick.randint(100, 900)
        self.used: set[str] = set()

    def site(self) -> SiteFacts:
        pick = self.pick
        name = self.office.name
        words = pick.choice(wordings.SECTIONS).format(
            of=f"dans le département {name}", inside=f"à la préfecture {name}"
        )
        section = self.leaf(words, "section", root=True)
        inner = pick.random() < 0.4
        pages: dict[Kind, Leaf] = {}

        def page(kind: Kind, names: Sequence[str], chance: float, beside: float = 0.0, pdf: float = 0.0) -> bool:
            if pick.random() >= chance:
                return False
            where: Where = (
                "beside" if pick.random() < beside else ("inner" if inner and pick.random() < 0.5 else "section")
            )
            pages[kind] = self.leaf(pick.choice(names), where, section, pdf=pick.random() < pdf)
            return True

        pan = page("pan", wordings.PAN_PAGES, 0.75, beside=0.2, pdf=0.12)
        filing = page("filing", wordings.FILING_PAGES, 0.7, pdf=0.1)
        booked = page("appointment", wordings.APPOINTMENT_PAGES, 0.85, beside=0.25)
        forms = page("forms", wordings.FORMS_PAGES, 0.5)
        fillers = pick.sample(wordings.FILLERS, pick.randint(2, 6))
        return SiteFacts(
            code=self.office.code,
            name=name,
            host=self.host,
            generation=self.generation,
            told=pick.choice(("home", "tiles", "tiles", "sitemap", "deep")),
            section=section,
            pages=pages,
            fillers=tuple(
                self.leaf(f, "inner" if inner and pick.random() < 0.3 else "section", section) for f in fillers
            ),
            pan_text=pick.choice(wordings.PAN_OPENINGS) if pan else None,
            doors=self.doors() if pan else (),
            other_pan=self.leaf("Point numérique", "beside") if pick.random() < 0.3 else None,
            filing=self.filing() if filing else None,
            documents=self.documents() if forms else (),
            desks=self.desks() if booked else (),
            medical=self.medical(),
            neighbour=self.neighbour() if pick.random() < 0.3 else None,
            moved=((f"{section.path}2", section.path),) if self.generation != "spip" and pick.random() < 0.3 else (),
        )

    def leaf(
        self, words: str, where: Where, section: Leaf | None = None, *, root: bool = False, pdf: bool = False
    ) -> Leaf:
        """A page and its address in the manner of its generation; a leaf often repeats its name, or bears a digit."""
        if pdf:
            self.number += 7
            folder = (
                f"/contenu/telechargement/{self.number}/{self.number * 6}/file/"
                if self.generation == "dsfr"
                else "/content/download/"
            )
            return Leaf(words, where, f"{folder}{slug(words)}.pdf", pdf=True)
        if self.generation == "spip":
            self.number += 3
            return Leaf(words, where, f"/{slug(words).lower()}-{'r' if root else 'a'}{self.number}.html")
        top = "/Demarches" if self.generation == "dsfr" else "/Demarches-administratives"
        above = top if root or section is None or where == "beside" else section.path
        path = f"{above}/{'Titres-de-sejour/' if where == 'inner' else ''}{slug(words)}"
        if not root and self.pick.random() < 0.25:
            path = f"{path}/{slug(words)}"
        return Leaf(words, where, path)

    def doors(self) -> tuple[Door, ...]:
        """One to three doors, at the préfecture and its sous-préfectures."""
        streets = self.pick.sample(wordings.STREETS, 3)
        return tuple(
            Door(
                name="Préfecture" if number == 0 else f"Sous-préfecture de {CITIES[number]}",
                street=streets[number],
                city=self.city(number),
                hours=self.pick.choice(wordings.HOURS),
                phone=f"01 99 00 {self.pick.randint(0, 99):02} {number}{self.pick.randint(0, 9)}",
                email=f"pref-pan{number or ''}@{self.host.removeprefix('www.')}" if self.pick.random() < 0.5 else None,
            )
            for number in range(self.pick.choice((1, 1, 1, 2, 3)))
        )

    def city(self, number: int) -> str:
        """An invented city with a postcode of the département, and its name alone for a sous-préfecture's."""
        return f"{self.postcode(number)} {CITIES[number]}"

    def postcode(self, number: int) -> str:
        """Five figures that begin with the département's (Corsica's with 20, Saint-Barthélemy's with 971)."""
        if self.office.code in ("977", "978"):
            return "97150"
        return f"{self.office.code.translate(CORSICA)}{number}00"[:5]

    def filing(self) -> str:
        way = self.pick.choice(tuple(wordings.FILING))
        return self.pick.choice(wordings.FILING[way]).format(
            street=self.pick.choice(wordings.STREETS),
            city=self.city(0),
            email=f"pref-sejour@{self.host.removeprefix('www.')}",
        )

    def documents(self) -> tuple[str, ...]:
        """Paths of files to print."""
        names = ("Formulaire de demande de titre de séjour", "Liste des pièces à fournir", "Attestation d'hébergement")
        return tuple(self.leaf(name, "section", pdf=True).path for name in names[: self.pick.randint(1, 3)])

    def desks(self) -> tuple[Link, ...]:
        """Links to booking products, of one product or two."""
        labels = self.pick.sample(wordings.DESKS, self.pick.randint(1, 4))
        return tuple(Link(self.booking(label), label) for label in labels)

    def booking(self, words: str) -> str:
        """One of the four products, each desk its own number."""
        number = self.pick.randint(1000, 49999)
        form = f"rdv-{slug(words).lower()}-pref{self.office.code.lower()}"
        own_host = self.host.replace("www.", "www.rdv.", 1) if self.host.count(".") == 3 else self.host
        return self.pick.choice(
            (
                f"https://{self.host}/booking/create/{number}",
                f"https://{own_host}/booking/create/{number}",
                f"https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/{number}/",
                f"https://demarche.numerique.gouv.fr/commencer/{form}",
            )
        )

    def medical(self) -> tuple[Link, ...]:
        """A driving licence's medical board, on the pages where everybody's appointments stand."""
        if self.pick.random() < 0.5:
            return ()
        words = self.pick.choice(
            ("Commission médicale", "Visite médicale du permis de conduire", "Commission médicale primaire")
        )
        return (Link(f"https://{self.host}/booking/create/{self.pick.randint(50000, 59999)}", words),)

    def neighbour(self) -> Link:
        """A link to the booking module of another préfecture."""
        other = self.pick.choice([host for host in self.hosts if host != self.host])
        return Link(
            f"https://{other}/booking/create/{self.pick.randint(60000, 69999)}", "Rendez-vous de la préfecture voisine"
        )
