"""The pages of the eZ Publish booking module, step by step: what stands inside `#global_Booking`.

Ids, classes, names and sentences (with their typing faults) are those of a saved page (2022-09), of the module's own
CSS and JavaScript, and of screenshots of 2020-2023. That no icon ends in `r` on the no-slot page is as saved.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

from tests.simulator.script import Calendar

ICONS = (
    ("1", "Prise de rendez-vous"),
    ("3", "Descriptif"),
    ("4", "Choix d'une plage"),
    ("6", "Contrôle de sécurité"),
    ("8", "Cordonnées personnelles"),
    ("9", "Valider et terminer"),
)
NO_SLOT = (
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement."
)
NO_CALENDAR = "Il n'y a pas calendrier disponible pour effectuer une demande de rendez-vous"
CONDITIONS = (
    "Veuillez cocher la case pour accepter les conditions d'utilisation avant de continuer le processus de prise de "
    "rendez-vous."
)
START = "Effectuer une demande de rendez-vous"
MANAGE = "Annuler, consulter et gérer mes demandes de rendez-vous"
NEXT = "Etape suivante"
FIRST_FREE = "Première plage horaire libre"
IMAGES = "/extension/ezbooking/design/ezbooking/images"


def module(inner: str, icon: str = "1", variant: str = "r") -> str:
    """The module's own frame, with the icon of the step in its variant (`r` active, `G` greyed)."""
    items = "".join(
        f'        <li><img src="{IMAGES}/etape_{n}{variant if n == icon else ""}.png" width="129" height="45" '
        f'alt="{t}" title="{t}" /></li>\n'
        for n, t in ICONS
    )
    return (
        f'    <div id="global_Booking">\n        <ul id="Progress_Booking">\n{items}        </ul>\n'
        f'        <div id="inner_Booking">\n{inner}\n{DIALOG}        </div>\n    </div>\n'
    )


DIALOG = (
    '            <div id="dialog_Booking"><div id="help_box" class="hidden_box"></div>'
    '<a href="#" id="help_link" class="help openTB_Booking" title="Aide en ligne">Aide en ligne</a>\n'
    '            <div id="contact_box" class="hidden_box"><h2>Contacts</h2></div>'
    '<a href="#" id="contact_link" class="contact openTB_Booking" title="Contacts">Contacts</a></div>\n'
)


def _form(action: str, body: str, buttons: Sequence[tuple[str, str]]) -> str:
    inputs = " ".join(f'<input type="submit" name="{n}" value="{escape(v)}" class="Bbutton" />' for n, v in buttons)
    return (
        f'<form name="create" class="jqTransform FormValidate" id="FormBookingCreate" action="{action}" '
        f'method="post">\n<input type="hidden" name="ezxform_token" value="{secrets.token_hex(20)}" />\n{body}\n'
        f'<div id="submit_Booking">{inputs}</div>\n</form>'
    )


def _errors(words: str | None) -> str:
    return f'<ul class="error"><li>{words}</li></ul>\n' if words else ""


def conditions(action: str, label: str, error: str | None = None) -> str:
    """Step 0: the conditions and their box."""
    text = (
        f"<h2>{escape(label)}</h2>\n<p>Les rendez-vous sont gratuits. Toute fausse déclaration entraîne l'annulation "
        "du rendez-vous. Présentez-vous muni de votre convocation et des pièces demandées.</p>\n"
    )
    box = (
        '<p class="Bligne" id="condition_Booking"><input type="checkbox" name="condition" id="condition" /> '
        f'<label for="condition">{CONDITIONS}</label></p>'
    )
    return module(_errors(error) + text + _form(action, box, (("nextButton", START), ("manageButton", MANAGE))))


def choice(action: str, calendars: Sequence[Calendar], error: str | None = None) -> str:
    """Step 1: which calendar."""
    radios = "\n".join(
        f'<p class="Bligne"><input type="radio" class="radio" value="{c.id}" name="planning" id="planning{c.id}" />'
        f'<label for="planning{c.id}">{escape(c.label)}</label></p>'
        for c in calendars
    )
    fieldset = f'<fieldset id="fchoix_Booking"><legend>Que souhaitez-vous effectuer ?</legend>\n{radios}</fieldset>'
    title = "<h2>Choix de la nature du rendez-vous</h2>\n"
    return module(_errors(error) + title + _form(action, fieldset, (("nextButton", NEXT),)))


