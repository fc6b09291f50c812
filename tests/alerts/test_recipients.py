"""Addresses: one form each, so that nobody is entered twice; none of an administration; none in an error."""

from __future__ import annotations

import re
import string
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.people.subscriptions import Channel, is_state, recipient


@pytest.mark.parametrize(
    ("channel", "typed", "kept"),
    [
        ("email", " Amina.B+vigie@Exemple.ORG\n", "Amina.B+vigie@exemple.org"),
        ("email", "a@xn--prfecture-b4a.exemple.fr", "a@xn--prfecture-b4a.exemple.fr"),
        ("email", "a@notgouv.fr", "a@notgouv.fr"),
        ("signal", "06 12 34 56 78", "+33612345678"),
        ("signal", "+49 151 23456789", "+4915123456789"),
        ("signal", "amina.42", "amina.42"),
    ],
)
def test_each_address_has_one_form(channel: str, typed: str, kept: str) -> None:
    assert recipient(channel, typed) == kept  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        ("email", "amina"), ("email", "a@b"), ("email", "a@b.fr, c@d.fr"), ("email", "a b@exemple.fr"),
        ("email", ".a@exemple.fr"), ("email", "a..b@exemple.fr"), ("email", "a@exemple.fr\nBcc: b@exemple.fr"),
        ("email", "pref@val-doise.gouv.fr"), ("email", "ccc@ants.GOUV.fr"), ("email", "x@gouv.fr"),
        ("signal", "0123"), ("signal", "group.abcd"), ("signal", "+339"), ("signal", "a@exemple.fr"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_without_being_repeated(channel: str, typed: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - any sentence will do, but for the address in it
        recipient(channel, typed)  # type: ignore[arg-type]
    assert typed not in str(refused.value)


@pytest.mark.parametrize(("length", "taken"), [(254, True), (255, False)])
def test_a_mail_address_has_254_characters_at_most(length: int, taken: bool) -> None:
    """RFC 5321, 4.5.3.1.3, less the angle brackets."""
    domain = ".".join(["d" * 62] * 3)
    typed = f"{'a' * (length - len(domain) - 4)}@{domain}.fr"
    assert len(typed) == length
    if taken:
        assert recipient("email", typed) == typed
    else:
        with pytest.raises(ValueError, match="no e-mail address"):
            recipient("email", typed)


ATOM = st.text(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~-", min_size=1, max_size=12)
LABEL = st.text(string.ascii_letters + string.digits, min_size=1, max_size=12)
MAIL = st.builds(
    "{}@{}.{}".format,
    st.lists(ATOM, min_size=1, max_size=3).map(".".join),
    st.lists(LABEL, min_size=1, max_size=3).map(".".join),
    st.sampled_from(["fr", "org", "Exemple", "re"]),
)
FRENCH = st.builds("{}{:08}".format, st.sampled_from(["06", "+336", "0033 6 "]), st.integers(0, 99_999_999))
USERNAME = st.builds(
    "{}{}.{}".format,
    st.sampled_from("aZ_"),
    st.text(string.ascii_letters, min_size=2, max_size=20),
    st.integers(10, 10**6),
)
VALID = st.tuples(st.just("email"), MAIL) | st.tuples(st.just("signal"), FRENCH | USERNAME)


@given(VALID, st.sampled_from(["", " ", "\n", "\u00a0"]))
def test_any_address_is_taken_in_a_form_that_is_taken_again_unchanged(valid: tuple[Channel, str], around: str) -> None:
    channel, typed = valid
    try:
        found = recipient(channel, around + typed + around)
    except ValueError:
        assert channel == "signal"  # a number that no operator was given
        assert typed.lstrip("+").replace(" ", "").isdigit()
        return
    assert recipient(channel, found) == found
    assert found.rpartition("@")[0] == typed.rpartition("@")[0]
    assert found.lower() == typed.lower() or found.startswith("+33")


@given(
    VALID, st.integers(0, 60), st.sampled_from([" ", "\n", "\r\nBcc: b@exemple.fr", ",", "\x00", "é", "<", "@", ";"])
)
def test_a_damaged_address_is_refused_or_is_one_line_of_one_address(
    valid: tuple[Channel, str], at: int, damage: str
) -> None:
    channel, typed = valid
    at %= len(typed)
    broken = typed[:at] + damage + typed[at:]
    if channel == "email" and at > 0:
        with pytest.raises(ValueError, match=r"e-mail address|administration"):
            recipient(channel, broken)
        return
    with suppress(ValueError):
        found = recipient(channel, broken)
        assert re.fullmatch(r"\+[1-9]\d+|\w+\.\d+|[!-~]+@[!-~]+", found, re.ASCII)
        assert recipient(channel, found) == found


@given(MAIL, st.sampled_from(["gouv.fr", "GOUV.FR", "val-doise.gouv.fr"]))
def test_nobody_under_the_state_is_ever_entered(mail: str, domain: str) -> None:
    with pytest.raises(ValueError, match="administration"):
        recipient("email", f"{mail.rpartition('@')[0]}@{domain}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pref@val-doise.gouv.fr", True), ("X@GOUV.FR.", True), ("mailto://u:p@exemple.org?to=a@ants.gouv.fr", True),
        ("mailto://u:p@exemple.org?to=a@ants.gouv.fr&cc=b@exemple.org", True), ("a@notgouv.fr", False),
        ("a@gouv.fr.exemple.org", False), ("ntfys://ntfy.exemple.org/prefectures", False),
    ],
)  # fmt: skip
def test_an_address_that_leads_to_an_administration_is_known_in_any_text(text: str, expected: bool) -> None:
    assert is_state(text) is expected
