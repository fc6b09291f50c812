"""Whole answers that say no, or say nothing: load balancers, firewalls, maintenance, queues, dead addresses.

Bodies are the stock ones of the products named, or what public bots and screenshots kept of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.simulator.messages import Answer, Header, Request, html
from tests.simulator.states import State

Refusal = Callable[[Request, State, datetime, Callable[[], Answer]], Answer]
"""request, state, the server's instant, and a way to get the answer that would have come."""


def page(title: str, body: str, lang: str = "fr") -> str:
    """A bare page with a title."""
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def haproxy(status: int, words: str, text: str) -> str:
    """The body HAProxy sends on its own behalf."""
    return f"<html><body><h1>{status} {words}</h1>\n{text}\n</body></html>\n"


def nginx(status: int, words: str) -> str:
    """The body nginx sends on its own behalf."""
    title = f"{status} {words}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )


def _retry(state: State, now: datetime) -> tuple[Header, ...]:
    """`retry_after` in seconds, or `retry_at` as a date so many seconds ahead."""
    if "retry_after" in state.params:
        return (("Retry-After", state.params["retry_after"]),)
    if "retry_at" in state.params:
        ahead = now.replace(microsecond=0) + timedelta(seconds=state.number("retry_at", 0))
        return (("Retry-After", format_datetime(ahead, usegmt=True)),)
    return ()


def _fixed(status: int, body: str, *headers: Header) -> Refusal:
    def refuse(request: Request, state: State, now: datetime, usual: Callable[[], Answer]) -> Answer:
        return html(body, status, (*headers, *_retry(state, now)))

    return refuse


def _empty(request: Request, state: State, now: datetime, usual: Callable[[], Answer]) -> Answer:
    return html("")


def _pdf(request: Request, state: State, now: datetime, usual: Callable[[], Answer]) -> Answer:
    """PDF bytes under a text/html label."""
    return Answer(200, (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + bytes(range(256)) * 40,))


def _bad_utf8(request: Request, state: State, now: datetime, usual: Callable[[], Answer]) -> Answer:
    """The usual page in Latin-1 under a UTF-8 label."""
    return Answer(200, (usual().raw().replace(b"\xc3\xa9", b"\xe9"),))


CLOUDFLARE: tuple[Header, ...] = (("cf-ray", "0000000000000000-CDG"), ("cf-mitigated", "challenge"))
CHALLENGE = page(
    "Un instant…",
    '<script>window._cf_chl_opt={cvId:"3",cType:"managed",cZone:"interieur.gouv.fr"};</script>\n'
    '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async defer></script>\n'
    '<div class="main-wrapper" role="main"><h1>Un instant…</h1><p>Vérifiez que vous êtes humain</p>'
    '<div class="cf-turnstile" data-sitekey="0x0"></div></div>\n'
    "<noscript>Enable JavaScript and cookies to continue</noscript>",
)
BLOCK = page(
    "Attention Required! | Cloudflare",
    '<div id="cf-wrapper"><div id="cf-error-details"><h1>Sorry, you have been blocked</h1>\n'
    "<h2>You are unable to access interieur.gouv.fr</h2>\n"
    "<p>This website is using a security service to protect itself from online attacks.</p>\n"
    "<span>Cloudflare Ray ID: <strong>0000000000000000</strong></span></div></div>",
    "en-US",
)
IMPERVA = (
    '<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW"></head>'
    '<body style="margin:0px;height:100%"><iframe id="main-iframe" src="/_Incapsula_Resource?SWUDNSAI=31&xinfo=0'
    '&incident_id=0-0&edet=12" frameborder=0 width="100%" height="100%">Request unsuccessful. '
    "Incapsula incident ID: 0-0</iframe></body></html>"
)
OVERLOADED = (
    "<html><body><h1>Service surchargé</h1>\nLe service que vous avez demandé est actuellement surchargé et/ou il n'y "
    "plus de créneaux de rendez-vous disponibles pour le moment.\n<br>\nVeuillez réitérer votre demande ultérieurement."
    "\n</body></html>\n"
)
MAINTENANCE = page(
    "Site en maintenance",
    "<h1>Maintenance en cours</h1>\n<p>Le site est momentanément indisponible pour cause de maintenance. "
    "Nous vous prions de nous excuser pour la gêne occasionnée.</p>",
)
LOGIN = page(
    "Connexion",
    '<main><h1>Se connecter</h1><p>Veuillez vous identifier pour accéder à ce service.</p>\n<form method="post" '
    'action="/login"><label for="username">Identifiant</label><input id="username" name="username" type="text">\n'
    '<label for="password">Mot de passe</label><input id="password" name="password" type="password">\n'
    '<button type="submit">Se connecter</button></form></main>',
)
QUEUE = page(
    "File d'attente",
    "<main id=\"waiting-room\"><h1>Vous êtes dans la file d'attente</h1>\n<p>En raison d'un grand nombre de "
    "connexions, l'accès au service est régulé. Votre tour viendra, ne fermez pas cette page.</p>\n"
    "<p>Nombre de personnes devant vous : <strong>1&nbsp;284</strong>. Temps d'attente estimé : "
    "<strong>38 minutes</strong>.</p></main>",
)
NOT_FOUND = page("Page non trouvée", "<h1>404</h1><p>La page demandée n'existe pas.</p>")
NO_ACCESS = "<h1>Access Denied</h1>\nYou don't have permission to access this resource on this server."

REFUSALS: dict[str, Refusal] = {
    "503": _fixed(503, haproxy(503, "Service Unavailable", "No server is available to handle this request.")),
    "429": _fixed(429, nginx(429, "Too Many Requests")),
    "403_haproxy": _fixed(403, haproxy(403, "Forbidden", "Request forbidden by administrative rules.")),
    "403_nginx": _fixed(403, nginx(403, "Forbidden")),
    "403_denied": _fixed(403, page("Access Denied", NO_ACCESS, "en")),
    "cloudflare_challenge": _fixed(403, CHALLENGE, *CLOUDFLARE),
    "cloudflare_challenge_200": _fixed(200, CHALLENGE),
    "cloudflare_block": _fixed(403, BLOCK, ("cf-ray", "0000000000000000-CDG")),
    "imperva": _fixed(403, IMPERVA, ("Set-Cookie", "visid_incap_651915=x; path=/; HttpOnly")),
    "imperva_200": _fixed(200, IMPERVA),
    "500": _fixed(500, page("500 Internal Server Error", "<h1>Internal Server Error</h1>", "en")),
    "502": _fixed(502, haproxy(502, "Bad Gateway", "The server returned an invalid or incomplete response.")),
    "504": _fixed(504, haproxy(504, "Gateway Time-out", "The server didn't respond in time.")),
    "404": _fixed(404, NOT_FOUND),
    "410": _fixed(410, page("410 Gone", "<h1>Gone</h1><p>Cette page a été supprimée.</p>")),
    "maintenance": _fixed(200, MAINTENANCE),
    "overloaded": _fixed(200, OVERLOADED),
    "login": _fixed(200, LOGIN),
    "queue": _fixed(200, QUEUE),
    "disabled": _fixed(200, page("Rendez-vous", "<p>Ce lien a été désactivé définitivement</p>")),
    "empty": _empty,
    "pdf": _pdf,
    "bad_utf8": _bad_utf8,
}
