"""What stands around the words of a page, by generation of the State's sites; each has its own print control."""

from __future__ import annotations

from html import escape
from typing import Literal

PRINT = {
    "dsfr": '<ul class="fr-btns-group"><li><a class="fr-btn--print" href="/layout/set/print{path}">Imprimer</a></li>'
    "</ul>",
    "ez": '<ul class="outils"><li><a title="Imprimer cette page" href="/layout/set/print{path}">'
    '<img src="/p.png" alt="Imprimer"></a></li></ul>',
    "spip": '<p class="outils"><a href="/spip.php?page=article_print&amp;id_article=12" rel="nofollow">Version '
    "imprimable</a></p>",
}
DSFR = """<!DOCTYPE html>
<html lang="fr" data-fr-scheme="light">
<head><meta charset="utf-8"><title>{title} - Les services de l'État : {name}</title></head>
<body>
<header role="banner" class="fr-header"><a href="/" title="Accueil"><p class="fr-header__service-title">Les services de
l'État : {name}</p></a>
<nav class="fr-nav" role="navigation" aria-label="Menu principal"><ul class="fr-nav__list"><li><a class="fr-nav__link"
href="/Actualites">Actualités</a></li><li><a class="fr-nav__link" href="/Demarches">Démarches</a></li><li><a
class="fr-nav__link" href="/Contact">Contact</a></li></ul></nav></header>
<main role="main" id="contenu" class="fr-container"><nav class="fr-breadcrumb" aria-label="vous êtes ici :"><ol><li><a
href="/">Accueil</a></li><li><a aria-current="page">{title}</a></li></ol></nav>
<h1>{title}</h1><p class="fr-text--sm">Mis à jour le 02/11/2026</p>
{inner}
{print}</main>
<footer class="fr-footer" role="contentinfo"><ul><li><a href="/Mentions-legales">Mentions légales</a></li></ul></footer>
</body></html>
"""
EZ = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="fr"><head><meta http-equiv="Content-Type" content="text/html;
charset=utf-8" /><title>{title} / {name} - Les services de l'État</title></head>
<body><div id="page"><div id="header"><a href="/"><img src="/logo.png" alt="Préfecture" /></a>
<ul id="nav"><li><a href="/index.php/Demarches-administratives"><span>Démarches administratives</span></a></li>
<li><a href="/index.php/Actualites"><span>Actualités</span></a></li></ul></div>
<div id="fildariane"><a href="/">Accueil</a> &gt; {title}</div>
<div id="contenu"><h1>{title}</h1>
{inner}
{print}</div>
<div id="footer"><ul><li><a href="/Contact">Contactez-nous</a></li></ul></div></div></body></html>
"""
SPIP = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>{title} - Préfecture : {name}</title>
<meta name="generator" content="SPIP 3.2"></head>
<body class="pas_surlignable"><div id="entete"><a rel="start home" href="/">Préfecture : {name}</a></div>
<div id="nav"><ul><li><a href="demarches-r2.html">Démarches</a></li></ul></div>
<div id="conteneur"><div id="contenu"><div class="cartouche"><h1 class="titre">{title}</h1></div><div class="texte">
{inner}
{print}</div></div></div>
<div id="pied"><a href="/Contact" rel="contents">Contact</a></div></body></html>
"""
SHELLS = {"dsfr": DSFR, "ez": EZ, "spip": SPIP}


def shell(generation: Literal["dsfr", "ez", "spip"], title: str, name: str, path: str, inner: str) -> str:
    """A whole page."""
    words = {"title": escape(title, quote=False), "name": escape(name, quote=False)}
    return SHELLS[generation].format(inner=inner, print=PRINT[generation].format(path=path), **words)