def no_calendar() -> str:
    """Step 1 of a module that has none."""
    return module(_errors(NO_CALENDAR))


def no_slot(action: str, extra: str = "") -> str:
    """Step 2: the sentence."""
    title = "<h2>Vérification de disponibilité</h2>\n"
    return module(title + _form(action, NO_SLOT, (("finishButton", "Terminer"),)) + extra, variant="G")


def sentence_elsewhere(action: str) -> str:
    """Step 2 reworded, while a news item under the module still quotes the old sentence."""
    new = "<p>Le calendrier est en cours de mise à jour.</p>"
    news = f'<div class="actualite"><h3>Actualité</h3><p>Le message « {NO_SLOT} » signifie que tout est pris.</p></div>'
    return module("<h2>Disponibilités</h2>\n" + _form(action, new, (("finishButton", "Terminer"),))) + news


def description(action: str, label: str) -> str:
    """Step 3, which exists only where slots do."""
    text = f"<p>{escape(label)}</p>"
    title = "<h2>Description de la nature du rendez-vous</h2>\n"
    return module(title + _form(action, text, (("nextButton", NEXT),)), "3")


def calendar(action: str, desk: str, planning: str, monday: datetime, free: bool, weeks: int = 0) -> str:
    """Step 4: a week of cells. monday: first day shown; free: whether two cells are."""
    assign = f"/ezjscore/call/bookingserver::planning::assign::{desk.rsplit('/', 1)[-1]}::{planning}::{weeks}"
    return module(
        _form(action, "", (("nextButton", FIRST_FREE),))
        + f'<a id="ezplanning-url" href="{assign}" title="Calendrier"></a><span id="ezplanning-refresh"></span>'
        f'<span id="ezplanning-remaining">60</span>\n<div id="planning_Booking">{table(desk, monday, free)}</div>\n'
        '<div id="caption_Booking"><h2>Légende</h2><div><span class="free">libre</span><span class="complete">complet'
        '</span><span class="unreservable">non réservable</span><span class="close">fermé</span></div></div>',
        "4",
    )


def table(desk: str, monday: datetime, free: bool) -> str:
    """The week's table, as the page shows it and as its own script fetches it again."""
    rows = []
    for quarter in range(8):
        hour = monday.replace(hour=9) + timedelta(minutes=15 * quarter)
        here = [day for day, at in ((3, 2), (4, 5)) if free and at == quarter]
        cells = [_cell(desk, hour + timedelta(days=day), day in here) for day in range(7)]
        rows.append(f'<tr><td class="time">{hour:%H:%M}</td>{"".join(cells)}</tr>')
    return (
        f'<table><thead><tr><th colspan="7">Semaine du {monday:%d/%m/%Y} au {monday + timedelta(days=6):%d/%m/%Y}</th>'
        f"</tr></thead><tbody>\n{chr(10).join(rows)}\n</tbody></table>"
    )


def _cell(desk: str, at: datetime, free: bool) -> str:
    if at.weekday() >= 5:
        return '<td class="status-2">fermé</td>'
    if free:
        return f'<td class="status-1 free"><a href="{desk}/5/{int(at.timestamp())}">libre</a></td>'
    if at.weekday() == 2:
        return '<td class="status-0"><a href="#">-</a></td>'
    return '<td class="status-1 complete"><a>complet</a></td>'


def security_check(action: str) -> str:
    """A captcha where a calendar was expected."""
    box = (
        '<div id="ezbooking-captcha"><img id="ezbooking-captcha-image" '
        'src="/ezjscore/call/bookingserver::captcha" alt="" /></div>\n<div class="g-recaptcha" data-sitekey="X"></div>'
        '<textarea name="g-recaptcha-response"></textarea>'
    )
    return module("<h2>Contrôle de sécurité</h2>\n" + _form(action, box, (("nextButton", NEXT),)), "6")


def rebuilt() -> str:
    """A module of another make: other ids, other words, and slots offered in them."""
    return (
        '<section class="fr-container" data-v="2"><h1>Rendez-vous en ligne</h1><p>3 créneaux vous sont proposés</p>'
        '<button class="fr-btn">mardi 8 décembre à 09h15</button></section>\n'
    )
