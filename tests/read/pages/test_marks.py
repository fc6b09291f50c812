"""What is told of an element follows from what holds it, wherever on the page it is and whatever stands beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.read.pages.sight import AWAY, OFF, SIGHT, SPEECH, mark

URL = "https://www.essai.gouv.fr/a"
TELLING = (
    "", "", 'class="d-none"', 'class="d-sm-none"', 'class="disabled"', 'class="faq"', "hidden", "inert",
    'aria-hidden="true"', 'role="note"', 'id="aide"', 'style="display:none"', 'style="visibility:visible"',
    'style="pointer-events:none"', "v-if=x", "popover", 'title="x"',
)  # fmt: skip
TAGS = ("div", "p", "span", "b", "nav", "article", "section", "blockquote", "select", "dialog", "a")
SHEETS = ("", "", "", ".d-none{display:block}", "p span{display:none}", "*{opacity:0.5}", "b{visibility:hidden}")


def elements(depth: int) -> st.SearchStrategy[str]:
    held = st.lists(elements(depth - 1), max_size=3).map("".join) if depth else st.just("mot")
    return st.builds(
        lambda tag, told, within: f"<{tag} {told}>{within}</{tag}>",
        st.sampled_from(TAGS),
        st.sampled_from(TELLING),
        held,
    )


def told(node: etree._Element) -> tuple[str | None, ...]:
    return node.get(SIGHT), node.get(SPEECH), node.get(OFF), node.get(AWAY)


def alone(node: etree._Element, sheet: str) -> etree._Element:
    """The same element in a page of what holds it and nothing else."""
    root = etree.Element("html")
    etree.SubElement(root, "style").text = sheet
    copied = root
    for one in [*reversed([*node.iterancestors()]), node][1:]:
        copied = etree.SubElement(copied, str(one.tag), dict(one.attrib))
    return copied


@given(st.lists(elements(4), min_size=1, max_size=4), st.sampled_from(SHEETS))
def test_what_is_told_follows_from_what_holds_it(parts: list[str], sheet: str) -> None:
    page = f"<html><head><style>{sheet}</style></head><body>{''.join(parts)}</body></html>"
    plain, marked = (etree.fromstring(page, etree.HTMLParser()) for _ in range(2))
    mark(marked, URL)
    for before, after in zip(plain.iter("*"), marked.iter("*"), strict=True):
        if before.tag in ("html", "head", "style"):
            continue
        one = alone(before, sheet)
        mark(one.getroottree().getroot(), URL)
        assert told(after) == told(one), etree.tostring(before)


def test_only_the_first_summary_of_what_is_folded_is_seen() -> None:
    page = "<details><summary><b>a</b></summary><summary><b>b</b></summary><p>c</p></details><p>d</p>"
    root = etree.fromstring(f"<html><body>{page}</body></html>", etree.HTMLParser())
    mark(root)
    assert [node.get(SIGHT) for node in root.iter("b", "p")] == [None, "hidden", "hidden", None]


def test_a_summary_is_seen_as_what_it_unfolds_within_what_is_hidden_too() -> None:
    style = "<style>#m{visibility:hidden} .b{visibility:visible}</style>"
    held = '<details class="b"><summary>a</summary><p>b</p></details>'
    root = etree.fromstring(f"<html>{style}<body><div hidden>{held}</div></body></html>", etree.HTMLParser())
    mark(root)
    assert [node.get(SIGHT) for node in root.iter("details", "summary", "p")] == ["unsure", "unsure", "hidden"]
