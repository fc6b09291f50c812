"""The pages the bench server sends: 30 to 80 kB of State-site markup each, no two answers with the same bytes."""

from __future__ import annotations

import gzip
import secrets
from datetime import UTC, datetime
from email.utils import format_datetime

from bench.desks import is_open, step

WORDS = (
    "La préfecture vous informe que les démarches relatives aux titres de séjour se font sur rendez-vous. Les usagers "
    "sont invités à préparer les pièces de leur dossier et à se présenter à l'heure indiquée sur leur convocation. "
)
NO_SLOT = (
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement."
)


def packed(desk: int) -> bytes:
    """One answer's body as a server compresses it: a token and a date are new each time, so all that follows them in
    the compressed bytes is too."""
    return gzip.compress(plain(desk), 6)


def plain(desk: int) -> bytes:
    """The page of a desk, the same but for its token and date."""
    return _page(desk).encode()


def _page(desk: int) -> str:
    menu = "".join(f'<li><a href="/Demarches/Rubrique-{i}">Rubrique {i} : démarches</a></li>\n' for i in range(120))
    prose = "".join(f"<p>{i + desk}. {WORDS}</p>\n" for i in range(60 + desk * 37 % 150))
    title = "Choix d'une plage" if is_open(desk) else "Vérification de disponibilité"
    return (
        f'<!DOCTYPE html>\n<html lang="fr">\n<head><meta charset="utf-8"><title>Rendez-vous {desk} - Les services de '
        f"l'État</title></head>\n<body><nav><ul>{menu}</ul></nav>\n"
        f'<div id="global_Booking"><div id="inner_Booking"><h2>{title}</h2>\n'
        f'<form id="FormBookingCreate" name="create" method="post" action="/booking/create/{desk}/{step(desk)}">'
        f'<input type="hidden" name="token" value="{secrets.token_hex(16)}">{_answer(desk)}</div></div>\n{prose}'
        f"<footer>Page générée le {format_datetime(datetime.now(UTC))}</footer></body></html>\n"
    )


def _answer(desk: int) -> str:
    if not is_open(desk):
        return f'{NO_SLOT}<input type="submit" name="finishButton" value="Terminer"></form>'
    cell = f'<td class="status-1 free"><a href="/booking/create/{desk}/5/0/1798707600">libre</a></td>'
    return f'</form><div id="planning_Booking"><table><tr><td class="time">9h00</td>{cell}</tr></table></div>'
