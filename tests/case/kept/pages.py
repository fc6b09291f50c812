"""Pages of RDV-Préfecture as a browser shows them, for tests of what a person keeps."""

from __future__ import annotations

from datetime import datetime


def _page(title: str, body: str, *, mark: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='fr'><head><meta charset='utf-8'><title>RDV-Préfecture / {title}</title></head>"
        "<body><header role='banner'><a href='/rdvpref/' title='Accueil - RDV-Préfecture'>RDV-Préfecture</a></header>"
        f"<main id='page' class='fr-container'>{body}</main><!-- {mark} --></body></html>"
    )


def none(at: datetime) -> str:
    """No slot, says the site; the hour it published last is the page's own."""
    return _page(
        "Titre de séjour / Choisissez votre créneau",
        '<div class="text-center q-pa-md"><h2>Aucun créneau disponible</h2><p>Veuillez réessayer plus tard.</p></div>',
        mark=at.isoformat(),
    )


def some(at: datetime) -> str:
    """A slot at nine."""
    return _page(
        "Titre de séjour / Choisissez votre créneau",
        "<h1>Choisissez votre créneau</h1><div class='row cellule justify-center radio-card'>"
        "<input type='radio' id='trhId_1' name='selection.trhId' value='1'><label for='trhId_1'>09h00</label></div>",
        mark=at.isoformat(),
    )


def captcha(at: datetime) -> str:
    """The conditions, with the code that is asked."""
    return _page(
        "Titre de séjour / Constituez votre dossier",
        "<h1>Constituez votre dossier</h1><form method='post' action='_validerCaptcha'>"
        "<input type='hidden' name='captchaId' id='captchaId' value='9'>"
        "<div class='captcha' id='captchaFR_CaptchaImageDiv'><img id='captchaFR_CaptchaImage' alt='captcha'></div>"
        "<label for='captchaFormulaireExtInput'>Veuillez saisir le code de sécurité</label>"
        "<input id='captchaFormulaireExtInput' name='captchaUsercode' type='text'>"
        "<button type='submit' class='fr-btn' formaction='_validerCaptcha'>Suivant</button></form>",
        mark=at.isoformat(),
    )


def form(at: datetime) -> str:
    """Past the slots: name and address are asked."""
    return _page(
        "Titre de séjour / Vos informations",
        "<h1>Vos informations</h1><form><label for='nom'>Nom</label><input id='nom' name='nom' type='text'>"
        "<label for='courriel'>Courriel</label><input id='courriel' name='courriel' type='email'></form>",
        mark=at.isoformat(),
    )
