"""The chrome of a préfecture's site on the eZ Publish platform of 2014-2023: menus, footer, cookie banner, 40-60 kB.

Markup, classes and proportions follow a page of www.val-doise.gouv.fr saved by a browser in 2022-09; titles of menu
entries are the common ones of these sites.
"""

from __future__ import annotations

import random
import zlib
from functools import cache, lru_cache
from html import escape

from tests.simulator.messages import Body, Piece

MENUS: dict[str, tuple[str, ...]] = {
    "Services de l'État": (
        "Préfecture et sous-préfectures", "Direction départementale des finances publiques", "Services départementaux",
        "Direction départementale des territoires", "Agriculture, environnement, aménagement et logement", "Justice",
        "Cohésion sociale", "Consommation, alimentation, animaux", "Culture", "Défense", "Éducation", "Santé",
        "État et collectivités", "Sécurité et protection des populations",
    ),
    "Politiques publiques": (
        "Agriculture et forêts", "Aménagement du territoire et construction", "Cultes", "Élections", "Europe",
        "Droits des femmes et égalité femmes/hommes", "Emploi, travail et solidarités", "Politique de la ville",
        "Environnement, risques et nuisances", "Jeunesse, sport et vie associative", "Prévention de la délinquance",
        "Transports, déplacements et sécurité routière", "Enquêtes publiques", "Sécurité civile",
    ),
    "Actualités": ("Communiqués de presse", "Agenda", "Lettre des services de l'État", "Appels à projets"),
    "Publications": ("Recueil des actes administratifs", "Enquêtes publiques", "Consultations du public", "Marchés"),
    "Démarches administratives": (
        "Accueil des étrangers", "Acquisition de la nationalité française", "Associations", "Armes", "Carte grise",
        "Carte nationale d'identité et passeport", "Permis de conduire", "Professions réglementées", "Élections",
        "Prendre un rendez-vous", "Titres de séjour", "Demandeurs d'asile", "Regroupement familial",
    ),
    "Vous êtes...": ("Particulier", "Professionnel", "Association", "Collectivité"),
}  # fmt: skip
FOOTER = ("Mentions légales", "Horaires et coordonnées", "Glossaire", "Contactez-nous", "Plan du site", "Accessibilité")
INDENT = " " * 60
WORD_LIST = (
    "préfet département arrêté communes sécurité routière agriculture travaux enquête publique vigilance météo salon "
    "emploi formation logement jeunesse sport culture patrimoine cérémonie nomination concours inscription élections "
    "association subvention projet territoire énergie eau sécheresse forêt chasse pêche transports circulation marché"
)


def name_of(host: str) -> str:
    """A département's name out of its host: `www.val-doise.gouv.fr` -> `Val Doise`."""
    parts = [p for p in host.split(".") if p not in ("www", "rdv", "pprdv", "gouv", "interieur", "fr")]
    return " ".join(word.capitalize() for word in (parts or ["préfecture"])[0].split("-"))


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text).split())


def _menu(number: int, title: str, items: tuple[str, ...]) -> str:
    lines = [
        f'<li class="item_{number}">\n{INDENT}<a class="with_submenu" href="/{_slug(title)}"><span>{title}</span></a>\n'
        f'{INDENT}<div class="sub_menu"><div class="block"><div class="block_int"><div class="block_int_2">'
        f'<div class="block_int_3 clearfix">\n{INDENT}<ul>'
    ]
    for item in items:
        lines.append(f'{INDENT}<li>\n{INDENT}    <a href="/{_slug(title)}/{_slug(item)}">{item}</a>\n{INDENT}</li>\n')
    lines.append(f"{INDENT}</ul></div></div></div></div><!--/block--></div>\n</li>\n")
    return "\n".join(lines)


def around(host: str, title: str, name: str | None, inner: str, print_view: bool) -> Body:
    """The whole page: `inner` within the site's chrome, or alone in the print view. Only what differs is compressed."""
    place = escape(name or name_of(host))
    top = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr-FR" lang="fr-FR">\n<head>\n'
        '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />\n'
        f"<title>{escape(title)} - Les services de l'État dans le département : {place}</title>\n"
    )
    if print_view:
        alone = f'{top}</head>\n<body>\n<div id="maincol-position">\n{inner}</div>\n</body>\n</html>\n'
        return (alone.encode(),)
    crumb = (
        f"<h1>Les services de l'État <br /><span><strong>dans le département : {place}</strong></span></h1>\n"
        '</header>\n<div id="main" role="main">\n<div class="section-top"><div class="breadcrumb">'
        f'<a href="/">Accueil</a> <span>&gt;</span> <span class="last">{escape(title)}</span></div></div>\n'
        f'<div id="maincol-position">\n{inner}</div>\n</div>\n<div id="actualites">\n'
    )
    return (top.encode(), _header(), crumb.encode(), *_news_of(host), _footer())


