"""The pages as bytes, in the language of their path: no script, no cookie, nothing of a third party."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from monitor.alerts.people.subscriptions import Language, Subscription
from monitor.alerts.text.kinds import SAID
from monitor.alerts.text.message import mail_to
from monitor.core.labels import procedure
from monitor.values import dataclass
from monitor.web.forms import Offered, Posted, one
from monitor.web.privacy import Privacy
from monitor.web.words import NAMES, SPOKEN, WORDS, spoken_as

if TYPE_CHECKING:
    from jinja2 import Environment

    from monitor.alerts.people.requests import HelpDesk
    from monitor.web.office import Held

STYLE: Final = (
    "body{font:1.05rem/1.5 sans-serif;max-width:40rem;margin:0 auto;padding:0 1rem;background:#fff;color:#1b1b1b}"
    "a{color:#0b4c9c}@media(prefers-color-scheme:dark){body{background:#16181c;color:#ececec}a{color:#9fc6ff}}"
    "nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1rem}"
    "input:not([type=checkbox],[type=radio]),select{font:inherit;width:100%;max-width:100%;box-sizing:border-box;padding:.5rem}"
    "button{font:inherit;padding:.7rem 1.2rem;min-height:2.8rem}"
    "input[type=checkbox],input[type=radio]{width:1.5rem;height:1.5rem;vertical-align:middle}"
    "a{display:inline-block;min-height:1.5rem;overflow-wrap:anywhere}"
    "dd{margin:0 0 .5rem;overflow-wrap:anywhere}fieldset p{margin:.4rem 0}"
)
_STYLE_SUM: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_STYLE_SUM}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
    "cross-origin-opener-policy": "same-origin",
}
TOKEN: Final = "@token@"  # noqa: S105 - where one will stand
FIRST_WORDS: Final = "VIGIE 93"  # what a person writes of themselves, as `alerts.people.written` reads it


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a form shows filled in."""

    address: str = ""
    prefectures: Sequence[str] = ()
    procedures: Sequence[str] = ()
    before: str = ""
    language: str = ""
    discreet: bool = False


def typed(form: Posted, language: str) -> Typed:
    """What was typed, to be shown again with what is wrong of it."""
    return Typed(
        address=one(form, "address")[:254],
        prefectures=[place for place in form.get("prefecture", ()) if place],
        procedures=form.get("procedure", ()),
        before=one(form, "before")[:10],
        language=one(form, "language") or language,
        discreet="discreet" in form,
    )


