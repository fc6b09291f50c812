"""Pages of the kinds that were once misread, and of the kinds a person reads without trouble: small, and written here.

Each is a name, a platform, its bytes, the readings that are right (class names, `|` between), and a label where the desk
has one. They are made after public reports and merged changes of the products' own code, and after what a hostile or an
unlucky page could hold; none is copied.
"""

# ruff: noqa: E501  a page is one line, as it is read
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor.core.prefecture import Context, Page
from monitor.core.readings import Reading
from monitor.read.platforms.registry import platform_for

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 29, 9, tzinfo=UTC)
EZ = "https://www.val-doise.gouv.fr/booking/create/14666"
RP = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/2246/creneau/"
SP = "https://rdv.anct.gouv.fr/prendre_rdv?motif_name_with_location_type=exemple&public_link_organisation_id=2458"
DS = "https://demarche.numerique.gouv.fr/commencer/demande-de-rendez-vous"
OR = "https://esii-orion.com/orion/api/1/rdv/bookings/availableSlotByDay"
EA = "https://rdv.example.gouv.fr/eAppointment/element/jsp/appointment.jsp"
NO, YES, NOT = "NoSlot", "SlotsOpen", "Unreadable"


@dataclass(frozen=True, slots=True)
class Kind:
    """One page. person: whether a person reads an answer on it, so that `Unreadable` counts as a miss."""

    name: str
    platform: str
    url: str
    body: str | bytes
    right: str
    label: str | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = field(default=())
    asked: str | None = None  # the address that was asked for, where the site led to another

    @property
    def person(self) -> bool:
        """Whether a person reads an answer on it."""
        return NOT not in self.right

    def read(self) -> Reading:
        """What it says at AT in Paris."""
        body = self.body if isinstance(self.body, bytes) else self.body.encode()
        page = Page(url=self.url, status=self.status, headers=self.headers, body=body)
        context = Context(zone=PARIS, at=AT, label=self.label)
        return platform_for(self.platform, self.asked or self.url).read(page, context)


