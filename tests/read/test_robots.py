"""What a robots.txt asks of us: groups as RFC 9309 parts them, names as Google's matcher cuts them.

The kinds are those of Google's own tests (google/robotstxt, robots_test.cc). Where we differ from it the reason stands
beside: `DIFFERENCES`.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.read.robots import RobotsRules

SITE = "https://www.ain.gouv.fr"
AGENT = "vigie/0.1.0 (+https://exemple.fr/vigie; veille@exemple.fr)"


def may(text: str, path: str = "/x/y") -> bool:
    return RobotsRules(text).disallows(SITE + path) is None


def shut(name: str) -> str:
    return f"User-agent: {name}\nDisallow: /\n"


# --- whose group ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("vigie", "Vigie", "VIGIE", "vigie/0.1.0", AGENT, f"{AGENT} id=ain-1", "vigie bot", "vigie*", "*vigie*"),
        *("Vigie Préfectures", "vigie; all", " vigie\t", "vigie # ours", "vigie:1", "*", "* # everybody", "* others"),
    ],
)
def test_a_group_is_ours_however_an_administrator_writes_our_name(name: str) -> None:
    assert not may(shut(name))


@pytest.mark.parametrize(
    "name", ["vig", "vigies", "vigie-image", "vigie_image", "a vigie", "-", "", "ツ", "*.fr", "bot"]
)
def test_a_group_of_another_name_is_not_ours(name: str) -> None:
    assert may(shut(name))


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        (shut("*") + "User-agent: vigie\nDisallow: /a\n", True),
        ("User-agent: vigie\nDisallow: /a\n" + shut("*"), True),
        (shut("*") + "User-agent: vigie\nDisallow:\n", True),
        (shut("*") + "User-agent: vigie/1.0\nAllow: /x\nDisallow: /\n", True),
        ("User-agent: *\nAllow: /\n" + shut("vigie"), False),
        (shut("bot") + "User-agent: *\nDisallow:\n", True),
        ("User-agent: vigie\nDisallow: /a\n" + shut("bot") + shut("vigie"), False),  # two groups of ours are one
        ("User-agent: *\nDisallow: /a\n" + shut("bot") + shut("*"), False),
        (shut("*") + "User-agent: vigie\n", True),  # named, and nothing asked of us
    ],
)
def test_our_own_groups_hold_and_those_for_all_where_there_is_none(text: str, allowed: bool) -> None:
    assert may(text) is allowed


# --- where a group ends -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: bot\nUser-agent: vigie\nDisallow: /\n", False),
        ("User-agent: vigie\n\n\n# a comment\nDisallow: /\n", False),
        ("User-agent: vigie\nUser-agent: bot\n\nDisallow: /\n", False),
        # Only a rule ends the list of names (RFC 9309, 2.2.1 and 2.2.4): other records stand anywhere.
        ("User-agent: vigie\nCrawl-delay: 5\nUser-agent: *\nDisallow: /\n", False),
        ("User-agent: vigie\nSitemap: https://www.ain.gouv.fr/s.xml\nUser-agent: bot\nDisallow: /\n", False),
        ("User-agent: vigie\nNoindex: /\nUser-agent: bot\nDisallow: /\n", False),
        ("User-agent: bot\nCrawl-delay: 5\nUser-agent: vigie\nDisallow:\nDisallow: /\n", False),
        ("User-agent: vigie\nDisallow:\nUser-agent: bot\nDisallow: /\n", True),
        ("User-agent: vigie\nAllow: /\nSitemap: https://www.ain.gouv.fr/s.xml\nDisallow: /x/\n", False),
        ("Disallow: /\nUser-agent: vigie\nDisallow: /a\n", True),  # before any group
        ("Disallow: /\n", True),
        ("", True),
    ],
)
def test_groups_are_parted_by_rules_alone(text: str, allowed: bool) -> None:
    assert may(text) is allowed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 8\n", 8.0),
        ("User-agent: *\nCrawl-delay: 8\nUser-agent: vigie/1\nCrawl delay 2.5\nDisallow: /a\n", 2.5),
        (
            "User-agent: bot\nCrawl-delay: 120\nUser-agent: *\nDisallow: /a\n",
            0.0,
        ),  # it is asked of those named above it
        ("User-agent: *\nCrawl-delay: -1\n", 0.0),
        ("User-agent: *\nCrawl-delay: inf\n", 0.0),
        ("User-agent: *\nCrawl-delay: often\nDisallow: /a\n", 0.0),
        ("", 0.0),
    ],
)
def test_the_delay_is_that_of_our_group(text: str, seconds: float) -> None:
    assert RobotsRules(text).crawl_delay == seconds


# --- lines ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("USER-AGENT: *\nDISALLOW: /\n", "uSeR-aGeNt: *\ndIsAlLoW: /\n", "user-agent *\ndisallow /\n"),
        *("User-agent: *\r\nDisallow: /\r\n", "User-agent: *\rDisallow: /", "User-agent : *\n\tDisallow\t:\t/  \n"),
        *("User agent: *\nDissallow: /", "useragent: *\ndisalow: /", "User-agent:*#all\nDisallow:/#all"),
        "User-agent: *\u2028Disallow: /",  # pasted from an office program
    ],
)
def test_a_line_is_read_as_its_author_meant_it(text: str) -> None:
    assert not may(text, "/")


@pytest.mark.parametrize("text", ["foo: *\nbar: /", "# User-agent: *\n# Disallow: /", "User-agent: *\nDisallow", "ü\n"])
def test_what_is_no_rule_forbids_nothing(text: str) -> None:
    assert may(text)


# --- rules ------------------------------------------------------------------------------------------------------------

RULES = [
    ("Disallow: /x/", "/x/y", "/X/y /x /y/x/"),
    ("Disallow: /x/page.html\nAllow: /x/", "/x/page.html", "/x/ /x/page"),
    ("Allow: /x/page.html\nDisallow: /x/", "/x/ /x/page", "/x/page.html /"),
    ("Disallow: /\nAllow: /", "", "/ /x"),  # of two as long the one that allows
    ("Disallow: /x\nAllow: /x/", "/x /xy", "/x/ /x/y"),
    ("Disallow: /*.html\nAllow: /page", "/page.html", "/page /page.htm"),
    ("Disallow: /*.html\nAllow: /x/page.", "/x/y.html", "/x/page.html"),
    ("Disallow: /foo/bar$\nAllow: /foo/bar/qux", "/foo/bar", "/foo/bar/ /foo/bar/qux /foo/bar/baz"),
    ("# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /", "/foo/quz /foo/quz/a", "/foo/bar /foo/qu"),
    ("Disallow: /\nAllow: /dir/index.html", "/dir/index.htm /other", "/dir/ /dir/index.html"),
    ("Disallow: /\nAllow: /fish", "/bar /Fish.asp /catfish /?id=fish", "/fish /fish.html /fish/a.html /fish.html?id=a"),
    ("Disallow: /\nAllow: /fish*", "/bar /Fish.bar /catfish /?id=fish", "/fish /fish.html /fish/a.html /fishheads/y"),
    ("Disallow: /\nAllow: /fish/", "/fish /fish.html /Fish/S", "/fish/ /fish/?salmon /fish/salmon.html"),
    ("Disallow: /\nAllow: /*.php", "/php/ /index?php /w.PHP", "/a.php /d/a.php?x /a.php/ //d/any.php.file.html"),
    ("Disallow: /\nAllow: /*.php$", "/a.php?x /a.php/ /a.php5 /aaaphpaaa", "/a.php /d/a.php"),
    ("Disallow: /\nAllow: /fish*.php", "/Fish.PHP", "/fish.php /fishheads/catfish.php?parameters"),
    ("Disallow: /\nAllow: /$", "/page.html", "/"),
    ("Disallow: /\nAllow: /foo?q=t&b=http://foo.bar?t&p", "/foo", "/foo?q=t&b=http://foo.bar?t&p"),
    ("Disallow: /\nAllow: /foo/é", "/foo/e", "/foo/%C3%A9 /foo/%c3%a9"),
    ("Disallow: /\nAllow: /foo/%c3%a9", "/foo/e", "/foo/%C3%A9"),
    ("Disallow: /a%2Fb", "/a%2fb", "/a/b"),
    ("Disallow: x\nDisallow:", "", "/x / /x/y"),
    (f"Disallow: /{'a' * 20_000}/b", f"/{'a' * 20_000}/b", f"/{'a' * 20_000}/c"),
]


@pytest.mark.parametrize(("rules", "forbidden", "allowed"), RULES, ids=range(len(RULES)))
def test_the_longest_rule_decides(rules: str, forbidden: str, allowed: str) -> None:
    text = f"User-agent: vigie\n{rules}\n"
    assert [path for path in forbidden.split() if may(text, path)] == []
    assert [path for path in allowed.split() if not may(text, path)] == []


# Why, the file, and whether we may ask /foo/baz: Google's matcher answers the contrary.
DIFFERENCES = [
    ("RFC 9309 2.2.2: %62 is b, in a rule and in an address", "Disallow: /\nAllow: /foo/%62%61%7A", True),
    ("RFC 9309 2.2.2, to our disfavour", "Allow: /\nDisallow: /foo/%62%61%7A", False),
    ("a line over 16,664 bytes is read whole: cut, it would forbid what it does not name", None, True),
]


@pytest.mark.parametrize(("text", "allowed"), [one[1:] for one in DIFFERENCES], ids=[one[0] for one in DIFFERENCES])
def test_where_we_differ_from_googles_matcher_the_reason_is_known(text: str | None, allowed: bool) -> None:
    long = "/foo/baz" + "a" * 16_700
    text = f"Disallow: {long}/qux" if text is None else text
    assert may(f"User-agent: *\n{text}\n", long if long in text else "/foo/baz") is allowed


# --- the line that is shown -------------------------------------------------------------------------------------------


def test_the_line_shown_is_the_one_that_decides_verbatim() -> None:
    text = "User-agent: *\nDisallow: /x   # all of it\nDisallow: /x/y/\ndisallow:/x/*/z\nAllow: /x/y/z\nDisallow: /q\n"
    rules = RobotsRules(text)
    lines = {path: rules.disallows(SITE + path) for path in ("/x/", "/x/y/", "/x/aa/z", "/x/y/z", "/q", "/")}
    assert lines == {
        "/x/": "Disallow: /x   # all of it",
        "/x/y/": "Disallow: /x/y/",
        "/x/aa/z": "disallow:/x/*/z",
        "/x/y/z": None,
        "/q": "Disallow: /q",
        "/": None,
    }


PATHS = st.text("ab/", min_size=0, max_size=6).map("/".__add__)
ROWS = st.lists(st.tuples(st.sampled_from(["Allow", "Disallow"]), PATHS), max_size=12)


@given(rows=ROWS, path=PATHS)
def test_what_is_forbidden_is_forbidden_by_the_longest_rule_that_begins_it(
    rows: list[tuple[str, str]], path: str
) -> None:
    path = "/" + path.lstrip("/")
    text = "User-agent: *\n" + "".join(f"{field}: {rule}\n" for field, rule in rows)
    met = sorted(((len(rule), field == "Allow") for field, rule in rows if path.startswith(rule)), reverse=True)
    line = RobotsRules(text).disallows(SITE + path)
    assert (line is None) is (not met or met[0][1])
    assert line is None or (line.startswith("Disallow: ") and len(line) == len("Disallow: ") + met[0][0])


@given(st.text("userv-agentdiwlo*: /#\n\r\té", max_size=300))
def test_any_text_is_read(text: str) -> None:
    RobotsRules(f"User-agent: vigie\n{text}").disallows(f"{SITE}/a")


def cost(text: str, path: str) -> float:
    """Seconds of processor of a first look, the least of three: a busy machine makes it longer, never shorter."""
    costs = []
    for _round in range(3):
        began = time.process_time()
        RobotsRules(text).disallows(SITE + path)
        costs.append(time.process_time() - began)
    return min(costs)


@pytest.mark.parametrize(
    "row", ["User-agent: bot{}\nDisallow: /a{}\n", "Disallow: /a{}\nAllow: /b{}\n", "Disallow: /*a{}*b{}$\n", "{}\n"]
)
def test_the_cost_grows_with_the_size_and_not_with_its_square(row: str) -> None:
    """Ten times the lines: ten times the cost, where its square would be a hundred."""
    small, large = (
        "User-agent: *\n" + "".join(row.format(n, n) for n in range(lines)) + "Disallow: /x" for lines in (800, 8000)
    )
    assert cost(large, "/x") < 40 * max(cost(small, "/x"), 0.001)
