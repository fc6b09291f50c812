from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from webencodings.labels import LABELS

from monitor.core.prefecture import Page
from monitor.read.pages.charset import decode, is_text
from monitor.read.pages.html import MAX_BYTES, MAX_TAG, TooBig, is_shown, is_stated, parse, statements_of, text_of


def page(body: bytes | str, content_type: str | None = None) -> Page:
    headers = (("Content-Type", content_type),) if content_type else ()
    return Page(url="https://x/", status=200, headers=headers, body=body.encode() if isinstance(body, str) else body)


def words(body: bytes | str, content_type: str | None = None) -> str:
    return text_of(parse(page(body, content_type)).root)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>Créneau à l’été".encode(), None),
        ("<p>Créneau à l’été".encode("cp1252"), None),
        ("<p>Créneau à l’été".encode("cp1252"), "text/html; charset=ISO-8859-1"),
        ('<meta charset="iso-8859-1"><p>Créneau à l’été'.encode("cp1252"), None),
        ("<?xml version='1.0' encoding='windows-1252'?><p>Créneau à l’été".encode("cp1252"), None),
        (b"\xef\xbb\xbf" + "<p>Créneau à l’été".encode(), "text/html; charset=iso-8859-1"),
        ("<p>Créneau à l’été".encode("utf-16"), None),
        ("<p>Créneau à l’été".encode("utf-16-le"), "text/html; charset=utf-16le"),
        ('<meta charset="utf-16"><p>Créneau à l’été'.encode(), None),
        ("<p>Créneau à l’été".encode(), "text/html; charset=rot13"),
        (b"<p>Cr&eacute;neau &#224; l&rsquo;&#xe9;t&eacute;", None),
        # Any label of the WHATWG standard, however it is written.
        ("<p>Créneau à l’été".encode("cp1252"), "text/html; charset=iso_8859-1:1987"),
        ("<p>Créneau à l’été".encode("cp1252"), 'text/html; Charset = " L1 "'),
        ("<p>Créneau à l’été".encode("cp1252"), "text/html; charset=x-cp1252"),
        ("<meta charset=cp819><p>Créneau à l’été".encode("cp1252"), None),
        ("<meta charset='latin9'><p>Créneau à l’été".encode("cp1252"), "text/html; charset=iso-8859-1"),
        ("<META HTTP-EQUIV=Content-Type CONTENT='text/html;charset=l1'><p>Créneau à l’été".encode("cp1252"), None),
        # A label that no browser knows says nothing: the next one is looked at.
        ("<meta charset=windows-1252><p>Créneau à l’été".encode("cp1252"), "text/html; charset=ansi-fr"),
        ("<meta charset=binaire><meta charset=latin1><p>Créneau à l’été".encode("cp1252"), None),
        ("<meta charset=replacement><p>Créneau à l’été".encode(), None),
        # What is commented out, and what only describes, declares nothing.
        ("<!-- <meta charset=koi8-r> --><meta charset=latin1><p>Créneau à l’été".encode("cp1252"), None),
        ("<!-- <meta charset=koi8-r> --><p>Créneau à l’été".encode(), None),
        ("<!--><meta charset=latin1><p>Créneau à l’été".encode("cp1252"), None),
        ("<meta name=about content='charset=koi8-r'><p>Créneau à l’été".encode(), None),
        ("<meta name=about content='a > charset=koi8-r'><p>Créneau à l’été".encode(), None),
    ],
)
def test_the_charset_is_the_browser_s(body: bytes, content_type: str | None) -> None:
    assert words(body, content_type) == "Créneau à l’été"


@pytest.mark.parametrize("label", [one for one, name in LABELS.items() if name in ("windows-1252", "iso-8859-15")])
def test_every_label_of_what_french_administrations_write_is_known(label: str) -> None:
    euro, raw = ("€", b"\xa4") if LABELS[label] == "iso-8859-15" else ("¤’", b"\xa4\x92")
    assert words(b"<p>\xe9" + raw, f"text/html; charset={label}") == f"é{euro}"
    assert words(f"<meta charset='{label}'><p>".encode() + b"\xe9" + raw) == f"é{euro}"


@pytest.mark.parametrize(
    ("tag", "inside"),
    [
        ("<div hidden/>", True),
        ("<DIV hidden />", True),
        ("<div class='a/>b' hidden/>", True),
        ("<br hidden/>", False),
        ("<!-- <div hidden/> -->", False),
        ("<svg hidden/>", False),
        ("<svg><a hidden/></svg>", False),
        ("<script>'<div hidden/>'</script>", False),
    ],
)
def test_a_slash_closes_no_element_of_html(tag: str, inside: bool) -> None:
    assert ("mot" in words(f"<body>{tag}mot</body></html>")) is not inside


def test_a_slash_after_a_bare_value_belongs_to_the_value() -> None:
    links = parse(page("<body><a href=/x/>a</a><a href=y/>b</a><a href='z'/>c</a><a href=w />d</a>")).root.iter("a")
    assert [link.get("href") for link in links] == ["/x/", "y/", "z", "w"]


@given(
    st.lists(st.sampled_from(["<div", "<svg", "<!--", "<script", "'", '"', "/>", ">", " a=", "-->", "</", "mot", "="]))
)
def test_a_page_of_crooked_tags_is_read(pieces: list[str]) -> None:
    words("<body>" + "".join(pieces))


def test_bytes_that_are_no_character_spoil_only_themselves() -> None:
    assert words(b'<meta charset="utf-8"><p>Pr\xe9fecture</p><p>Cr\xc3\xa9neau</p>') == "Pr\ufffdfecture Créneau"


