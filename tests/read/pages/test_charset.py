"""Which characters bytes are: as a browser finds it out before it parses, by html5lib's own cases and by ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.prefecture import Page
from monitor.read.pages.charset import decode
from tests.read.pages.html5lib_encoding import CASES, DIFFERENCES

# Text that no other of these encodings reads the same way.
TELLING = {"utf-8": "é€", "windows-1252": "é€", "iso-8859-2": "ő", "euc-jp": "あ", "shift_jis": "あ"}


def read(body: bytes) -> str:
    return decode(Page(url="https://www.ain.gouv.fr/", status=200, headers=(("content-type", "text/html"),), body=body))


def test_pages_are_read_in_the_encoding_a_browser_reads_them_in() -> None:
    assert len(CASES) == 83
    differ = {
        number
        for number, (start, label) in enumerate(CASES)
        if not read(start + TELLING[label].encode(label)).endswith(TELLING[label])
    }
    assert differ == set(DIFFERENCES)


@pytest.mark.parametrize(
    ("start", "label"),
    [
        (b"<!DOCTYPE html><html><head>" + b"<link rel=x>" * 300 + b"<meta charset=iso-8859-2>", "iso-8859-2"),
        (b"<!DOCTYPE html><html><body>" + b"<p>mot</p>" * 300 + b"<meta charset=iso-8859-2>", "windows-1252"),
        (b"<meta charset=inconnu><meta charset=' iso-8859-2 '>", "iso-8859-2"),
        (b"<meta content='text/html; charset=iso-8859-2' http-equiv=CONTENT-TYPE>", "iso-8859-2"),
        (b"<meta content=\"text/html; charset='iso-8859-2'\" http-equiv=content-type>", "iso-8859-2"),
        (b"<meta name=description content='charset=iso-8859-2'>", "windows-1252"),
        (b"<p title='<meta charset=iso-8859-2>'>", "windows-1252"),
        (b"</meta charset=iso-8859-2>", "windows-1252"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?>', "iso-8859-2"),
    ],
)
def test_a_label_is_heard_where_a_browser_hears_it(start: bytes, label: str) -> None:
    assert read(start + TELLING[label].encode(label)).endswith(TELLING[label])


PARTS = (b"<meta ", b"charset=", b"'", b'"', b">", b"<!--", b"-->", b"utf-16", b"a", b"\xe9", b"/", b"<p ")


@given(st.lists(st.sampled_from(PARTS)))
def test_any_bytes_are_read(parts: list[bytes]) -> None:
    read(b"".join(parts))
