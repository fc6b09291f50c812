"""Pages made so that a reader claims what was not said: ways to hide, to switch off, to quote, to offer something else.

Each is invented here, and was read wrongly once. They are samples of kinds, in the form of `tests.read.kinds`.
"""

# ruff: noqa: E501  a page is one line, as it is read
from __future__ import annotations

from collections.abc import Iterator

from tests.read.kinds import (
    AGENTS,
    CHECKED,
    DAY,
    DS,
    EZ,
    EZ_NONE,
    FINISH,
    NO,
    NOT,
    OR,
    RP,
    SP,
    SP_CARD,
    SP_NONE,
    START,
    YES,
    Kind,
    ds,
    ez,
    ez_cell,
    ez_form,
    ez_none,
    ez_week,
    html,
    rp,
    rp_slot,
    sp,
    sp_grid,
    sp_place,
    sp_slot,
)

SERVICE = "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/"
BLOCK = '<div class="text-center q-pa-md">Aucun créneau disponible</div>'
STYLES = (
    "clip-path:polygon(0 0,0 0,0 0)", "clip-path:inset(0 100% 0 0)", "transform:rotateY(90deg)", "transform:scale(.001)",
    "scale:0", "translate:-9999px 0", "transform:matrix(0,0,0,0,0,0)", "font:0/0 a", "line-height:0;overflow:hidden",
    "color:rgb(0 0 0 / 0)", "color:#00000000", "color:#fff;background:white", "color:#ffffff", "filter:blur(40px)",
    "mask-image:linear-gradient(transparent,transparent)", "position:absolute;left:100vw", "position:fixed;top:100vh",
    "position:absolute;inset-inline-start:-9999px", "margin-inline-start:-9999px", "text-indent:100%;overflow:hidden",
    "text-decoration:line-through", "zoom:.01",
)  # fmt: skip
SHEETS = (
    "<style>.m.m{display:none}.m{display:block}</style>",
    "<style>.m{display:none}</style><style media='(max-width:10px)'>.m{display:block}</style>",
    "<style>.m{display:none}</style><style media='not all'>.m{display:block}</style>",
    "<style>.m{@media screen{display:none}}</style>",
    "<style>@keyframes f{to{opacity:0}} .m{animation:f 1s forwards}</style>",
)
CLASSES = ("tab-pane", "fr-tabs__panel", "d-lg-none", "fr-hidden-md", "carousel-item", "fade", "ng-hide", "exemple")
TAGS = ("noframes", "noembed", "meter", "progress", "samp", "figure", "rp")
CONTROLS = (
    "<div role='button' tabindex='0'>Massy</div>", "<span role='tab'>Massy</span>", "<div role='radio'>Massy</div>",
    "<a onclick='go()'>Massy</a>", "<a href='javascript:go()'>Massy</a>", "<input type='date'>",
    "<p>Ville</p><input type='search'>",
)  # fmt: skip
DAYS = ("08.12.2026 10:30", "2026-12-08", "08/12/26", "10h15 10h30 10h45", "8 dec 2026")
RESTS = (" (guichet 1)", " Calendrier : guichet 1.", " Essayez le guichet 2.")


