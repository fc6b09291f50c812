"""Addresses: one form each, so that nobody is entered twice; none of an administration; none in an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.people.subscriptions import is_state, recipient


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


@given(st.sampled_from(["email", "signal"]), st.text(max_size=60))
def test_any_text_is_an_address_in_its_last_form_or_refused(channel: str, typed: str) -> None:
    try:
        found = recipient(channel, typed)  # type: ignore[arg-type]
    except ValueError:
        return
    assert recipient(channel, found) == found  # type: ignore[arg-type]
    assert found.isprintable()
    assert " " not in found


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
