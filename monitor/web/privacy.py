"""The privacy page: its figures are those that the program goes by, and stand nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from monitor.alerts.people import budget
from monitor.alerts.people.nudges import ANSWER_WITHIN
from monitor.alerts.send.asking import LINK_FOR
from monitor.alerts.send.outbox import KEPT
from monitor.alerts.text.letters import kept_and_rights
from monitor.settings.settings import Settings
from monitor.values import dataclass
from monitor.web.limits import WINDOW
from monitor.web.words import spoken_as

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """Who answers for the pages, and what of the settings the page names."""

    operator: str
    contact: str
    an_hour: int
    a_day: int
    network_an_hour: int

    @staticmethod
    def of(chosen: Settings) -> Privacy:
        """From the settings in force."""
        web = chosen.web
        return Privacy(
            operator=chosen.operator.name,
            contact=chosen.operator.contact,
            an_hour=web.questions_an_hour,
            a_day=web.questions_a_day,
            network_an_hour=web.network_an_hour,
        )

    def parts(self, language: str, said: Mapping[str, str]) -> list[tuple[str, Sequence[str]]]:
        """Headings, each with its sentences. said: WORDS in that language."""
        figures = {
            "hours": ANSWER_WITHIN // _HOUR,
            "told_days": KEPT // _DAY,
            "asked_days": budget.KEPT // _DAY,
            "questions": budget.QUESTIONS,
            "minutes": LINK_FOR // timedelta(minutes=1),
            "network_minutes": int(WINDOW) // 60,
            "network": self.network_an_hour,
            "an_hour": self.an_hour,
            "a_day": self.a_day,
        }
        who = " · ".join(filter(None, (self.operator, self.contact)))
        long = [said[f"privacy_{name}"].format(**figures) for name in ("asked", "told", "link", "backups")]
        abuse = [said[f"privacy_{name}"].format(**figures) for name in ("address", "network", "all")]
        kept, rights = kept_and_rights(spoken_as(language), self.contact or self.operator)
        none = said["privacy_none"]
        parts: list[tuple[str, Sequence[str]]] = [(kept[0], [*kept[1], none]), (said["privacy_long"], long)]
        parts += [(said["privacy_abuse"], abuse), rights]
        return [*([(said["privacy_who"], [who])] if who else []), *parts]
