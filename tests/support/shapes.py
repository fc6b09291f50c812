"""Pages no préfecture serves, by shape: what each repeats is what a reader could pay for twice."""

from __future__ import annotations

_HEAD = "<html><body><main><h1>Titre de séjour</h1>"
SHAPES = {
    "nested tables": "<table><tr><td>",
    "nested lists": "<ul><li>par courrier :",
    "nested divisions": "<div>a ",
    "nested tiles": "<div class=fr-card>a",
    "headings": "<h2>Titre de séjour</h2>",
    "headings and sentences": "<h2>Titre de séjour</h2><p>Déposer par courrier.</p>",
    "points named": "<p>Le point d'accueil numérique est ouvert.</p>",
    "points as headings": "<h2>Point d'accueil numérique</h2><p>ouvert de 8h à 12h</p>",
    "items": "<li>demande par courrier :</li>",
    "channels": "<p>Envoyez votre demande par courrier.</p>",
    "refusals": "<p>Aucune demande de titre de séjour par courrier.</p>",
    "failures": "<p>En cas de blocage sur l'ANEF, contactez le service par téléphone.</p>",
    "links": "<a href=/x>x</a> ",
    "cells": "<td>a</td>",
    "rows": "<tr><td>a</td></tr>",
    "mailboxes": "<p>a@gard.gouv.fr</p>",
    "addresses": "<p>10 rue Feuchères 30000 Nîmes</p>",
    "breaks": "a<br>",
    "bold": "<b>a</b> ",
    "digits": "0",
    "brackets": "(",
    "dates": "12/03/",
    "abbreviations": "M. A. ",
    "lines": "par courrier\n",
    "questions": "Comment faire ?\n\nOui.\n\n",
}
_PLAIN = ("digits", "brackets", "dates", "abbreviations", "lines", "questions")


def page(shape: str, size: int) -> bytes:
    """A page of a shape, about `size` bytes long."""
    piece = SHAPES[shape]
    head = "" if shape in _PLAIN else _HEAD
    opened = {"cells": "<table><tr>", "rows": "<table>"}.get(shape, "")
    return (head + opened + piece * ((size - len(head)) // len(piece.encode()))).encode()