def html(body: str, title: str = "Page", head: str = "") -> str:
    """A whole page."""
    return (
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


# --- the State sites' module ------------------------------------------------------------------------------------------
EZ_NONE = (
    "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous. Veuillez recommencer ultérieurement."
)
FINISH = '<p id="submit_Booking"><input type="submit" class="Bbutton" name="finishButton" value="Terminer"></p>'
CHECKED = "<h2>Vérification de disponibilité</h2>"
ICONS = '<ul id="Progress_Booking"><li><img src="/images/etape_1.png" alt=""><img src="/images/etape_{}.png"></li></ul>'
WEEK = '<th colspan="7">Semaine du 07/12/2026 au 13/12/2026</th>'
LEGEND = '<div id="caption_Booking"><h2>Légende</h2><span class="free">libre</span></div>'


def ez_form(inner: str, step: int = 2, number: int = 14666) -> str:
    """The module's form."""
    return (
        f'<form name="create" id="FormBookingCreate" method="post" action="/booking/create/{number}/{step}">'
        f"{inner}</form>"
    )


def ez(inner: str, icon: str = "3", around: str = "", head: str = "") -> str:
    """A page of the module. around: what stands after it."""
    module = f'<div id="global_Booking">{ICONS.format(icon)}<div id="inner_Booking">{inner}</div></div>'
    return html(f'<div id="path"><a href="/">Accueil</a></div>{module}{around}', "Remise de titre", head)


def ez_none(before: str = "", after: str = "", *, sentence: str = f"<p>{EZ_NONE}</p>", **more: str) -> str:
    """The page of step 2."""
    return ez(CHECKED + ez_form(before + sentence + after + FINISH), **more)


def ez_week(cell: str, form: str = "") -> str:
    """The page of step 4 with one cell."""
    table = f'<table><thead><tr>{WEEK}</tr></thead><tbody><tr><td class="time">09:00</td>{cell}</tr></tbody></table>'
    return ez(ez_form(form, 4) + f'<div id="planning_Booking">{table}</div>{LEGEND}', "4r")


def ez_cell(attributes: str = "", link: str = 'href="/booking/create/14666/5/1796720400"', words: str = "libre") -> str:
    """A free cell of 8 December 2026."""
    return f'<td class="status-1 free" {attributes}><a {link}>{words}</a></td>'


def _ez_kinds() -> Iterator[tuple[str, str, str | bytes, str, str | None]]:
    quoted = f"<p>{EZ_NONE}</p>"
    soft, thin, hyphen = "ho\u00adraire", " \u200blibre", "\u2010"
    yield "none", "/2", ez_none(), NO, None
    yield "none-and-help-after", "/2", ez_none(after="<p>Les rendez-vous sont gratuits.</p>"), NO, None
    yield (
        "none-and-a-heading-after",
        "/2",
        ez(
            CHECKED
            + ez_form(EZ_NONE + FINISH)
            + "<h2>Informations</h2><p>Présentez-vous muni de votre convocation.</p>"
        ),
        NO,
        None,
    )
    yield (
        "none-and-a-past-day",
        "/2",
        ez_none(after="<p>Depuis le 12/03/2024, la prise de rendez-vous est obligatoire.</p>"),
        NO,
        None,
    )
    yield (
        "none-and-the-site-s-menu",
        "/2",
        ez_none(
            around='<ul><li><a href="/booking/create/1">Permis</a></li></ul><form action="/content/search"><input name=q></form>'
        ),
        NO,
        None,
    )
    yield "none-in-an-article", "/2", html(f"<article>{ez_none()}</article>"), NO, None
    yield "none-with-soft-hyphens", "/2", ez_none(sentence=f"<p>{EZ_NONE.replace('horaire', soft)}</p>"), NO, None
    yield "none-with-zero-width", "/2", ez_none(sentence=f"<p>{EZ_NONE.replace(' libre', thin)}</p>"), NO, None
    yield "none-with-acute-accent", "/2", ez_none(sentence=f"<p>{EZ_NONE.replace(chr(39), '´')}</p>"), NO, None
    yield "none-with-backquote", "/2", ez_none(sentence=f"<p>{EZ_NONE.replace(chr(39), '`')}</p>"), NO, None
    yield "none-with-u2010", "/2", ez_none(sentence=f"<p>{EZ_NONE.replace('-', hyphen)}</p>"), NO, None
    yield "latin1-declared-utf8", "/2", ez_none().encode("cp1252"), NO, None
    yield "none-in-bold", "/2", ez_none(sentence=f"<div><b>{EZ_NONE}</b></div>"), NO, None
    yield (
        "none-over-two-lines",
        "/2",
        ez_none(sentence=f"<p>{EZ_NONE.replace('libre pour', 'libre<br>pour')}</p>"),
        NO,
        None,
    )
    yield "print-rule-hides", "/2", ez_none(head="<style>@media print{p{display:none}}</style>"), NO, None
    yield "rule-of-other-class", "/2", ez_none(head="<style>.menu{display:none} .x .y{left:-9999px}</style>"), NO, None
    yield (
        "rule-shown-again",
        "/2",
        ez_none(sentence=f"<p class='a b'>{EZ_NONE}</p>", head="<style>.a{display:none}.a.b{display:block}</style>"),
        NO,
        None,
    )
    yield "hover-rule-only", "/2", ez_none(head="<style>p:hover{display:none}</style>"), NO, None
    yield "hidden-help-with-choices", "/2", ez_none(after="<div hidden><button>Guichet 2</button></div>"), NO, None
    yield "label-before-is-the-desk-s", "/2", ez_none(before="<p>Remise de titre</p>"), NO, "remise de titre"
    for name, rule in {
        "display": "display:none", "visibility": "visibility:hidden", "opacity": "opacity:0", "off-screen":
        "position:absolute;left:-9999px", "above": "position:fixed;top:-200em", "indent": "text-indent:-9999px",
        "clip": "position:absolute;clip:rect(0,0,0,0)", "clip-path": "clip-path:inset(100%)", "zero":
        "height:0;overflow:hidden", "one-pixel": "width:1px;height:1px;overflow:hidden", "font": "font-size:0",
        "transparent": "color:transparent", "white-on-white": "color:#fff;background:#fff", "scale":
        "transform:scale(0)", "translate": "transform:translateX(-9999px)", "important": "display:none!important",
        "escaped": "dis\\70 lay:none", "variable": "display:var(--x)",
    }.items():  # fmt: skip
        yield (
            f"style-{name}",
            "/2",
            ez_none(sentence=f"<p style='{rule}'>{EZ_NONE}</p>", after="<p>Chargement…</p>"),
            NOT,
            None,
        )
        sheet = f"<style>p.m {{ {rule} }}</style>"
        yield f"class-{name}", "/2", ez_none(sentence=f"<p class='m'>{EZ_NONE}</p>", head=sheet), NOT, None
        yield (
            f"outer-id-{name}",
            "/2",
            ez_none(sentence=f"<div id='m'><p>{EZ_NONE}</p></div>", head=f"<style>form #m{{{rule}}}</style>"),
            NOT,
            None,
        )
    for name, rule in {
        "media": "@media (max-width:1200px){.m{display:none}}", "supports": "@supports (display:grid){.m{display:none}}",
        "attribute": "p[class]{display:none}", "child-of-type": "p:first-of-type{display:none}", "sibling":
        "p ~ .m{display:none} .m{color:red}", "universal": "form *{display:none}", "nested": "form{.m{display:none}}",
        "child": "form > .m{display:none}", "not": "p:not(.x){display:none}", "two-selectors": ".y,.m{display:none}",
    }.items():  # fmt: skip
        yield (
            f"rule-{name}",
            "/2",
            ez_none(sentence=f"<p class='m'>{EZ_NONE}</p>", head=f"<style>{rule}</style>"),
            NOT,
            None,
        )
    for name, (opening, closing) in {
        "hidden": ("<div hidden>", "</div>"), "aria": ("<div aria-hidden='true'>", "</div>"), "dialog": ("<dialog>", "</dialog>"),
        "details": ("<details><summary>Aide</summary>", "</details>"), "template": ("<template>", "</template>"),
        "noscript": ("<noscript>", "</noscript>"), "object": ("<object data='x'>", "</object>"), "popover":
        ("<div popover>", "</div>"), "select": ("<select><option>", "</option></select>"), "textarea": ("<textarea>", "</textarea>"),
        "quote": ("<blockquote>", "</blockquote>"), "q": ("<p>Le message <q>", "</q></p>"), "faq": ("<div class='faq'>", "</div>"),
        "aside": ("<aside>", "</aside>"), "code": ("<code>", "</code>"), "del": ("<del>", "</del>"), "comment": ("<!--", "-->"),
    }.items():  # fmt: skip
        yield (
            f"within-{name}",
            "/2",
            ez_none(sentence=f"{opening}{EZ_NONE}{closing}", after="<p>Chargement…</p>"),
            NOT,
            None,
        )
    yield "announced-as-an-example", "/2", ez_none(before="<p>Si la page affiche le message suivant :</p>"), NOT, None
    yield (
        "quoted-in-line",
        "/2",
        ez_none(sentence=f"<p>Le message « {EZ_NONE} » veut dire que tout est pris.</p>"),
        NOT,
        None,
    )
    yield "of-another-demarche", "/2", ez_none(before="<p>Renouvellement</p>"), NOT, None
    yield "lead-of-another-demarche", "/2", ez_none(sentence=f"<p>Renouvellement. {EZ_NONE}</p>"), NOT, None
    yield "label-is-not-the-lead", "/2", ez_none(sentence=f"<p>Renouvellement. {EZ_NONE}</p>"), NOT, "remise de titre"
    yield "another-counter-after", "/2", ez_none(after="<p>Guichet 2</p>"), NOT, None
    yield "next-day-after", "/2", ez_none(after="<p>Prochaine disponibilité le 8 décembre 2026.</p>"), NOT, None
    yield "day-in-words-after", "/2", ez_none(after="<p>Guichet B : mardi 8 décembre, 9h00</p>"), NOT, None
    yield "choose-after", "/2", ez_none(after="<p>Remise de titre : choisissez un jour.</p>"), NOT, None
    yield (
        "same-paragraph-offers",
        "/2",
        ez_none(sentence=f"<p>{EZ_NONE} Des places sont libres au guichet B.</p>"),
        NOT,
        None,
    )
    yield "button-after", "/2", ez_none(after="<button type='button'>Voir le guichet 2</button>"), NOT, None
    yield "select-after", "/2", ez_none(after="<select><option>Guichet 1<option>Guichet 2</select>"), NOT, None
    yield "link-to-another-module", "/2", ez_none(after="<a href='/booking/create/99999'>Autre démarche</a>"), NOT, None
    yield "frame-after", "/2", ez_none(after="<iframe src='/booking/create/2'></iframe>"), NOT, None
    yield (
        "unsure-offer",
        "/2",
        ez_none(after="<p aria-hidden='true'>Prochaine disponibilité le 8/12/2026</p>"),
        NOT,
        None,
    )
    no_calendar = (
        "<ul class='error'><li>Il n'y a pas calendrier disponible pour effectuer une demande de rendez-vous</li></ul>"
    )
    yield "no-calendar", "/1", ez(no_calendar), NO, None
    yield "no-calendar-and-a-choice", "/1", ez(no_calendar + "<button>Guichet 2</button>"), NOT, None
    yield "no-calendar-hidden", "/1", ez(no_calendar.replace("<ul", "<ul hidden")), NOT, None
    yield "two-modules", "/2", ez_none(around=ez_none()), NOT, None
    yield "two-modules-other-number", "/2", ez_none(around=ez_form("<p>Choix</p>", 1, 99999)), NOT, None
    yield "form-of-another-module", "/2", ez(CHECKED + ez_form(quoted + FINISH, 2, 99999)), NOT, None
    yield "cut-after-the-sentence", "/2", ez_none().partition("<p id=")[0], NOT, None
    yield (
        "left-at-once",
        "/2",
        ez_none(head='<meta http-equiv="refresh" content="0; url=/booking/create/14666/3">'),
        NOT,
        None,
    )
    yield "free-cell", "/4", ez_week(ez_cell()), YES, None
    yield (
        "free-cell-with-button",
        "/4",
        ez_week(ez_cell(), '<input type="submit" name="nextButton" value="Première plage horaire libre">'),
        YES,
        None,
    )
    yield "free-cell-today", "/4", ez_week(ez_cell(link='href="/booking/create/14666/5/1795942800"')), YES, None
    yield "free-cell-absolute-link", "/4", ez_week(ez_cell(link=f'href="{EZ}/5/1796720400"')), YES, None
    for name, cell in {
        "of-another-module": ez_cell(link='href="/booking/create/99999/5/1796720400"'),
        "disabled": ez_cell('aria-disabled="true"'), "class-disabled": ez_cell(link='class="disabled" href="/booking/create/14666/5/1"'),
        "link-disabled": ez_cell(link='aria-disabled="true" href="/booking/create/14666/5/1796720400"'),
        "without-address": ez_cell(link=""), "to-a-fragment": ez_cell(link='href="#"'), "to-a-script": ez_cell(link='href="javascript:void(0)"'),
        "hidden": ez_cell('style="display:none"'), "aria-hidden": ez_cell('aria-hidden="true"'), "past": ez_cell(link='href="/booking/create/14666/5/1602570600"'),
        "inert": ez_cell("inert"), "elsewhere": ez_cell(link='href="/aide"'), "complete": ez_cell(words="complet"),
        "yesterday": ez_cell(link='href="/booking/create/14666/5/1795874400"'),
    }.items():  # fmt: skip
        yield f"free-cell-{name}", "/4", ez_week(cell), NOT, None
        button = '<input type="submit" name="nextButton" value="Première plage horaire libre">'
        if name != "hidden":  # a calendar nobody sees leaves the step itself, which exists only with slots
            yield f"free-cell-{name}-with-button", "/4", ez_week(cell, button), NOT, None
    onward = '<input type="submit" name="nextButton" value="Etape suivante">'
    yield "passed", "/3", ez(ez_form(onward, 3), "3r"), YES, None
    yield "passed-button-disabled", "/3", ez(ez_form(onward.replace("<input", "<input disabled"), 3), "3r"), NOT, None
    yield "passed-fieldset-disabled", "/3", ez(ez_form(f"<fieldset disabled>{onward}</fieldset>", 3), "3r"), NOT, None
    yield "passed-other-module", "/3", ez(ez_form(onward, 3, 99999), "3r"), NOT, None


# --- RDV-Préfecture ---------------------------------------------------------------------------------------------------
RP_NONE = "<h2>Aucun créneau disponible</h2>"
RP_LAST = (
    '<div class="text-center q-pa-md"><span>Dernière mise en ligne de rendez-vous : le 27/11/2026 à 11:58</span><br>'
    "<span>pour des créneaux de la semaine du 14/12/2026</span></div>"
)
AGAIN = '<div class="text-center q-pa-md">Veuillez réessayer ultérieurement.</div>'


def rp(inner: str, head: str = "", title: str = "RDV-Préfecture / Choisissez votre créneau") -> str:
    """A page of the calendar's address."""
    return html(f'<header><a href="/rdvpref/">RDV-Préfecture</a></header><main id="page">{inner}</main>', title, head)


def rp_slot(radio: str = "", label: str = "09h00", around: str = "{}") -> str:
    """A radio button of the calendar."""
    slot = f'<div class="radio-card"><input type="radio" id="trhId_1" name="trhId" {radio}><label for="trhId_1">{label}</label></div>'
    return rp("<h1>Choisissez votre créneau</h1>" + around.format(slot))


def _rp_kinds() -> Iterator[tuple[str, str, str]]:
    block = '<div class="text-center q-pa-md">Aucun créneau disponible</div>'
    yield "none", rp(RP_NONE + AGAIN), NO
    yield "none-with-last", rp(RP_NONE + AGAIN + RP_LAST), NO
    yield "none-under-title", rp("<h1>Choisissez votre créneau</h1>" + RP_NONE + RP_LAST), NO
    yield "none-under-stepper", rp('<h2 class="fr-stepper__title">Choisissez votre créneau</h2>' + block + RP_LAST), NO
    yield "none-under-label", rp("<h1>Remise de titre, Palaiseau</h1>" + block), NO
    yield (
        "none-with-way-back",
        rp(RP_NONE + '<a href="/rdvpref/reservation/demarche/2246/">Retour à l\'accueil</a>'),
        NO,
    )
    yield "none-with-back-button", rp(RP_NONE + "<button>Précédent</button>"), NO
    yield "none-in-article", rp(f"<article>{block}</article>"), NO
    yield "none-nbsp", rp("<h2>Aucun créneau&nbsp;disponible.</h2>"), NO
    yield "none-nfd", rp("<h2>Aucun cre\u0301neau disponible</h2>"), NO
    yield "none-section", rp(f"<section>{block}</section>"), NO
    yield "none-behind-cookies", html(
        '<div role="dialog" aria-modal="true"><p>Cookies</p><button>Accepter</button></div>'
        f'<main aria-hidden="true">{RP_NONE}</main>', "RDV-Préfecture / Choisissez votre créneau"), NO  # fmt: skip
    yield "aria-hidden-alone-behind-cookies", html(
        '<div role="dialog" aria-modal="true"><p>Cookies</p></div>'
        f'<main><div aria-hidden="true">{RP_NONE}</div><p>Chargement…</p></main>', "RDV-Préfecture / Choisissez votre créneau"), NOT  # fmt: skip
    yield (
        "next-publication",
        rp(
            RP_NONE
            + '<div class="q-pa-md">Prochaine mise en ligne de nouveaux rendez-vous : le 07/12/2026 à 11:58</div>'
        ),
        "NotYetOpen",
    )
    yield "two-places", rp(f"<h3>Site A</h3>{block}<h3>Site B</h3><p>Sélectionnez ce site.</p>"), NOT
    yield "two-places-no-button", rp(f"<h3>Site A</h3>{block}<h3>Site B</h3>"), NOT
    yield "two-places-plain", rp(f"<p>Site A</p>{block}<p>Site B</p>"), NOT
    yield (
        "two-sections",
        rp(f"<section><h3>Massy</h3>{block}</section><section><h3>Palaiseau</h3><p>…</p></section>"),
        NOT,
    )
    yield "choice-of-place", rp("<select><option>Massy<option>Palaiseau</select>" + block), NOT
    yield (
        "tabs",
        rp('<div role="tablist"><button role="tab">Massy</button><button role="tab">Palaiseau</button></div>' + block),
        NOT,
    )
    yield "day-over-it", rp(f"<h3>lundi 7 décembre</h3>{block}"), NOT
    yield "day-before-it", rp(f"<p>mardi 8 déc.</p>{block}"), NOT
    yield "week-over-it", rp(f"<p>Semaine du 07/12/2026</p>{block}"), NOT
    yield "week-arrow", rp(block + "<button>Semaine suivante</button>"), NOT
    yield "next-availability", rp(block + "<button>Prochaine disponibilité le 08/12/2026</button>"), NOT
    week = '<div class="q-pa-md">Aucun créneau disponible sur cette semaine</div><button {}>Prochaine disponibilité le 08/12/{}</button>'
    yield "next-day-button", rp(week.format("", "2026")), YES
    yield "next-day-button-off", rp(week.format("disabled", "2026")), NOT
    yield "next-day-button-past", rp(week.format("", "2020")), NOT
    yield (
        "folded-places",
        rp(
            "<details open><summary>Massy</summary><h4>Aucun créneau disponible</h4></details><details><summary>Palaiseau</summary><p>10h00</p></details>"
        ),
        NOT,
    )
    yield (
        "places-of-a-table",
        rp(
            "<table><tr><th>Massy</th><th>Palaiseau</th></tr><tr><td><h4>Aucun créneau disponible</h4></td><td>Voir</td></tr></table>"
        ),
        NOT,
    )
    yield (
        "places-of-a-list",
        rp("<dl><dt>Massy</dt><dd><h4>Aucun créneau disponible</h4></dd><dt>Palaiseau</dt><dd>Ouvert</dd></dl>"),
        NOT,
    )
    yield (
        "places-in-fieldsets",
        rp(f"<fieldset><legend>Massy</legend>{block}</fieldset><fieldset><legend>Palaiseau</legend></fieldset>"),
        NOT,
    )
    yield "places-in-bold", rp(f"<p><b>Massy</b></p>{block}<p><b>Palaiseau</b></p>"), NOT
    stepper = '<div class="fr-stepper"><h2 class="fr-stepper__title"><span>Étape 3 sur 6</span> Choisissez votre créneau</h2><p><span>Étape suivante :</span> Vos informations</p></div><h1>Remise de titre</h1>'
    yield (
        "none-under-a-whole-stepper",
        rp(stepper + block + RP_LAST + '<a href="/rdvpref/reservation/demarche/2246/">Retour à l\'accueil</a>'),
        NO,
    )
    yield "none-and-a-refresh", rp(RP_NONE + "<button>Actualiser la page</button>"), NO
    yield "none-and-news", rp(RP_NONE + "<p>De nouveaux rendez-vous sont mis en ligne chaque lundi à 9h.</p>"), NO
    yield (
        "goes-on-after-break",
        rp('<div class="q-pa-md">Aucun créneau disponible<br>à partir de cette date.</div>'),
        NOT,
    )
    yield "this-week", rp('<div class="q-pa-md">Aucun créneau disponible sur cette semaine</div>'), NOT
    yield "day-elsewhere", rp(RP_NONE + "<ul><li>Aucun créneau disponible</li></ul>"), NOT
    yield "under-a-question", rp(f"<h2>Que faire si rien ne s'affiche ?</h2>{block}"), NOT
    yield "in-help", rp(f"<aside>{RP_NONE}</aside><p>Chargement…</p>"), NOT
    yield (
        "outside-main",
        html(f"<main><p>Chargement…</p></main>{RP_NONE}", "RDV-Préfecture / Choisissez votre créneau"),
        NOT,
    )
    yield "question", rp("<h2>Aucun créneau disponible ?</h2>"), NOT
    yield (
        "announced",
        rp('<p>Le message suivant peut s\'afficher :</p><div class="q-pa-md">Aucun créneau disponible</div>'),
        NOT,
    )
    yield "hidden-by-sheet", rp(block, "<style>.q-pa-md{visibility:hidden}</style>"), NOT
    yield "hidden-choice", rp(block + "<div hidden><button>Site B</button></div>"), NO
    yield "slot", rp_slot(), YES
    yield "slot-in-list", rp_slot(around="<ul><li>{}</li></ul>"), YES
    for name, page in {
        "disabled": rp_slot("disabled"), "fieldset": rp_slot(around="<fieldset disabled>{}</fieldset>"), "full": rp_slot(label="09h00 (complet)"),
        "hidden": rp_slot("hidden"), "type-hidden": rp_slot().replace('type="radio"', 'type="hidden"'), "aria-disabled":
        rp_slot(around='<div aria-disabled="true">{}</div>'), "in-aside": rp_slot(around="<aside>{}</aside>"), "quoted":
        rp_slot(around="<blockquote>{}</blockquote>"), "inert": rp_slot(around="<div inert>{}</div>"), "template": rp_slot(around="<template>{}</template>"),
    }.items():  # fmt: skip
        yield f"slot-{name}", page, NOT
    data = '<script>x = {"critere":{"datePremiereDispo":"%s"}}</script>'
    yield "data", rp(data % "14/12/2026"), YES
    yield "data-past", rp(data % "14/12/2020"), NOT
    yield "data-empty", rp(data % ""), NOT
    yield "data-in-line-comment", rp('<script>// {"datePremiereDispo":"14/12/2026"}\nx=1</script>'), NOT
    yield (
        "data-in-comment",
        rp('<script>/* "datePremiereDispo":"14/12/2026" */ x = {"datePremiereDispo":""}</script>'),
        NOT,
    )
    yield "data-after-address", rp('<script>u = "https://x.fr/"; x = {"datePremiereDispo":"14/12/2026"}</script>'), YES
    yield "data-twice", rp(data % "14/12/2026" + data % "15/12/2026"), NOT


# --- RDV Service Public -----------------------------------------------------------------------------------------------
SP_NONE = "Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé."
RECAP = '<ul class="fr-raw-list"><li>Motif : <strong>Récépissé</strong> <a href="/prendre_rdv?x">Modifier</a></li></ul>'
SP_CARD = f'<div class="card"><p>{SP_NONE}</p></div>'


def sp(inner: str, recap: str = RECAP, head: str = "") -> str:
    """A search page."""
    return html(f'<header><a href="/users/sign_in">Se connecter</a></header><main>{recap}{inner}</main>', "RDV", head)


def sp_place(
    day: str = "mardi 8 décembre 2026 à 09h00", link: str = 'href="/prendre_rdv?lieu_id=12"', more: str = ""
) -> str:
    """A place as a card of 2025-09."""
    return (
        f'<ul><li class="fr-card" {more}><h3><a {link}>Préfecture - 1 place Exemple, 93000 Bobigny</a></h3><div><p>'
        f"Prochaine disponibilité le <strong>{day}</strong></p></div></li></ul>"
    )


def sp_grid(cell: str) -> str:
    """A week of one place."""
    return f'<p>Sélectionnez un créneau :</p><div id="creneaux-lieu-12"><div><p><strong>mardi</strong><br>8 déc.</p>{cell}</div></div>'


def sp_slot(attributes: str = 'href="/users/rdv_wizard_step/new?motif_id=3&amp;starts_at=2026-12-08+09%3A00"') -> str:
    """A slot of a grid."""
    return f'<a class="fr-btn" {attributes} aria-label="Choisir le créneau du mardi 8 déc. à 09:00">09:00</a>'


def _sp_kinds() -> Iterator[tuple[str, str, str, str | None]]:
    yield "none", sp(SP_CARD), NO, None
    yield "none-alert", sp(f'<div class="fr-alert"><p>{SP_NONE} Veuillez réessayer ultérieurement.</p></div>'), NO, None
    yield "none-labelled", sp(SP_CARD), NO, "récépissé"
    yield "none-other-label", sp(SP_CARD), NOT, "remise de titre"
    yield "none-label-only-after", sp(SP_CARD + "<p>Voir aussi : remise de titre</p>"), NOT, "remise de titre"
    yield (
        "none-label-in-prose",
        sp("<p>Pour une remise de titre, écrivez à la préfecture.</p>" + SP_CARD),
        NOT,
        "remise de titre",
    )
    yield (
        "two-cards-in-bold",
        sp(
            f"<div class=card><strong>Récépissé</strong><p>{SP_NONE}</p></div><div class=card><strong>Remise</strong><p>Places à prendre</p></div>",
            "",
        ),
        NOT,
        None,
    )
    yield "none-and-new-search", sp(SP_CARD + '<a class="fr-btn" href="/prendre_rdv">Nouvelle recherche</a>'), NO, None
    yield (
        "none-with-place-recap",
        sp(
            SP_CARD,
            '<ul><li>Motif : <strong>Récépissé</strong></li><li>Lieu : <strong>Bobigny</strong> <a href="/prendre_rdv?y">Modifier</a></li></ul>',
        ),
        NO,
        None,
    )
    yield (
        "motif-b-has-a-day",
        sp(
            f"<div class=card><h3>Motif A</h3><p>{SP_NONE}</p></div><div class=card><h3>Motif B</h3><p>Prochaine disponibilité le <strong>8 décembre 2026</strong></p></div>",
            "",
        ),
        NOT,
        None,
    )
    yield (
        "motif-b-asked",
        sp(
            f"<div class=card><h3>Motif A</h3><p>{SP_NONE}</p></div><div class=card><h3>Motif B</h3><p>Prochaine disponibilité le <strong>8 décembre 2026</strong></p></div>",
            "",
        ),
        NOT,
        "motif b",
    )
    yield "motif-b-link", sp(f"{SP_CARD}<a href='/prendre_rdv?motif_id=4'>Remise de titre</a>"), NOT, None
    yield "next-week", sp(f"{SP_CARD}<a href='/prendre_rdv?date=2026-12-14'>semaine suivante</a>"), NOT, None
    yield (
        "help-heading",
        sp(f"<section><h2>Que faire ?</h2><p>{SP_NONE}</p></section><p>Sélectionnez le service</p>"),
        NOT,
        None,
    )
    yield "help-question", sp(f"<div class=card><h2>Que veut dire ce message ?</h2><p>{SP_NONE}</p></div>"), NOT, None
    yield "quoted", sp(f"<p>Si la page affiche le message suivant :</p><p>{SP_NONE}</p>"), NOT, None
    yield "none-and-hidden-grid", sp(SP_CARD + f"<div style='display:none'>{sp_grid(sp_slot())}</div>"), NO, None
    yield "none-and-unsure-grid", sp(SP_CARD + f"<div aria-hidden='true'>{sp_grid(sp_slot())}</div>"), NOT, None
    yield "place-2025", sp(sp_place()), YES, None
    yield "place-labelled", sp(sp_place()), YES, "récépissé"
    yield "place-of-another-label", sp(sp_place()), NOT, "remise de titre"
    yield (
        "place-2024-10",
        sp(
            '<a class="stretched-link" href="/prendre_rdv?lieu_id=12"><div>Prochaine disponibilité le<br><strong>mardi 08 décembre 2026 à 08h00</strong></div></a>'
        ),
        YES,
        None,
    )
    yield (
        "place-2024-12-card",
        sp(
            '<div class="card"><div class="card-body"><h4><a href="/prendre_rdv?lieu_id=3">Préfecture</a></h4><p>Prochaine disponibilité le <strong>8 décembre 2026</strong></p></div></div>'
        ),
        YES,
        None,
    )
    dialog = '<div class="fr-card"><h3><button {} aria-controls="d">Préfecture</button></h3><p>Prochaine disponibilité le <strong>8 décembre 2026</strong></p></div><dialog id="d" class="fr-modal"><p>Venez à l\'heure.</p><a href="/prendre_rdv?lieu_id=12">Continuer</a></dialog>'
    yield "place-with-instructions", sp(dialog.format("")), YES, None
    yield "place-with-instructions-disabled", sp(dialog.format("disabled")), NOT, None
    yield "place-with-instructions-unlinked", sp(dialog.format("").replace('aria-controls="d"', "")), NOT, None
    yield (
        "next-day-over-a-week",
        sp(
            sp_grid(
                '<a class="fr-btn" href="/prendre_rdv?date=2026-12-14">Prochaine disponibilité le lundi 14 décembre 2026</a>'
            )
        ),
        YES,
        None,
    )
    yield (
        "services",
        sp(
            "<p>Sélectionnez le service avec qui vous voulez prendre un RDV :</p><a href='/prendre_rdv?service_id=1'>Étrangers</a>"
        ),
        NOT,
        None,
    )
    yield "place-past", sp(sp_place("mardi 08 décembre 2020 à 09h00")), NOT, None
    yield "place-without-link", sp(sp_place(link="")), NOT, None
    yield "place-disabled", sp(sp_place(more='aria-disabled="true"')), NOT, None
    yield "place-hidden", sp(sp_place(more="hidden")), NOT, None
    yield (
        "place-without-day",
        sp('<ul><li class="fr-card"><h3><a href="/prendre_rdv?lieu_id=12">Préfecture</a></h3></li></ul>'),
        NOT,
        None,
    )
    yield "place-in-aside", sp(f"<aside>{sp_place()}</aside>"), NOT, None
    yield "slot", sp(sp_grid(sp_slot())), YES, None
    yield "slot-without-address", sp(sp_grid(sp_slot(""))), NOT, None
    yield (
        "slot-disabled",
        sp(sp_grid(sp_slot('aria-disabled="true" href="/users/rdv_wizard_step/new?starts_at=2026-12-08"'))),
        NOT,
        None,
    )
    yield "slot-past", sp(sp_grid(sp_slot('href="/users/rdv_wizard_step/new?starts_at=2020-12-08"'))), NOT, None
    yield "slot-hidden", sp(sp_grid(sp_slot()), head="<style>.fr-btn{display:none}</style>"), NOT, None
    yield "slot-outside-grid", sp(sp_slot()), NOT, None
    workshop = '<div class="card"><div>Atelier</div><p>mardi 8 décembre 2026 à 14h00</p><p>{} places restantes</p><div>{}</div></div>'
    join = '<a href="/users/rdvs/77/participations/new">S\'inscrire</a>'
    yield "workshop", sp(workshop.format(3, join)), YES, None
    yield "workshop-without-link", sp(workshop.format(3, "S'inscrire")), NOT, None
    yield "workshop-past", sp(workshop.format(3, join).replace("2026", "2020")), NOT, None
    shut = "<p>Date fermée à la reservation</p>"
    yield "closed-grid", sp(sp_grid(shut)), NO, None
    yield "closed-grid-and-next-day", sp(sp_grid(shut) + "<p>Prochaine disponibilité le 8 décembre 2026</p>"), NOT, None
    yield (
        "closed-grid-other-place-link",
        sp(sp_grid(shut) + "<a href='/prendre_rdv?lieu_id=13'>Autre lieu</a>"),
        NOT,
        None,
    )
    yield "closed-grid-hidden", sp(f"<div aria-hidden='true'>{sp_grid(shut)}</div>"), NOT, None


# --- the others -------------------------------------------------------------------------------------------------------
def ds(inner: str, title: str = "Demande") -> str:
    """A start page."""
    return html(f'<header><a href="/users/sign_in">Se connecter</a></header><main>{inner}</main>', title)


START = '<h2>Commencer la démarche</h2><a href="/commencer/demande-de-rendez-vous/sign_up">Créer un compte</a>'
AGENTS = '<h2>Commencer la démarche</h2><a href="/pro_connect/login">S\'identifier avec ProConnect</a>'


def _ds_kinds() -> Iterator[tuple[str, str, str, str]]:
    yield "open", "", ds(START), "RequestForm"
    yield "open-with-proconnect-too", "", ds(START + AGENTS), "RequestForm"
    yield "agents", "", ds(AGENTS), "Obstructed"
    yield "draft", "", ds('<div class="fr-notice"><p>Démarche en test</p></div>' + START), NOT
    yield "draft-address", "test", ds(START), NOT
    yield "replaced", "autre-demarche", ds(START), NOT
    yield (
        "closed-2022",
        "",
        ds("<p>Cette démarche en ligne a été close, il n'est plus possible de déposer.</p>"),
        "Closed",
    )
    yield "closed", "", ds("<p>La démarche « Rendez-vous » est close depuis le 3 mars 2026.</p>"), "Closed"
    yield "closed-question", "", ds("<p>Cette démarche est close ? Non, elle reste ouverte.</p>"), NOT
    yield "closed-hidden", "", ds("<p hidden>Cette démarche est close.</p>" + START), "RequestForm"
    yield (
        "closed-with-own-files",
        "",
        ds('<p>Cette démarche est close.</p><a href="/users/sign_in">J\'ai déjà un compte</a>'),
        "Closed",
    )
    yield (
        "open-with-faq",
        "",
        ds(START + '<div class="fr-accordion"><h3>Quand la démarche est-elle close ?</h3></div>'),
        "RequestForm",
    )
    yield "absent", "", ds("<p>La démarche n'existe pas</p><h1>Un outil simple</h1>"), NOT
    yield "start-hidden", "", ds(f"<div hidden>{START}</div>"), NOT
    yield "start-of-another-form", "", ds('<a href="/commencer/autre/sign_up">Créer un compte</a>'), NOT
    yield "start-disabled", "", ds(f'<div aria-disabled="true">{START}</div>'), NOT


DAY = '{"daySlots":[{"day":"%s","slots":[%s]}]}'


def _other_kinds() -> Iterator[Kind]:
    for name, body, right in (
        ("none", '{"daySlots":[]}', NO), ("slots", DAY % ("2026-12-07", '{"hour":"09:00"}'), YES),
        ("today", DAY % ("2026-11-29", '{"hour":"18:00"}'), YES), ("yesterday", DAY % ("2026-11-28", '{"hour":"18:00"}'), NOT),
        ("unavailable", DAY % ("2026-12-07", '{"hour":"09:00","available":false}'), NOT), ("error", '{"daySlots":[],"error":"x"}', NOT),
        ("failed", '{"success":false,"daySlots":[]}', NOT), ("nested", '{"data":{"daySlots":[]}}', NOT), ("list", "[]", NOT),
        ("unknown", '{"daySlots":[],"reason":"quota"}', NOT), ("empty-day", DAY % ("2026-12-07", ""), NOT), ("pages", '{"daySlots":[],"totalPages":4}', NOT),
        ("cut", '{"daySlots": []', NOT), ("null", '{"daySlots":null}', NOT), ("string", '{"daySlots":"[]"}', NOT),
    ):  # fmt: skip
        yield Kind(f"orion-{name}", "orion", OR, body, right)
    box = '<div class="rdv-calendar">{}</div>'
    day = (
        '<div class="day-column"><span class="header-date">{}</span><ul><li class="time-slot" {}>09:00</li></ul></div>'
    )
    said = '<div class="user-msg error">Aucun créneau disponible.</div>'
    for name, body, right in (
        ("none", html(box.format("") + said), NO), ("slots", html(box.format(day.format("08/12/2026", ""))), YES),
        ("slots-past", html(box.format(day.format("08/12/2020", ""))), NOT), ("slots-hidden", html(box.format(day.format("08/12/2026", "hidden"))), NOT),
        ("slots-disabled", html(box.format(day.format("08/12/2026", 'aria-disabled="true"'))), NOT),
        ("slots-outside", html(box.format("") + day.format("08/12/2026", "")), NOT),
        ("two-sites", html(box.format("") + said + box.format("")), NOT),
        ("none-beside-hidden-day", html(said + box.format(day.format("08/12/2026", "").replace("<div ", "<div hidden "))), NO),
        ("none-beside-unsure-slot", html(said + box.format(day.format("08/12/2026", 'aria-hidden="true"'))), NOT),
    ):  # fmt: skip
        yield Kind(f"orion-page-{name}", "orion", OR, body, right)
    none = "<p>Aucun rendez-vous n'est disponible actuellement pour le motif sélectionné.</p>"
    for name, body, right in (
        ("none", html(none), NO), ("none-and-step-3", html(none + "<h2>3/4 : Lieu, date et heure</h2>"), NOT),
        ("none-in-help", html(f"<h2>Que faire ?</h2>{none}"), NOT), ("none-other-motif", html(none + "<p>Motif A</p><p>Motif B</p>"), NOT),
        ("none-other-box", html(none + '<label><input type="checkbox" name="m">Autre</label>'), NOT),
    ):  # fmt: skip
        yield Kind(f"eappointment-{name}", "eappointment", EA, body, right)
    wall, form = "Obstructed", '<form><input type="password"></form>'
    for name, body, right, status, headers in (
        ("aws", html("", "Human Verification", '<script src="https://x.token.awswaf.com/a/challenge.js"></script>'), wall, 202, ()),
        ("aws-script", html("<noscript><h1>JavaScript is disabled</h1></noscript>", "", "<script>window.gokuProps = {};</script>"), wall, 202, ()),
        ("aws-header", "", wall, 202, (("x-amzn-waf-action", "challenge"),)),
        ("anubis-fr", html("<h1>Vérification que vous n'êtes pas un robot !</h1>", "Vérification que vous n'êtes pas un robot !"), wall, 200, ()),
        ("anubis-script", html('<p>Loading</p><script id="anubis_challenge" type="application/json">{}</script>', "Oh"), wall, 200, ()),
        ("imperva", html("<h1>Pardon Our Interruption</h1>", "Pardon Our Interruption"), wall, 200, ()),
        ("f5", html("<p>The requested URL was rejected. Please consult with your administrator.</p>", "Request Rejected"), wall, 200, ()),
        ("f5-fr", html("<p>L'URL demandée a été rejetée. Veuillez contacter votre administrateur.</p>", "Requête rejetée"), wall, 200, ()),
        ("browser-check", html("<h1>Checking your browser before accessing example.gouv.fr</h1>", "Patientez"), wall, 200, ()),
        ("browser-check-fr", html("<h1>Un moment</h1>", "Vérification de votre navigateur"), wall, 200, ()),
        ("altcha", html("<h1>Contrôle</h1><altcha-widget challengeurl='/c'></altcha-widget>"), wall, 200, ()),
        ("li-antibot", html("<h1>Contrôle</h1><iframe id='li-antibot-iframe' src='/li-antibot'></iframe>"), wall, 200, ()),
        ("hcaptcha", html("<h1>Contrôle</h1><div class='h-captcha'></div>"), wall, 200, ()),
        ("turnstile", html("<h1>Contrôle</h1><div class='cf-turnstile'></div>"), wall, 200, ()),
        ("queue-h3", html("<h3>Vous êtes dans la file d'attente</h3><p>512 personnes</p>"), wall, 200, ()),
        ("maintenance-h2", html("<h2>Site en maintenance</h2>"), "Unavailable", 200, ()),
        ("down-h2", html("<h1>Étrangers en France</h1><h2>Le service est momentanément indisponible</h2>"), "Unavailable", 200, ()),
        ("queue-under-h1", html("<h1>Préfecture</h1><h2>Vous êtes dans la file d'attente</h2>"), wall, 200, ()),
        ("login", html("<h1>Étrangers en France</h1>" + form), wall, 200, ()),
        ("unknown-wall", html("<p>Nous vérifions votre navigateur.</p><script>go()</script>"), NOT, 200, ()),
    ):  # fmt: skip
        for platform, url in (
            ("ez_booking", EZ),
            ("rdv_prefecture", RP),
            ("rdv_service_public", SP),
            ("demarche_numerique", DS),
            ("front_page", "https://portail.gouv.fr/"),
        ):
            yield Kind(f"wall-{name}-{platform}", platform, url, body, right, status=status, headers=headers)


def kinds() -> Iterator[Kind]:
    """All of them."""
    for name, step, body, right, label in _ez_kinds():
        yield Kind(f"ez-{name}", "ez_booking", EZ + step, body, right, label)
    for name, text, right in _rp_kinds():
        yield Kind(f"rdvpref-{name}", "rdv_prefecture", RP, text, right)
    for name, text, right, label in _sp_kinds():
        yield Kind(f"rdvsp-{name}", "rdv_service_public", SP, text, right, label)
    for name, slug, text, right in _ds_kinds():
        at = {"": DS, "test": DS.replace("commencer/", "commencer/test/")}.get(
            slug, DS.replace("demande-de-rendez-vous", slug)
        )
        yield Kind(f"ds-{name}", "demarche_numerique", at, text, right, asked=DS)
    yield from _other_kinds()
