"""What a form posts, held against what the pages offer. Pure but for the reading of a body, which ends at 4 kB.

Forms are `application/x-www-form-urlencoded` and nothing else: no parser of multipart bodies is here to be attacked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from monitor.alerts.people.requests import SelfRequest
from monitor.alerts.people.subscriptions import Subscription, recipient
from monitor.values import dataclass
from monitor.web.words import told_in

if TYPE_CHECKING:
    from starlette.requests import Request

BODY: Final = 4096  # bytes; the longest form of ours is below 1,500
FIELDS: Final = 60
YOUNGEST, OLDEST = timedelta(seconds=2), timedelta(hours=1)
KIND: Final = "application/x-www-form-urlencoded"

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What may be chosen. offices: name by code of préfecture; zones: IANA zone by code; procedures: codes; languages:
    of the pages; most: préfectures for one person."""

    offices: Mapping[str, str]
    zones: Mapping[str, str]
    procedures: Sequence[str]
    languages: Sequence[str]
    most: int


class RefusedBodyError(Exception):
    """A body that no form of ours posts. status: the answer's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def posted(request: Request) -> Posted:
    """The fields of a form. Raises RefusedBodyError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != KIND:
        raise RefusedBodyError(415)
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 9 or int(length) > BODY:
        raise RefusedBodyError(413)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > BODY:
            raise RefusedBodyError(413)
    try:
        return parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError:
        raise RefusedBodyError(400) from None


def from_here(request: Request) -> bool:
    """Whether a browser that says where a request comes from says that it is from these pages."""
    return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def one(form: Posted, name: str) -> str:
    """The first value of a field, empty where there is none."""
    return next(iter(form.get(name, ())), "").strip()


def fresh(token: str, stamp: Callable[[int], str], now: datetime) -> bool:
    """Whether a form was shown here between two seconds and an hour ago. stamp: what one of an instant bears."""
    import hmac

    at = token.partition(".")[0]
    if not (at.isascii() and at.isdecimal() and len(at) <= 12):
        return False
    age = now.timestamp() - int(at)
    timely = YOUNGEST.total_seconds() <= age <= OLDEST.total_seconds()
    return timely and hmac.compare_digest(stamp(int(at)).encode(), token.encode("utf-8", "replace"))


def asked(form: Posted, offered: Offered, language: str, today: date) -> SelfRequest | list[str]:
    """A request to subscribe; else the fields that keep it from being one. language: of the pages. today: UTC."""
    chosen = wishes(form, offered, language, today)
    wrong = chosen if isinstance(chosen, list) else []
    address = mail_address(form)
    if address is None or isinstance(chosen, list):
        return [*(["address"] if address is None else []), *wrong]
    return SelfRequest(address=address, wishes=chosen)


def mail_address(form: Posted) -> str | None:
    """The address typed; None where it is none, or an administration's."""
    try:
        return recipient("email", one(form, "address"))
    except ValueError:
        return None


def wishes(form: Posted, offered: Offered, language: str, today: date) -> Subscription | list[str]:
    """What is wished for; else the fields that are wrong."""
    places = tuple(dict.fromkeys(place for place in map(str.strip, form.get("prefecture", ())) if place))
    procedures = tuple(dict.fromkeys(form.get("procedure", ())))
    day, day_wrong = _day(one(form, "before"), today)
    spoken = one(form, "language") or language
    wrong = {
        "prefecture": not 0 < len(places) <= offered.most or not {*places} <= offered.offices.keys(),
        "procedure": not {*procedures} <= {*offered.procedures},
        "before": day_wrong,
        "language": spoken not in offered.languages and spoken != language,
    }
    if any(wrong.values()):
        return [name for name, is_wrong in wrong.items() if is_wrong]
    return Subscription(
        id=0,
        channel="email",
        state="pending",
        prefectures=places,
        procedures=procedures,
        before=day,
        language=told_in(spoken),
        discreet="discreet" in form,
        time_zone=offered.zones[places[0]],
    )


def _day(text: str, today: date) -> tuple[date | None, bool]:
    """The day, and whether what was typed is no day to come."""
    if not text:
        return None, False
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, True
    return day, day <= today