@cache
def _header() -> Piece:
    """Rest of the document head, and the menus."""
    menus = "".join(_menu(i, title, items) for i, (title, items) in enumerate(MENUS.items(), 1))
    return Piece(
        '<meta name="author" content="Ministère de l\'Intérieur" />\n'
        '<link rel="Shortcut icon" href="/extension/ide/design/ide_design/images/favicon.ico" type="image/x-icon" />\n'
        '<link rel="stylesheet" type="text/css" href="/var/ide_site/cache/public/stylesheets/all.css" />\n'
        '<script type="text/javascript" src="/var/ide_site/cache/public/javascript/all.js" charset="utf-8"></script>\n'
        '</head>\n<body>\n<div id="container" class="home grid">\n<header>\n<ul class="liensAccessibilite">'
        '<li><a href="#main" class="visuallyhidden focusable">Aller au contenu</a></li></ul>\n'
        f'<nav id="first"><ul class="dropdown">\n{menus}</ul></nav>\n'
        '<form id="header_recherche" action="/contenu/recherche" method="get"><label class="hidden" for="recherche">'
        'recherche</label><input type="text" id="recherche" name="SearchText" value="" />'
        '<input type="image" id="recherche_bt" name="SearchButton" src="/images/bt-ok.png" alt="rechercher" /></form>\n'
    )


@cache
def _footer() -> Piece:
    links = "".join(
        f'{INDENT}<li>\n{INDENT} <a href="/{_slug(t)}">{t}</a></li>\n'
        for t in (*MENUS, *FOOTER, *MENUS["Vous êtes..."])
    )
    services = "".join(_cookie_service(name) for name in ("Facebook (like box)", "Twitter (timelines)", "YouTube"))
    return Piece(
        '</div>\n<footer><div id="fondfooter" class="clearfix">\n'
        f'<ul class="footer footer_gauche">\n{links}</ul>\n</div></footer>\n</div>\n'
        '<div id="tarteaucitronRoot"><div id="tarteaucitronAlertBig"><span id="tarteaucitronDisclaimerAlert">Ce site '
        "utilise des cookies et vous donne le contrôle sur ce que vous souhaitez activer</span>\n"
        '<button type="button" id="tarteaucitronPersonalize2">OK, tout accepter</button>'
        '<button type="button" id="tarteaucitronAllDenied2">Interdire tous les cookies</button></div>\n'
        f'<ul id="tarteaucitronServices">{services}</ul></div>\n</body>\n</html>\n'
    )


@lru_cache(maxsize=512)
def _news_of(host: str) -> tuple[Piece, ...]:
    """A site's news: some of the same few dozen, so that pages differ in length (30-80 kB)."""
    pick = random.Random(zlib.crc32(host.encode()))
    return tuple(pick.sample(_all_news(), pick.randint(2, 20)))


@cache
def _all_news() -> tuple[Piece, ...]:
    pick = random.Random(1)
    return tuple(Piece("".join(_news(pick) for _ in range(4))) for _ in range(24))


def _news(pick: random.Random) -> str:
    words = WORD_LIST.split()
    title, text = (" ".join(pick.choices(words, k=n)).capitalize() for n in (5, 40))
    return (
        f'<div class="bloc_actu"><h3><a href="/Actualites/{_slug(title)}">{title}</a></h3>\n<p>{text}.</p>\n'
        f'<p class="lire"><a href="/Actualites/{_slug(title)}">Lire la suite</a></p></div>\n'
    )


def _cookie_service(name: str) -> str:
    return (
        f'<li class="tarteaucitronLine"><div class="tarteaucitronName"><span class="tarteaucitronH3">{name}</span>\n'
        '<span class="tarteaucitronListCookies">Ce service peut déposer 4 cookies.</span><br />'
        '<a href="/info-cookies" title="Détail des cookies">En savoir plus</a></div>\n<div class="tarteaucitronAsk">'
        '<button type="button" class="tarteaucitronAllow">Autoriser</button>'
        '<button type="button" class="tarteaucitronDeny">Interdire</button></div></li>\n'
    )
