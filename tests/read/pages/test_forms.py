from __future__ import annotations

import pytest

from monitor.core.prefecture import Choose, Move, Open, Page, Press, Tick
from monitor.read.pages.forms import FormChanged, FormRefused, Submission, submission

URL = "https://www.val-doise.gouv.fr/booking/create/14666/1?x=1#haut"
NEXT = Press("f", "nextButton", "Etape suivante")
BUTTON = '<input type="submit" name="nextButton" value="Etape suivante">'


def page(html: str, url: str = URL) -> Page:
    return Page(url=url, status=200, body=html.encode())


def sent(html: str, *move: Tick | Choose | Press) -> Submission:
    return submission(page(html), move)


def test_what_a_browser_would_send() -> None:
    html = f"""<form id="f" method="post" action="/booking/create/14666/1">
      <input type="hidden" name="token" value="é&amp;1"> <input type="hidden" value="no name">
      <input type="checkbox" name="condition"> <input type="checkbox" name="news" value="oui" checked>
      <input type="checkbox" name="off"> <input type="checkbox" name="dead" checked disabled>
      <fieldset disabled><input type="hidden" name="switched" value="off"></fieldset>
      <input type="radio" name="planning" value="1" checked> <input type="radio" name="planning" value="2">
      <input type="radio" name="other" value="a" checked> <input type="radio" name="other" value="b">
      <select name="lang"><option value="fr">Français</option><option value="en" selected>English</option></select>
      <select name="first"><option>Un</option><option>Deux</option></select>
      <input type="text" name="trap" style="display:none">
      <button name="manageButton" value="m">Gérer</button> {BUTTON}
    </form><input form="f" type="hidden" name="outside" value="in"><input type="hidden" name="stranger" value="x">"""
    assert sent(html, Tick("condition", "J'accepte"), Choose("planning", "2", "Guichet"), NEXT) == Submission(
        "POST",
        "https://www.val-doise.gouv.fr/booking/create/14666/1",
        (
            ("token", "é&1"), ("condition", "on"), ("news", "oui"), ("planning", "2"), ("other", "a"), ("lang", "en"),
            ("first", "Un"), ("trap", ""), ("nextButton", "Etape suivante"), ("outside", "in"),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "base", "url"),
    [
        ("<form id=f method=POST>", "", "https://www.val-doise.gouv.fr/booking/create/14666/1?x=1"),
        ("<form id=f method=post action='?y=2'>", "", "https://www.val-doise.gouv.fr/booking/create/14666/1?y=2"),
        ("<form id=f method=post action='suite'>", "<base href='/b/'>", "https://www.val-doise.gouv.fr/b/suite"),
        ("<form name=f method=post action='//pprdv.interieur.gouv.fr/x'>", "", "https://pprdv.interieur.gouv.fr/x"),
    ],
)
def test_where_it_is_sent(form: str, base: str, url: str) -> None:
    assert sent(f"<head>{base}</head>{form}{BUTTON}</form>", NEXT).url == url


def test_a_get_form_keeps_no_query_of_its_action() -> None:
    html = f"<form id=f action='/cherche?vieux=1'><input type=hidden name=q value=a>{BUTTON}</form>"
    assert sent(html, NEXT) == Submission(
        "GET", "https://www.val-doise.gouv.fr/cherche", (("q", "a"), ("nextButton", "Etape suivante"))
    )


def test_the_button_s_own_target_wins() -> None:
    html = """<form id=f action=/a><button name=nextButton value=v formaction=/b formmethod=post>
      <span>Etape</span> suivante</button></form>"""
    assert sent(html, NEXT) == Submission("POST", "https://www.val-doise.gouv.fr/b", (("nextButton", "v"),))


@pytest.mark.parametrize(
    ("html", "move"),
    [
        ("<p>rien</p>", (NEXT,)),
        (f"<form id=g>{BUTTON}</form>", (NEXT,)),
        ("<form id=f><input type=submit name=nextButton value='Réserver'></form>", (NEXT,)),
        (f"<form id=f>{BUTTON.replace('<input', '<input disabled')}</form>", (NEXT,)),
        (
            f"<form id=f>{BUTTON}</form><form id=g><input type=checkbox name=condition></form>",
            (Tick("condition", ""), NEXT),
        ),
        (f"<form id=f><input type=radio name=planning value=1>{BUTTON}</form>", (Choose("planning", "2", ""), NEXT)),
        (f"<form id=f action='javascript:void(0)'>{BUTTON}</form>", (NEXT,)),
        (f"<form id=f method=dialog>{BUTTON}</form>", (NEXT,)),
        (f"<form id=f method=post enctype=multipart/form-data>{BUTTON}</form>", (NEXT,)),
        ("<div>" * 400, (NEXT,)),
    ],
)
def test_a_form_that_changed_is_not_sent(html: str, move: Move) -> None:
    with pytest.raises(FormChanged):
        submission(page(html), move)


@pytest.mark.parametrize(
    "field",
    [
        "<input name=nom>",
        "<input type=email name=mail value='deja@rempli'>",
        "<input type=password name=p hidden>",
        "<input type=tel name=t>",
        "<textarea name=t></textarea>",
        "<input type=file name=f hidden>",
        "<input type=hidden name=captchaId value=1>",
        "<input type=hidden name=g-recaptcha-response>",
        "<div class=h-captcha></div>",
        "<div class=cf-turnstile></div>",
        "<img id=ezbooking-captcha-image src=/c.png>",
        "<input form=f type=hidden name=captchaUsercode>",
    ],
)
def test_a_form_that_wants_more_than_choices_is_refused(field: str) -> None:
    with pytest.raises(FormRefused):
        sent(f"<form id=f method=post>{field}{BUTTON}</form>", NEXT)


@pytest.mark.parametrize("field", ["<input form=f type=hidden name=captchaId>", "<input form=f name=nom>"])
def test_a_field_that_stands_elsewhere_is_the_form_s_too(field: str) -> None:
    with pytest.raises(FormRefused):
        sent(f"<form id=f method=post>{BUTTON}</form>{field}", NEXT)


def test_only_a_press_sends() -> None:
    with pytest.raises(ValueError, match="press"):
        submission(page(f"<form id=f>{BUTTON}</form>"), (Open("https://x/"),))