def _sentences() -> Iterator[Kind]:
    """The sentence hidden, quoted, or beside something else."""
    wait = "<p>Chargement…</p>"

    def kind(name: str, body: str, right: str = NOT) -> Kind:
        return Kind(f"hostile-ez-{name}", "ez_booking", f"{EZ}/2", body, right)

    for style in STYLES:
        yield kind(f"style {style}", ez_none(sentence=f"<p style='{style}'>{EZ_NONE}</p>", after=wait))
        sheet = f"<style>.m{{{style}}}</style>"
        yield kind(f"class {style}", ez_none(sentence=f"<p class='m'>{EZ_NONE}</p>", after=wait, head=sheet))
    for sheet in SHEETS:
        yield kind(f"sheet {sheet}", ez_none(sentence=f"<p class='m'>{EZ_NONE}</p>", after=wait, head=sheet))
    for name in CLASSES:
        yield kind(f"class={name}", ez_none(sentence=f"<div class='{name}'>{EZ_NONE}</div>", after=wait))
    for tag in TAGS:
        yield kind(f"in {tag}", ez_none(sentence=f"<{tag}>{EZ_NONE}</{tag}>", after=wait))
    for rest in RESTS:
        yield kind(f"rest{rest}", ez_none(sentence=f"<p>{EZ_NONE}{rest}</p>"))
    for control in CONTROLS:
        yield kind(f"beside {control}", ez_none(after=control))
        yield Kind(f"hostile-rp-beside {control}", "rdv_prefecture", RP, rp(BLOCK + control), NOT)
        yield Kind(f"hostile-sp-beside {control}", "rdv_service_public", SP, sp(SP_CARD + control), NOT)
    for day in DAYS:
        yield kind(f"day {day}", ez_none(after=f"<p>{day}</p>"))
        yield Kind(f"hostile-rp-day {day}", "rdv_prefecture", RP, rp(f"<p>{day}</p>{BLOCK}"), NOT)
        yield Kind(f"hostile-sp-day {day}", "rdv_service_public", SP, sp(f"{SP_CARD}<p>{day}</p>"), NOT)
    yield kind("still-to-take", ez_none(after="<p>Des rendez-vous restent à prendre au guichet 2.</p>"))
    yield kind("hours", ez_none(after="<p>La préfecture est ouverte du lundi au vendredi de 9h à 12h.</p>"), NO)
    yield kind("phone", ez_none(after="<p>Appelez le 01.34.20.95.95, service 7j/7 et 24h/24.</p>"), NO)
    yield kind("law", ez_none(after="<p>Loi n° 78-17 du 6 janvier 1978 sur l'informatique.</p>"), NO)
    yield kind("white-on-blue", ez_none(sentence=f"<p style='color:#fff;background:#000091'>{EZ_NONE}</p>"), NO)
    yield kind("shown-tab", ez_none(sentence=f"<div class='tab-pane fade show active'>{EZ_NONE}</div>"), NO)
    yield kind("other-step", ez("<h2>Sélection d'un jour</h2>" + ez_form(f"<p>{EZ_NONE}</p>{FINISH}")))
    yield kind("step", ez(CHECKED + ez_form(f"<p>{EZ_NONE}</p>{FINISH}")), NO)
    for said in (
        "Aucun créneau disponible. Site de Massy.", "Aucun créneau disponible… à Massy", "Aucun créneau disponible<br>Sur cette semaine",
        "<div>Aucun créneau disponible</div><div>sur cette semaine</div>",
    ):  # fmt: skip
        yield Kind(f"hostile-rp-said {said}", "rdv_prefecture", RP, rp(f'<div class="q-pa-md">{said}</div>'), NOT)
    for rest in (" (Bobigny)", " Essayez le site du Raincy."):
        yield Kind(
            f"hostile-sp-rest {rest}",
            "rdv_service_public",
            SP,
            sp(f"<div class='card'><p>{SP_NONE}{rest}</p></div>"),
            NOT,
        )


def _slots() -> Iterator[Kind]:
    """Slots nobody can take, of another site, or over."""
    stamp = "/booking/create/14666/5/1796720400"
    off = "<style>a,.radio-card{pointer-events:none}</style></title>"
    for name, body in {
        "other-host": ez_week(ez_cell(link=f'href="https://www.essonne.gouv.fr{stamp}"')),
        "title-full": ez_week(ez_cell(link=f'title="complet" href="{stamp}"', words="09:00")),
        "none-left": ez_week(ez_cell(words="0 place")),
        "no-pointer": ez_week(ez_cell()).replace("</title>", "</title><style>td.free a{pointer-events:none}</style>"),
        "struck": ez_week(ez_cell(link=f'style="text-decoration:line-through" href="{stamp}"')),
        "base": ez_week(ez_cell()).replace("</title>", "</title><base href='https://www.essonne.gouv.fr/'>"),
    }.items():
        yield Kind(f"hostile-ez-cell-{name}", "ez_booking", f"{EZ}/4", body, NOT)
    for name, body in {
        "taken": rp_slot(label="09h00 (pris)"), "none-left": rp_slot(label="09h00 - 0 place"),
        "no-pointer": rp_slot().replace("</title>", "</title>" + off.removesuffix("</title>")),
        "past-heading": rp_slot(around="<h3>lundi 2 novembre 2026</h3>{}"),
        "data-in-template": rp('<template><script>x={"datePremiereDispo":"14/12/2026"}</script></template>'),
        "data-as-text": rp('<script type="text/template">{"datePremiereDispo":"14/12/2026"}</script>'),
    }.items():  # fmt: skip
        yield Kind(f"hostile-rp-slot-{name}", "rdv_prefecture", RP, body, NOT)
    other = 'href="https://example.org/users/rdv_wizard_step/new?starts_at=2026-12-08"'
    full = '<div class="card"><p>8 décembre 2026</p><p>Complet</p><a href="/users/rdvs/7/participations/new">S\'inscrire</a></div>'
    for name, body in {
        "other-host": sp(sp_grid(sp_slot(other))), "full": sp(sp_grid(sp_slot().replace('09:00"', '09:00 (complet)"'))),
        "place-without-day": sp(sp_place("")), "place-full": sp(sp_place("8 décembre 2026 (complet)")),
        "place-of-another-host": sp(sp_place(link='href="https://example.org/prendre_rdv?lieu_id=12"')), "workshop-full": sp(full),
    }.items():  # fmt: skip
        yield Kind(f"hostile-sp-slot-{name}", "rdv_service_public", SP, body, NOT)
    same = 'href="https://rdv.anct.gouv.fr/users/rdv_wizard_step/new?starts_at=2026-12-08"'
    yield Kind("hostile-sp-slot-same-host", "rdv_service_public", SP, sp(sp_grid(sp_slot(same))), YES)