@dataclass(frozen=True, kw_only=True)
class SelfServicePages:
    """All that the pages show. mailbox: where people may write first, empty without; signal: number or username.

    site: where the public site's guide stands in a language, empty without.
    """

    offered: Offered
    privacy: Privacy
    mailbox: str = ""
    signal: str = ""
    site: Callable[[str], str] = lambda _language: ""
    _first: dict[tuple[str, bool, date], tuple[str, str]] = field(default_factory=dict)

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, PackageLoader, StrictUndefined

        return Environment(
            loader=PackageLoader("monitor"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def word(self, language: str, name: str) -> str:
        """One of WORDS in a language of the pages."""
        return _said(language)[name]

    def plain(self, language: str, title: str, *text: str, back: tuple[str, str] | None = None) -> bytes:
        """A page of sentences. title, text: names of WORDS. back: where a link leads, and the name of its words."""
        said = _said(language)
        return self._page("web/page.html.j2", language, title, text=[said[name] for name in text], back=back)

    def button(self, language: str, title: str, text: str, button: str, action: str) -> bytes:
        """A sentence and one button: what a machine that opens links never presses."""
        said = _said(language)
        return self._page(
            "web/button.html.j2", language, title, text=[said[text]], button=said[button], action=action
        )  # fmt: skip

    def subscribe(
        self,
        language: str,
        token: str,
        today: date,
        *,
        closed: bool,
        wrong: Sequence[str] = (),
        filled: Typed | None = None,
    ) -> bytes:
        """The form. closed: only writing first is left. wrong: fields, `stale` among them; filled: what was typed."""
        if wrong or filled is not None:
            shown = self._subscribe(language, today, closed=closed, wrong=wrong, filled=filled)
            return shown.replace(TOKEN, token).encode()
        key = (language, closed, today)
        if key not in self._first:
            if any(known[2] != today for known in self._first):
                self._first.clear()
            start, _token, end = self._subscribe(language, today, closed=closed).partition(TOKEN)
            self._first[key] = start, end
        return token.join(self._first[key]).encode() if not closed else self._first[key][0].encode()

    def _subscribe(
        self, language: str, today: date, *, closed: bool, wrong: Sequence[str] = (), filled: Typed | None = None
    ) -> str:
        said, first = _said(language), self.first(language)
        return self._text(
            "web/subscribe.html.j2",
            language,
            "subscribe",
            path="",
            text=[said["intro"]],
            wrong=self._wrong(language, wrong, today),
            closed=(said["closed"] if first else said["closed_all"]) if closed else "",
            first=first,
            token=TOKEN,
            typed=filled or Typed(language=language),
            **self._choices(language, today),
        )

    def manage(self, language: str, token: str, *, wrong: Sequence[str] = (), filled: Typed | None = None) -> bytes:
        """Where the link to one's own choices is asked for."""
        return self._page(
            "web/manage.html.j2",
            language,
            "manage",
            path="gerer",
            text=[_said(language)["manage_text"]],
            wrong=self._wrong(language, wrong, None),
            token=token,
            typed=filled or Typed(language=language),
        )

    def choices(
        self, language: str, held: Held, action: str, today: date, *, saved: bool = False, wrong: Sequence[str] = (),
        filled: Typed | None = None,
    ) -> bytes:  # fmt: skip
        """All that is held of one person, to be read, changed, copied and erased by them alone."""
        said, to = _said(language), held.holder.to
        return self._page(
            "web/choices.html.j2",
            language,
            "manage",
            text=[said["saved"]] if saved else [],
            wrong=self._wrong(language, wrong, today),
            action=action,
            held=_rows(language, held),
            turn="pause" if to.state == "active" else "resume",
            typed=filled or _kept(to),
            **self._choices(language, today),
        )

    def desk(
        self, language: str, desk: HelpDesk, action: str, today: date, *, wrong: Sequence[str] = (),
        filled: Typed | None = None, done: bool = False,
    ) -> bytes:  # fmt: skip
        """Where a help desk subscribes people, and what it is shown of them: counts."""
        said = _said(language)
        return self._page(
            "web/desk.html.j2",
            language,
            "desk",
            text=[said["desk_taken"]] if done else [said["desk_text"]],
            wrong=self._wrong(language, wrong, today),
            action=action,
            counts=[(said["desk_brought"], desk.brought), (said["desk_active"], desk.active)],
            typed=filled or Typed(language=language),
            **self._choices(language, today),
        )

    def sheet(self, language: str) -> bytes:
        """What is signed in place of a press of a button: what is asked for, what is kept, one's rights."""
        parts = self.privacy.parts(language, _said(language))
        return self._page(
            "web/sheet.html.j2", language, "sheet", text=[_said(language)["sheet_yes"]], parts=parts
        )  # fmt: skip

    def privacy_page(self, language: str) -> bytes:
        """What is kept, for how long, and one's rights."""
        parts = self.privacy.parts(language, _said(language))
        return self._page("web/privacy.html.j2", language, "privacy", path="vie-privee", parts=parts)

    def first(self, language: str) -> list[tuple[str, str, str]]:
        """The ways to write first: a sentence, where it leads, and what to write."""
        said, words = _said(language), FIRST_WORDS
        spoken = SPOKEN.get(language, language)
        words = words if spoken == "fr" else f"{words} {spoken}"
        found = []
        if self.mailbox:
            found.append((said["write_mail"].format(mailbox=_apart(self.mailbox)), mail_to(self.mailbox, words), words))
        if self.signal:
            found.append((said["write_signal"].format(account=_apart(self.signal)), "", words))
        return found

    def _choices(self, language: str, today: date) -> dict[str, Any]:
        spoken = SPOKEN.get(language, language)
        own = spoken if spoken in ("fr", "en") else "fr"  # elsewhere the words that the préfectures' pages use
        return {
            "offices": list(self.offered.offices.items()),
            "most": self.offered.most,
            "procedures": [
                (code, procedure(code, own), own if own != spoken else "") for code in self.offered.procedures
            ],
            "languages": [(code, NAMES[code], SPOKEN.get(code, code)) for code in self.offered.languages],
            "today": (today + timedelta(days=1)).isoformat(),
        }

    @staticmethod
    def _wrong(language: str, wrong: Sequence[str], today: date | None) -> dict[str, str]:
        said = _said(language)
        day = ((today or date(2027, 1, 1)) + timedelta(days=60)).isoformat()
        words = {
            "stale": said["stale"],
            "address": said["need_address"],
            "prefecture": said["need_prefecture"],
            "procedure": said["need_procedure"],
            "how": said["need_how"],
            "before": said["need_day"].format(day=day),
        }
        return {("" if name == "stale" else name): words[name] for name in wrong if name in words}

    def _page(self, template: str, language: str, title: str, **values: Any) -> bytes:
        return self._text(template, language, title, **values).encode()

    def _text(self, template: str, language: str, title: str, *, path: str | None = None, **values: Any) -> str:
        """path: of this page behind its language, where it is the same page in each."""
        tongue, said = spoken_as(language), _said(language)
        elsewhere = (
            [(code, NAMES[code], f"/{code}/{path}") for code in self.offered.languages] if path is not None else []
        )
        filled: dict[str, Any] = {"text": [], "wrong": {}, "back": None, **values}
        return self._environment.get_template(template).render(
            said=said,
            code=tongue.code,
            direction=tongue.direction,
            language=language,
            title=said[title],
            style=STYLE,
            elsewhere=elsewhere,
            site=self.site(language),
            spoken={code: SPOKEN.get(code, code) for code in self.offered.languages},
            to_read_over="" if tongue.read_over else tongue.say(SAID["to_read_over"]),
            **filled,
        )


def _apart(word: str) -> str:
    """An address or a number as it is, in a sentence that runs from right to left too (Unicode isolates)."""
    return f"\u2066{word}\u2069"


@lru_cache(maxsize=16)
def _said(language: str) -> Mapping[str, str]:
    return spoken_as(language).all(WORDS)


def _kept(to: Subscription) -> Typed:
    """The choices that are kept, as the form shows them."""
    language: Language = to.language
    return Typed(
        prefectures=to.prefectures,
        procedures=to.procedures,
        before=to.before.isoformat() if to.before else "",
        language=language,
        discreet=to.discreet,
    )


def _rows(language: str, held: Held) -> list[tuple[str, str]]:
    said, tongue, holder = _said(language), spoken_as(language), held.holder
    zone = ZoneInfo(holder.to.time_zone)

    def day(at: datetime | None) -> str:
        return "" if at is None else tongue.day(at.astimezone(zone).date())

    rows = [
        (said["address"], str(held.export["address"])),
        (said["state"], said.get(holder.to.state, holder.to.state)),
        (said["added"], day(holder.added)),
        (said["agreed"], day(holder.confirmed)),
        (said["version"], holder.consent_text or ""),
    ]
    return [(name, value) for name, value in rows if value]
