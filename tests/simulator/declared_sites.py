"""Plausible pages for every declared notice and national service that `sites/` has no page for, in several states.

Which state a page is in follows a digest of its address: the same on every machine, and no département's own choice.
All names, telephone numbers and streets are invented (ARCEP's numbers for fiction, 01 99 00 xx xx).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from monitor.core.prefecture import Notice, Prefecture, Service
from tests.simulator.declared import prefectures, services
from tests.simulator.plays.sites import find
from tests.simulator.server import SITES

TITLES = {
    "home": "Accueil", "foreigners": "Accueil des étrangers", "pan": "Point d'accueil numérique (PAN)",
    "appointment": "Prendre un rendez-vous", "substitution": "Solution de substitution", "contact": "Nous contacter",
    "naturalisation": "Acquisition de la nationalité française", "forms": "Formulaires de demande",
}  # fmt: skip
PARAGRAPHS: Mapping[str, tuple[str, ...]] = {
    "pan_published": (
        "Un point d'accueil numérique (PAN) est ouvert aux étrangers qui rencontrent des difficultés pour déposer leur "
        "demande de titre de séjour en ligne.",
        "Le point d'accueil numérique reçoit sur rendez-vous, au 01 99 00 {two} {two}, du lundi au vendredi de 9h à "
        "12h.",
    ),
    "pan_closed": (
        "Le point d'accueil numérique (PAN) est fermé jusqu'à nouvel ordre.",
        "Les demandes de titre de séjour se font en ligne.",
    ),
    "channels": (
        "Si vous n'arrivez pas à déposer votre demande de titre de séjour en ligne sur l'ANEF, adressez votre demande "
        "par courrier à la préfecture.",
        "En cas de blocage du téléservice, vous pouvez prendre rendez-vous au guichet de la préfecture.",
    ),
    "not_found": (
        "Les demandes de titre de séjour se font en ligne, sur le site de l'administration.",
        "Les récépissés sont remis en préfecture sur convocation.",
    ),
}
PORTAL = ("<h1>{title}</h1>", "<button type='button'>Demander ou renouveler un titre de séjour</button>")


def state_of(notice: Notice) -> str:
    """Which state an address is played in."""
    digest = hashlib.sha256(notice.url.encode()).digest()[0]
    if notice.kind == "pan":
        return "pan_published" if digest % 2 else "pan_closed"
    return tuple(PARAGRAPHS)[digest % len(PARAGRAPHS)]


def page(prefecture: Prefecture, notice: Notice) -> str:
    """The notice as a préfecture's site would show it."""
    title = escape(notice.label or TITLES[notice.kind])
    two = f"{hashlib.sha256(notice.url.encode()).digest()[1] % 100:02}"
    text = "\n".join(f"<p>{escape(p.format(two=two))}</p>" for p in PARAGRAPHS[state_of(notice)])
    return _page(f"{title} - Les services de l'État : {escape(prefecture.name)}", f"<h1>{title}</h1>\n{text}")


def _page(title: str, inner: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n<body>\n'
        '<header role="banner"><p class="fr-logo">République<br>française</p></header>\n'
        f'<main id="contenu" role="main">\n{inner}\n<p>Mis à jour le 02/11/2026</p>\n</main>\n'
        '<footer role="contentinfo"><p>Plan du site</p></footer>\n</body>\n</html>\n'
    )


def write(
    folder: Path, declared: Iterable[Prefecture] | None = None, national: Iterable[Service] | None = None
) -> Counter[str]:
    """Write the pages that are missing under `folder/HOST/PATH`; how many were, by state."""
    played: Counter[str] = Counter()
    for prefecture in prefectures() if declared is None else declared:
        for notice in prefecture.notices:
            if notice.retired is None and _put(folder, notice.url, page(prefecture, notice)):
                played[state_of(notice)] += 1
    for service in services() if national is None else national:
        title = "Contacts démarches" if "contact" in service.platform.url else "Les étrangers en France"
        inner = "\n".join(PORTAL).format(title=title)
        played["front_page"] += _put(folder, service.platform.url, _page(title, inner))
    return played


def _put(folder: Path, url: str, text: str) -> bool:
    parts = urlsplit(url)
    if find((SITES,), parts.hostname or "", parts.path):
        return False
    path = parts.path.strip("/")
    base = folder / (parts.hostname or "") / path
    file = base / "index.html" if parts.path.endswith("/") or not path else base.with_name(f"{base.name}.html")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return True