def test_inline_elements_join_and_blocks_part() -> None:
    html = "<p>Au<b>cun <i>cré</i></b>neau</p><div>libre<br>ici</div><table><tr><td>a</td><td>b</td></tr></table>"
    assert words(html) == "Aucun créneau libre ici a b"


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- mot -->",
        "<script>mot</script>",
        "<style>mot</style>",
        "<template><p>mot</p></template>",
        "<noscript>mot</noscript>",
        "<p hidden>mot</p>",
        '<p aria-hidden="true">mot</p>',
        '<p style="color:red; DISPLAY : none">mot</p>',
        '<p style="visibility:hidden">mot</p>',
        '<p class="x hidden">mot</p>',
        '<div class="fr-collapse"><p>mot</p></div>',
        "<details><summary>Aide</summary>mot</details>",
        '<h2 v-if="vide">mot</h2>',
        '<textarea>mot</textarea><select><option>mot</option></select><input value="mot">',
        '<a title="mot"></a><img alt="mot">',
        "<title>mot</title>",
        "<svg><title>mot</title></svg>",
        "<del>mot</del>",
    ],
)
def test_what_a_visitor_does_not_see_is_not_text(hidden: str) -> None:
    assert "mot" not in words(f"<body><p>avant</p>{hidden}<p>après</p>")


@pytest.mark.parametrize(
    "shown",
    [
        '<p class="d-none d-md-block">mot</p>',
        '<p class="fr-hidden fr-unhidden-md">mot</p>',
        '<p class="hidden md:block">mot</p>',
        '<div class="collapse show">mot</div>',
        "<details open>mot</details>",
        '<p style="display:block">mot</p>',
        '<p aria-hidden="false">mot</p>',
    ],
)
def test_what_a_visitor_sees_is_text(shown: str) -> None:
    assert "mot" in words(f"<body>{shown}")


@pytest.mark.parametrize(
    "mention",
    ["<blockquote>mot</blockquote>", "<nav>mot</nav>", "<article>mot</article>", '<div class="bloc-faq">mot</div>'],
)
def test_what_a_page_only_mentions_is_no_statement(mention: str) -> None:
    doc = parse(page(f"<body><p>avant</p>{mention}"))
    assert statements_of(doc.root) == ("avant",)
    assert "mot" in text_of(doc.root)


def test_a_page_without_body_tag_is_seen_all_the_same() -> None:
    assert words("<title>titre</title><button>mot</button>") == "mot"


def test_hidden_by_what_holds_it() -> None:
    doc = parse(page("<div hidden><p id=a>mot</p></div><nav><p id=b>mot</p></nav><p id=c>mot</p>"))
    a, b, c = (doc.by_id(name) for name in "abc")
    assert a is not None
    assert b is not None
    assert c is not None
    assert [is_shown(e) for e in (a, b, c)] == [False, True, True]
    assert [is_stated(e) for e in (a, b, c)] == [False, False, True]


def test_title_and_headings() -> None:
    doc = parse(page("<svg><title>icône</title></svg><title> Prise de\nrendez-vous</title><h1>A</h1><h1 hidden>B</h1>"))
    assert (doc.title, doc.h1) == ("Prise de rendez-vous", ("A",))


def test_xhtml_s_empty_elements_close_themselves() -> None:
    html = '<html xmlns="http://www.w3.org/1999/xhtml"><body><script src="a.js" /><br /><p>mot</p></body></html>'
    assert words(html, "application/xhtml+xml; charset=utf-8") == "mot"


def test_over_1_mb_is_refused() -> None:
    assert words(b"<p>a</p>" + b" " * (MAX_BYTES - 8)) == "a"
    with pytest.raises(TooBig):
        parse(page(b"<p>a</p>" + b" " * MAX_BYTES))


@pytest.mark.parametrize(
    "tag",
    [
        b"<p " + b"a " * (MAX_TAG // 2) + b">",
        b'<p a=">" ' + b"a " * (MAX_TAG // 2) + b">",
        b"<p a='<' " + b"a " * (MAX_TAG // 2) + b">",
    ],
)
def test_a_tag_over_100_kb_is_refused(tag: bytes) -> None:
    with pytest.raises(TooBig):
        parse(page(b"<html>" + tag + b"mot"))


def test_a_long_text_is_no_long_tag() -> None:
    assert len(words(b"<p>" + b"mot " * 100_000 + b"</p>")) > 300_000


@pytest.mark.parametrize("depth", [300, 3_000])
def test_what_is_nested_too_deep_is_refused_not_dropped(depth: int) -> None:
    with pytest.raises(TooBig):
        parse(page(b"<p>avant</p>" + b"<div>" * depth + b"dedans" + b"</div>" * depth + b"<p>apres</p>"))


def test_ordinary_depth_is_read() -> None:
    assert words(b"<div>" * 200 + b"dedans" + b"</div>" * 200) == "dedans"


@pytest.mark.parametrize("body", [b"", b" ", b"<!-- -->", b"<", b"\0", b"<?xml?>"])
def test_nothing_is_an_empty_document(body: bytes) -> None:
    assert parse(page(body)).title == ""


@given(st.binary(max_size=2000))
@settings(max_examples=300)
def test_any_bytes_become_a_document(body: bytes) -> None:
    doc = parse(page(b"<html>" + body))
    text = text_of(doc.root)
    assert text == " ".join(text.split())
    decode(page(body))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"%PDF-1.7 ...", False),
        (b"\x89PNG\r\n\x1a\n", False),
        (b"\x1f\x8b\x08\0", False),
        (bytes(range(256)), False),
        (b"\0\0\0\0", False),
        (b"<html>\0", True),
        (b'{"a": 1}', True),
        ("Préfecture".encode("cp1252"), True),
        ("<p>a".encode("utf-16"), True),
    ],
)
def test_text_by_its_first_bytes(body: bytes, text: bool) -> None:
    assert is_text(page(body)) is text
