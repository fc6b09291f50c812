"""What a page's own style sheet hides, and what only a browser could tell."""

from __future__ import annotations

import time

import pytest

from monitor.core.prefecture import Page
from monitor.read.pages.drawn import conceals
from monitor.read.pages.html import HtmlPage, is_shown, may_be_seen, parse
from monitor.read.pages.style import MAX_STYLE, declared


def doc(body: str, style: str = "") -> HtmlPage:
    head = f"<style>{style}</style>" if style else ""
    return parse(Page(url="https://x/", status=200, body=f"<head>{head}</head><body>{body}</body>".encode()))


def sight(body: str, style: str = "", name: str = "m") -> str:
    found = doc(body, style).by_id(name)
    assert found is not None
    return "shown" if is_shown(found) else "unsure" if may_be_seen(found) else "hidden"


P = '<div class="o"><p id="m" class="a b">mot</p></div>'


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (".a{display:none}", "hidden"),
        ("p.a.b{display:none}", "hidden"),
        ("p.a.c{display:none}", "shown"),
        ("#m{visibility:hidden}", "hidden"),
        ("#n{visibility:hidden}", "shown"),
        (".o .a{display:none}", "hidden"),
        (".x .a{display:none}", "shown"),
        (".o > .a{display:none}", "hidden"),
        ("body > .a{display:none}", "shown"),
        (".a + .a{display:none}", "unsure"),
        (".a:first-child{display:none}", "unsure"),
        (".a:hover{display:none}", "shown"),
        (".a::before{display:none}", "shown"),
        ("[class]{display:none}", "hidden"),
        ("[CLASS]{display:none}", "hidden"),
        ("[hidden]{display:none}", "shown"),
        ("p[class].a{display:none}", "hidden"),
        ("[lang]{display:none} [class]{opacity:1}", "shown"),
        (".a{display:none} [class]{display:block}", "shown"),  # as specific, and later
        ("p.a{display:none} [class]{display:block}", "hidden"),
        ('[class="a"]{display:none}', "unsure"),
        ("[lang] [class]{display:none}", "shown"),
        ("*{display:none}", "hidden"),
        (".a{display:none} .a.b{display:block}", "shown"),
        (".a.b{display:block} .a{display:none}", "shown"),
        (".a{display:none} .b{display:block}", "shown"),
        (".b{display:block} .a{display:none}", "hidden"),
        (".a{display:none!important} .a.b{display:block}", "hidden"),
        (".a{display:none} .a:not(.c){display:block}", "unsure"),
        ("@media print{.a{display:none}}", "shown"),
        ("@media screen{.a{display:none}}", "hidden"),
        ("@media (max-width:600px){.a{display:none}}", "unsure"),
        ("@media print, screen{.a{display:none}}", "unsure"),
        ("@supports (display:grid){.a{display:none}}", "unsure"),
        (".o{.a{display:none}}", "unsure"),
        ("/* .a{display:none} */", "shown"),
        ('.x{content:"}"} .a{display:none}', "hidden"),
        (".a{display:none", "hidden"),
        (".o{visibility:hidden} .a{visibility:visible}", "unsure"),
        (".a{opacity:0;animation:appear 1s}", "unsure"),
    ],
)
def test_a_rule(style: str, expected: str) -> None:
    assert sight(P, style) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("display:none", "hidden"),
        ("opacity:0.05", "hidden"),
        ("opacity:5%", "hidden"),
        ("opacity:.9", "shown"),
        ("position:absolute;left:-9999px", "hidden"),
        ("position:absolute;left:-20px", "shown"),
        ("left:-9999px", "shown"),
        ("position:absolute;right:9999px", "hidden"),
        ("position:absolute;inset:-200em", "hidden"),
        ("margin-left:-9999px", "hidden"),
        ("margin:0 0 0 -9999px", "hidden"),
        ("margin:-10px", "shown"),
        ("text-indent:-999em", "hidden"),
        ("text-indent:2em", "shown"),
        ("transform:translate(-9999px,0)", "hidden"),
        ("transform:translateX(10px)", "shown"),
        ("transform:scale(0)", "hidden"),
        ("transform:scale(1.5)", "shown"),
        ("clip:rect(1px,1px,1px,1px)", "hidden"),
        ("clip:rect(0,100px,100px,0)", "shown"),
        ("clip-path:inset(50%)", "hidden"),
        ("clip-path:inset(10%)", "shown"),
        ("clip-path:circle(0)", "hidden"),
        ("height:0;overflow:hidden", "hidden"),
        ("max-height:0;overflow-y:clip", "hidden"),
        ("height:0", "shown"),
        ("height:20px;overflow:hidden", "shown"),
        ("font-size:0", "hidden"),
        ("font-size:12px", "shown"),
        ("color:transparent", "hidden"),
        ("color:rgba(0,0,0,0)", "hidden"),
        ("color:rgba(0,0,0,1)", "shown"),
        ("color:#fff;background-color:#fff", "hidden"),
        ("color:#000;background:#fff", "shown"),
        ("filter:opacity(0)", "hidden"),
        ("content-visibility:hidden", "hidden"),
        ("display:var(--shown)", "unsure"),
        ("width:calc(100% - 2px)", "shown"),
    ],
)
def test_declarations(style: str, expected: str) -> None:
    assert conceals(declared(style)) == expected
    assert sight(f'<p id="m" style="{style}">mot</p>') == expected
    assert sight(f'<p id="m" style="{style}"><b id="n">mot</b></p>', name="n") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<noscript><style>#m{display:none}</style></noscript><p id=m>a", "shown"),
        ("<template><style>#m{display:none}</style></template><p id=m>a", "shown"),
        ("<style media=print>#m{display:none}</style><p id=m>a", "shown"),
        ("<style type=text/less>#m{display:none}</style><p id=m>a", "shown"),
        ("<style>#m{display:none}</style><p id=m>a", "hidden"),
        ("<p id=m popover>a", "hidden"),
        ("<object><p id=m>a</p></object>", "hidden"),
        ("<p id=m aria-hidden=true>a", "unsure"),
        ("<p id=m sight=hidden speech=mention off>a", "shown"),
        ("<div role=dialog aria-modal=true>x</div><main aria-hidden=true><p id=m>a</p></main>", "shown"),
        ("<div aria-modal=true>x</div><nav>y</nav><main aria-hidden=true><p id=m>a</p></main>", "unsure"),
        ("<div><div aria-modal=true>x</div></div><main aria-hidden=true><p id=m>a</p></main>", "shown"),
        ("<div aria-modal=true>x</div><main><p id=m aria-hidden=true>a</p></main>", "unsure"),
    ],
)
def test_markup(body: str, expected: str) -> None:
    assert sight(body) == expected


