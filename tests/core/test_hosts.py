"""Addresses as a browser reads them, and the hosts that are official."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.hosts import OFFICIAL_ELSEWHERE, is_official, join, normal_host, parse


@pytest.mark.parametrize(
    "host",
    [
        "gouv.fr",
        "www.val-doise.gouv.fr",
        "WWW.Val-Doise.GOUV.FR",
        "www.val-doise.gouv.fr.",
        "pprdv.interieur.gouv.fr",
        "www.préfecture.gouv.fr",
        "www.xn--prfecture-b4a.gouv.fr",
        "www。val-doise．gouv｡fr",
        "www.val-doise.gouv.fr。",
        "ｗｗｗ.gouv.fr",
        "esii-orion.com",
        "www.demarches-simplifiees.fr",
        "www.rdv-solidarites.fr",
    ],
)
def test_official(host: str) -> None:
    assert is_official(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "fr",
        "xgouv.fr",
        "www-gouv.fr",
        "gouv.fr.evil.com",
        "gouv.fr-evil.com",
        "gouv.frr",
        "www.gоuv.fr",  # Cyrillic о
        "www.gouv.fr@evil.com",
        "evil.com/.gouv.fr",
        "evil.com#.gouv.fr",
        "evil.com\\.gouv.fr",
        "evil.com%2f.gouv.fr",
        "evil.com\n.gouv.fr",
        "evil com.gouv.fr",
        "a..gouv.fr",
        "www.gouv.fr..",
        "-a.gouv.fr",
        "127.0.0.1",
        "[::1]",
        "::1",
        "x.esii-orion.com",
        "esii-orion.com.evil.org",
    ],
)
def test_not_official(host: str) -> None:
    assert not is_official(host)


def test_every_exception_has_a_date_and_a_reason() -> None:
    for host, reason in OFFICIAL_ELSEWHERE.items():
        assert normal_host(host) == host
        day, _, why = reason.partition(": ")
        assert len(day) == 10
        assert why


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://Www.A.gouv.fr.", "https://www.a.gouv.fr/"),
        ("HTTPS://www.a.gouv.fr:443/x#frag", "https://www.a.gouv.fr/x"),
        ("http://www.a.gouv.fr:8080/", "http://www.a.gouv.fr:8080/"),
        ("  https://www.a.gouv.fr/a\tb\n ", "https://www.a.gouv.fr/ab"),
        ("https://www.a.gouv.fr/é è?q=à b", "https://www.a.gouv.fr/%C3%A9%20%C3%A8?q=%C3%A0%20b"),
        ("https://www.a.gouv.fr/%C3%A9%2F", "https://www.a.gouv.fr/%C3%A9%2F"),
        ("https://www.a.gouv.fr/a/./b/../c/%2e%2E/d", "https://www.a.gouv.fr/a/d"),
        ("https://www.a.gouv.fr/../..", "https://www.a.gouv.fr/"),
        ("https://www.a.gouv.fr/a/%2e%2E/b", "https://www.a.gouv.fr/b"),
        ("https://www.a.gouv.fr/a/%2E", "https://www.a.gouv.fr/a/"),
        ("https://www.a.gouv.fr/a/b/..", "https://www.a.gouv.fr/a/"),
        ("https://www.a.gouv.fr/a/b/.", "https://www.a.gouv.fr/a/b/"),
        ("https://www.a.gouv.fr/a/%20/b.c", "https://www.a.gouv.fr/a/%20/b.c"),
        ("https:\\\\www.a.gouv.fr\\x?a\\b", "https://www.a.gouv.fr/x?a%5Cb"),
        ("https://www%2ea.gouv.fr/", "https://www.a.gouv.fr/"),
        ("https://www.a.gouv.fr?x=1", "https://www.a.gouv.fr/?x=1"),
    ],
)
def test_parse(text: str, meant: str) -> None:
    assert str(parse(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "www.a.gouv.fr/x",
        "/x",
        "//www.a.gouv.fr/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///x",
        "https://user:secret@www.a.gouv.fr/",
        "https://www.a.gouv.fr@evil.com/",
        "https://[::1]/",
        "https://[::1/",
        "https://www.a.gouv.fr:0/",
        "https://www.a.gouv.fr:99999/",
        "https://a..gouv.fr/",
        "https://\ud800.gouv.fr/",
    ],
)
def test_parse_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("/2", "https://www.a.gouv.fr/2"),
        ("2?x", "https://www.a.gouv.fr/booking/create/2?x"),
        ("../x", "https://www.a.gouv.fr/booking/x"),
        ("?y=1", "https://www.a.gouv.fr/booking/create/1?y=1"),
        ("", "https://www.a.gouv.fr/booking/create/1?z"),
        ("//b.gouv.fr/x", "https://b.gouv.fr/x"),
        ("\\\\b.gouv.fr\\x", "https://b.gouv.fr/x"),
        ("http://c.gouv.fr", "http://c.gouv.fr/"),
        ("#top", "https://www.a.gouv.fr/booking/create/1?z"),
    ],
)
def test_join(reference: str, meant: str) -> None:
    assert str(join(parse("https://www.a.gouv.fr/booking/create/1?z"), reference)) == meant


@given(st.text(max_size=60))
def test_parsing_is_total_and_stable(text: str) -> None:
    for candidate in (text, "https://" + text, "https://www.a.gouv.fr/" + text):
        try:
            url = parse(candidate)
        except ValueError:
            continue
        assert parse(str(url)) == url
        assert str(url).isascii()
        assert not set(url.target) & set(" \t\r\n#\\\x00\x7f")
        assert url.target.startswith("/")
