"""The cases of Google's own tests of its matcher (google/robotstxt, robots_test.cc, commit 21fc90b3) as a table.

Each row: the test, whose group is asked for, the file, and the paths it allows and forbids, parted by blanks. Left out:
what the tests say of lines counted, of sitemaps and of the matcher's inner functions, which allows and forbids nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Case(NamedTuple):
    """One file of them. allowed, forbidden: paths and queries, with the blanks between them."""

    test: str
    agent: str
    file: str
    allowed: str = ""
    forbidden: str = ""


_ALL: Final = "allow: /foo/bar/\n\n"
_GROUPS: Final = (
    f"{_ALL}user-agent: FooBot\ndisallow: /\nallow: /x/\nuser-agent: BarBot\ndisallow: /\nallow: /y/\n\n\nallow: /w/\n"
    "user-agent: BazBot\n\nuser-agent: FooBot\nallow: /z/\ndisallow: /\n"
)
_ONE: Final = "user-agent: FooBot\n{rules}\n"
_SECOND: Final = "user-agent: FooBot\nallow: /\nuser-agent: BarBot\ndisallow: /\nuser-agent: BazBot\ndisallow: /\n"
_SPACED: Final = "User-Agent: *\nDisallow: /\nUser-Agent: Foo Bar\nAllow: /x/\nDisallow: /\n"
_CUT: Final = 2083 * 8  # bytes of a line after which Google's matcher reads no further


def _one(test: str, rules: str, allowed: str = "", forbidden: str = "") -> Case:
    return Case(test, "FooBot", _ONE.format(rules=rules), allowed, forbidden)


def _fish(rule: str, allowed: str, forbidden: str) -> Case:
    return _one("DocumentationChecks", f"disallow: /\nallow: {rule}", allowed, forbidden)


LONG: Final = "/x/" + "a" * (_CUT - len("disallow: ") - len("/x/") + 1 - len("/x/"))
LONG_A, LONG_B = ("/x/" + one * (_CUT - len("allow: ") - len("/x/") + 1 - len("/x/")) for one in "ab")

CASES: Final = (
    Case("SystemTest", "FooBot", "", "/"),
    _one("Line", "disallow: /", "", "/x/y"),
    Case("Line", "FooBot", "foo: FooBot\nbar: /\n", "/x/y"),
    Case("Line", "FooBot", "user-agent FooBot\ndisallow /\n", "", "/x/y"),
    Case("Groups", "FooBot", _GROUPS, "/x/b /z/d", "/y/c /foo/bar/"),
    Case("Groups", "BarBot", _GROUPS, "/y/c /w/a", "/z/d /foo/bar/"),
    Case("Groups", "BazBot", _GROUPS, "/z/d", "/foo/bar/"),
    *(
        Case("REPLineNamesCaseInsensitive", "FooBot", f"{a}: FooBot\n{b}: /x/\n{c}: /\n", "/x/y", "/a/b")
        for a, b, c in (
            ("USER-AGENT", "ALLOW", "DISALLOW"),
            ("user-agent", "allow", "disallow"),
            ("uSeR-aGeNt", "AlLoW", "dIsAlLoW"),
        )
    ),
    *(
        Case("UserAgentValueCaseInsensitive", agent, f"User-Agent: {name}\nAllow: /x/\nDisallow: /\n", "/x/y", "/a/b")
        for name in ("FOO BAR", "foo bar", "FoO bAr")
        for agent in ("Foo", "foo")
    ),
    Case("AcceptUserAgentUpToFirstSpace", "Foo", _SPACED, "/x/y"),
    Case("AcceptUserAgentUpToFirstSpace", "Foo Bar", _SPACED, "", "/x/y"),
    Case("GlobalGroups", "FooBot", "", "/x/y"),
    Case("GlobalGroups", "FooBot", "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", "", "/x/y"),
    Case("GlobalGroups", "BarBot", "user-agent: *\nallow: /\nuser-agent: FooBot\ndisallow: /\n", "/x/y"),
    Case("GlobalGroups", "QuxBot", _SECOND, "/x/y"),
    _one("ValueCaseSensitive", "disallow: /x/", "", "/x/y"),
    _one("ValueCaseSensitive", "disallow: /X/", "/x/y"),
    _one("LongestMatch", "disallow: /x/page.html\nallow: /x/", "", "/x/page.html"),
    _one("LongestMatch", "allow: /x/page.html\ndisallow: /x/", "/x/page.html", "/x/"),
    _one("LongestMatch", "disallow: \nallow: ", "/x/page.html"),
    _one("LongestMatch", "disallow: /\nallow: /", "/x/page.html"),
    _one("LongestMatch", "disallow: /x\nallow: /x/", "/x/", "/x"),
    _one("LongestMatch", "disallow: /x/page.html\nallow: /x/page.html", "/x/page.html"),
    _one("LongestMatch", "allow: /page\ndisallow: /*.html", "/page", "/page.html"),
    _one("LongestMatch", "allow: /x/page.\ndisallow: /*.html", "/x/page.html", "/x/y.html"),
    Case(
        "LongestMatch",
        "FooBot",
        "User-agent: *\nDisallow: /x/\nUser-agent: FooBot\nDisallow: /y/\n",
        "/x/page",
        "/y/page",
    ),
    _one(
        "Encoding",
        "Disallow: /\nAllow: /foo/bar?qux=taz&baz=http://foo.bar?tar&par",
        "/foo/bar?qux=taz&baz=http://foo.bar?tar&par",
    ),
    _one("Encoding", "Disallow: /\nAllow: /foo/bar/ツ", "/foo/bar/%E3%83%84", "/foo/bar/ツ"),
    _one("Encoding", "Disallow: /\nAllow: /foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", "/foo/bar/ツ"),
    _one("Encoding", "Disallow: /\nAllow: /foo/bar/%62%61%7A", "/foo/bar/%62%61%7A", "/foo/bar/baz"),
    _one(
        "SpecialCharacters",
        "Disallow: /foo/bar/quz\nAllow: /foo/*/qux",
        "/foo/quz /foo//quz /foo/bax/quz",
        "/foo/bar/quz",
    ),
    _one(
        "SpecialCharacters",
        "Disallow: /foo/bar$\nAllow: /foo/bar/qux",
        "/foo/bar/qux /foo/bar/ /foo/bar/baz",
        "/foo/bar",
    ),
    _one("SpecialCharacters", "# Disallow: /\nDisallow: /foo/quz#qux\nAllow: /", "/foo/bar", "/foo/quz"),
    Case(
        "IndexHTMLisDirectory",
        "foobot",
        "User-Agent: *\nAllow: /allowed-slash/index.html\nDisallow: /\n",
        "/allowed-slash/ /allowed-slash/index.html",
        "/allowed-slash/index.htm /anyother-url",
    ),
    _one("LineTooLong", f"disallow: {LONG}/qux", "/fux", f"{LONG}/fux"),
    _one(
        "LineTooLong",
        f"disallow: /\nallow: {LONG_A}/qux\nallow: {LONG_B}/qux",
        f"{LONG_A}/qux {LONG_B}/fux",
        "/",
    ),
    *(
        _fish(
            rule,
            "/fish /fish.html /fish/salmon.html /fishheads /fishheads/yummy.html /fish.html?id=anything",
            f"/bar /Fish.{end} /catfish /?id=fish",
        )
        for rule, end in (("/fish", "asp"), ("/fish*", "bar"))
    ),
    _fish(
        "/fish/",
        "/fish/ /fish/salmon /fish/?salmon /fish/salmon.html /fish/?id=anything",
        "/bar /fish /fish.html /Fish/Salmon.html",
    ),
    _fish(
        "/*.php",
        "/filename.php /folder/filename.php /folder/filename.php?parameters //folder/any.php.file.html /filename.php/ "
        "/index?f=filename.php/",
        "/bar /php/ /index?php /windows.PHP",
    ),
    _fish(
        "/*.php$",
        "/filename.php /folder/filename.php",
        "/bar /filename.php?parameters /filename.php/ /filename.php5 /php/ /filename?php /aaaphpaaa //windows.PHP",
    ),
    _fish("/fish*.php", "/fish.php /fishheads/catfish.php?parameters", "/bar /Fish.PHP"),
    _one("DocumentationChecks", "allow: /p\ndisallow: /", "/page"),
    _one("DocumentationChecks", "allow: /folder\ndisallow: /folder", "/folder/page"),
    _one("DocumentationChecks", "allow: /page\ndisallow: /*.htm", "", "/page.htm"),
    _one("DocumentationChecks", "allow: /$\ndisallow: /", "/", "/page.html"),
    Case("ByteOrderMark", "foo", "\ufeffUser-Agent: foo\nDisallow: /AnyValue\n", "/", "/AnyValue"),
    Case("ByteOrderMark", "foo", "User-Agent: foo\n\ufeffDisallow: /AnyValue\n", "/AnyValue"),
)

# Where we answer the contrary, and why.
DIFFERENCES: Final = {
    ("Encoding", "/foo/bar/ツ"): "an address is written in percent codes before it is asked (RFC 9309, 2.2.2)",
    ("Encoding", "/foo/bar/baz"): "%62 is b, in a rule and in an address (RFC 9309, 2.2.2)",
    ("LineTooLong", f"{LONG}/fux"): "a line is read whole: cut, it would forbid what it does not name",
    ("LineTooLong", f"{LONG_B}/fux"): "a line is read whole: cut, it would allow what it does not name",
}