def _data() -> Iterator[Kind]:
    """Answers of Orion that are not whole, or say an error in another way."""
    slot = DAY % ("2026-12-07", '{"hour":"09:00"}')
    for body, right in (
        ('{"daySlots":[],"total":0}', NO), ('{"daySlots":[],"error":null,"errors":[]}', NO), ('{"daySlots":[],"indexPagination":2}', NOT),
        ('{"daySlots":[],"total":1}', NOT), ('{"daySlots":[],"total":"4"}', NOT), ('{"daySlots":[],"totalElements":1}', NOT),
        ('{"daySlots":[],"error":{}}', NOT), ('{"daySlots":[{"day":"2026-12-07","slots":[]}],"daySlots":[]}', NOT),
        ('{"error":"x","daySlots":[],"error":null}', NOT), ('{"daySlots":[],"total":NaN}', NOT), (slot.replace("09:00", "25:99"), NOT),
    ):  # fmt: skip
        yield Kind(f"hostile-orion {body}", "orion", OR, body, right)
    yield Kind("hostile-orion-partial", "orion", OR, '{"daySlots":[]}', NOT, status=206)
    box = '<div class="rdv-calendar"></div><div class="user-msg error">{}</div>'
    for said in ("Aucune réponse du serveur, horaires non chargés.", "Aucun créneau disponible aujourd'hui.", "Vous n'avez plus de rendez-vous à annuler."):  # fmt: skip
        yield Kind(f"hostile-orion {said}", "orion", OR, html(box.format(said)), NOT)


def _forms_and_fronts() -> Iterator[Kind]:
    """Forms nobody can begin here, and front pages in failure."""
    sign_up = "/commencer/demande-de-rendez-vous/sign_up"
    for name, body, right, url in (
        ("other-host", ds(f'<a href="https://example.org{sign_up}">Créer un compte</a>'), NOT, DS), ("in-query", ds(f'<a href="/aide?u={sign_up}">Créer un compte</a>'), NOT, DS),
        ("mail", ds(f'<a href="mailto:x?subject={sign_up}">Créer un compte</a>'), NOT, DS), ("led-elsewhere", ds(START), NOT, DS.replace("demarche.numerique.gouv.fr", "example.org")),
        ("agents-elsewhere", ds('<h2>Commencer la démarche</h2><a href="https://auth.agentconnect.gouv.fr/x">S\'identifier avec ProConnect</a>'), "Obstructed", DS),
        ("agents-without-heading", ds(AGENTS.partition("</h2>")[2]), "Obstructed", DS), ("another-closed", ds("<p>La démarche de Massy est close, celle-ci reste ouverte.</p>"), NOT, DS),
    ):  # fmt: skip
        yield Kind(f"hostile-ds-{name}", "demarche_numerique", url, body, right, asked=DS)
    name = "<h1>Étrangers en France</h1>"
    failed = "Unavailable|Unreadable|Obstructed"
    for title, body, right in (
        ("service", html('<header><p class="fr-header__service-title">Étrangers en France</p></header>'), "FrontPageShown"),
        ("warned", html(name + "<p>Une maintenance est prévue samedi.</p>"), "FrontPageShown"),
        ("down", html(name + "<p>Le service est actuellement indisponible.</p>"), failed), ("error", html(name + "<h2>Erreur 500</h2>"), failed),
        ("technical", html(name + "<p>Une erreur technique est survenue.</p>"), failed), ("absent", html(name + "<h2>Page non trouvée</h2>"), failed),
        ("refused", html(name + "<h2>Accès refusé</h2>"), failed), ("expired", html(name + "<h2>Votre session a expiré</h2>"), failed),
        ("queue", html(name + "<p>Vous êtes dans la file d'attente.</p>"), failed), ("captcha", html(name + "<div class='h-captcha'></div>"), failed),
        ("quoted", html(f"<blockquote>{name}</blockquote>"), NOT), ("menu", html("<nav><a href='/x'>Étrangers en France</a></nav>"), NOT),
        ("leaves", html(name, "x", "<meta http-equiv=refresh content='0;url=/maintenance'>"), NOT),
    ):  # fmt: skip
        yield Kind(f"hostile-front-{title}", "front_page", SERVICE, body, right)
    yield Kind(
        "hostile-front-of-another", "front_page", "https://www.val-doise.gouv.fr/x", html(name), NOT, asked=SERVICE
    )


def hostile() -> Iterator[Kind]:
    """All of them."""
    yield from _sentences()
    yield from _slots()
    yield from _data()
    yield from _forms_and_fronts()
