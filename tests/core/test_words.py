"""Messages are found one by one as the standard library finds them all."""

from __future__ import annotations

import gettext

import pytest

from monitor.core.words import DOMAIN, LOCALE, MessageFile

COUNTS = (0, 1, 2, 3, 5, 11, 100, 101)


@pytest.mark.parametrize("language", ["fr", "ar", "es", "pt"])
def test_every_message_is_said_as_gettext_says_it(language: str) -> None:
    standard = gettext.translation(DOMAIN, LOCALE, [language])
    ours = gettext.translation(DOMAIN, LOCALE, [language], MessageFile)
    catalogue: dict[str | tuple[str, int], str] = standard._catalog  # type: ignore[attr-defined]
    singles = {key for key in catalogue if isinstance(key, str) and key}
    plurals = {key[0] for key in catalogue if isinstance(key, tuple)}
    assert len(singles) > 100
    assert plurals
    for message in singles:  # of a plural, Python 3.11.2 and its successors say different things by `gettext`
        assert ours.gettext(message) == standard.gettext(message)
    for message in plurals:
        for count in COUNTS:
            assert ours.ngettext(message, "many", count) == standard.ngettext(message, "many", count)


def test_what_is_in_no_file_is_said_as_it_stands() -> None:
    ours = gettext.translation(DOMAIN, LOCALE, ["fr"], MessageFile)
    assert ours.gettext("no such message") == "no such message"
    assert [ours.ngettext("one", "many", count) for count in (1, 2)] == ["one", "many"]