def test_what_a_long_sheet_may_touch_is_unsure() -> None:
    assert sight(P, ".x{display:none}" * (MAX_STYLE // 16 + 1)) == "unsure"
    assert sight(P, "".join(f".a.x{n}{{display:none}}\n" for n in range(6000))) in ("shown", "unsure")


@pytest.mark.long
@pytest.mark.parametrize(
    "shape",
    [
        lambda n: "<style>" + "".join(f".a.b{i}{{display:none}}" for i in range(min(n, 150_000) // 24)) + "</style>"
        + "<p class=a>x</p>" * (n // 40),
        lambda n: "<style>" + "".join(f".x{i} .a{{display:none}}" for i in range(min(n, 150_000) // 24)) + "</style>"
        + ("<div>" * 100 + "<p class=a>x</p>" * 60 + "</div>" * 100) * (n // 4000),
        lambda n: "<div aria-modal=true aria-hidden=true>x</div>" * (n // 50),
        lambda n: ("<div class='q-pa-md fr-card'>" * 100 + "x" + "</div>" * 100) * (n // 3600),
    ],
    ids=["rules of one class", "rules of one descendant", "dialogs", "nested"],
)  # fmt: skip
def test_the_work_is_linear(shape: object) -> None:
    """Ten times the page takes at most twenty times the work: what is quadratic takes a hundred times."""
    assert callable(shape)
    spent = []
    for size in (90_000, 900_000):
        body = shape(size)
        start = time.process_time()
        doc(body)
        spent.append(time.process_time() - start)
    assert spent[1] <= 20 * spent[0] + 1.0, spent
