"""The encoding cases of html5lib-tests, as html5lib 1.1 carries them: bytes of a page, and how a browser reads them.

Windows-1252 stands for a page that says nothing that a browser would hear. Remarks inside of them are left out.
"""

from __future__ import annotations

from typing import Final

CASES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"<!DOCTYPE HTML>", "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta charset="ISO-8859-1">', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!DOCTYPE HTML>\n<meta charset='iso8859-2'>", "iso-8859-2"),
    (b"<!DOCTYPE HTML>\n<meta charset=iso8859-2>", "iso-8859-2"),
    (b"<!DOCTYPE HTML>\n<meta\ncharset=iso8859-2>", "iso-8859-2"),
    (b"<!DOCTYPE HTML>\n<metacharset=iso8859-2>", "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta http-equiv="Content-Type" content="text/html; ch' + b'arset=iso8859-2">', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta content="text/html; charset=iso8859-2" http-equi' + b'v="Content-Type">', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta http-equiv="Content-Type" content=text/html; cha' + b"rset=iso8859-2>", "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta http-equiv="Content-Type content="text/html; cha' + b'rset=iso8859-2">', "windows-1252"),
    (
        b'<!DOCTYPE HTML>\n<meta http-equiv="Content-Type " content="text/html; c' + b'harset=iso8859-2">',
        "windows-1252",
    ),
    (
        b'<!DOCTYPE HTML>\n<meta content="text/html; charset=iso8859-2" http-equi' + b'v="Content-Type ">',
        "windows-1252",
    ),
    (
        b'<!DOCTYPE HTML>\n<meta http-equiv="Content-Type>" content="text/html; c' + b'harset=iso8859-2">',
        "windows-1252",
    ),
    (
        b'<!DOCTYPE HTML>\n<meta content="text/html; charset=iso8859-2" http-equi' + b'v="Content-Type>">',
        "windows-1252",
    ),
    (
        b'<!DOCTYPE HTML>\n<meta http-equiv="Content-Style-Type" content="text/ht' + b'ml; charset=iso8859-2">',
        "windows-1252",
    ),
    (
        b'<!DOCTYPE HTML>\n<meta content="text/html; charset=iso8859-2" http-equi' + b'v="Content-Style-Type">',
        "windows-1252",
    ),
    (b'<!DOCTYPE HTML>\n<meta name="Content-Style-Type" content="text/html; ch' + b'arset=iso8859-2">', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta content="text/html; charset=iso8859-2" name="Con' + b'tent-Style-Type">', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta content="text/html; charset=iso8859-2">', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta content=" text/html; charset = iso8859-2 ">', "windows-1252"),
    (
        b'<!DOCTYPE HTML>\n<meta content="\ntext/html; charset=iso8859-2\n" http-eq' + b'uiv="Content-Type">',
        "iso-8859-2",
    ),
    (b'<!DOCTYPE HTML>\n<meta charset="\niso8859-2\n">', "iso-8859-2"),
    (b"<!DOCTYPE HTML>\n<meta charset=\niso8859-2\n>", "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta charset="iso8859-2>\n<p>"</p>', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta charset=iso8859-2">\n<p>"</p>', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta " charset=iso8859-2>\n<p>"</p>', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta test" charset=iso8859-2>\n<p>"</p>', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta test=" charset=iso8859-2>\n<p>"</p>', "windows-1252"),
    (b"<!DOCTYPE HTML>\n<meta test=\"' charset=iso8859-2>\n<p>\"'</p>", "windows-1252"),
    (b"<!DOCTYPE HTML>\n<meta test='\" charset=iso8859-2>\n<p>'\"</p>", "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta test="" charset=iso8859-2>', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta test=x" charset=iso8859-2>\n<p>"</p>', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<head></head><p title="x>\n<meta test=x" charset=iso885' + b'9-2>\n<p>"</p>', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<head></head><p title="x>\n<meta test=x charset=iso8859' + b'-2>\n<p>"</p>', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<head></head><p title="x>\n<meta charset=iso8859-2>\n<p>' + b'"</p>', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<head></head><p title="x>">\n<meta charset=iso8859-2>\n<' + b'p>"</p>', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta charset="ISO-8859-1">\n<meta charset="iso8859-2">', "windows-1252"),
    (b'<!DOCTYPE HTML>\n<meta charset="iso8859-2">\n<meta charset="ISO-8859-1">', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<!--<meta charset="ISO-8859-1">-->\n<meta charset="iso8' + b'859-2">', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<!--<meta charset="iso8859-2">-->\n<meta charset="ISO-8' + b'859-1">', "windows-1252"),
    (b"\xef\xbb\xbf<!DOCTYPE HTML>\n<!-- Starts with UTF-8 BOM -->", "utf-8"),
    (b'\xef\xbb\xbf<!DOCTYPE HTML>\n<meta charset="ISO-8859-1">\n<!-- Starts with UTF-8 ' + b"BOM -->", "utf-8"),
    (b"<!-- 511 characters " + b"x" * 461 + b'-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 512 characters " + b"x" * 460 + b'-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 1024 characters " + b"x" * 971 + b'-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 1025 characters " + b"x" * 971 + b'z-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 2048 characters " + b"x" * 1995 + b'-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 2049 characters " + b"x" * 1995 + b'z-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 4096 characters " + b"x" * 4043 + b'-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 4097 characters " + b"x" * 4043 + b'z-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 8192 characters " + b"x" * 8139 + b'-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<!-- 8193 characters " + b"x" * 8139 + b'z-->\n<meta charset="iso8859-2">', "iso-8859-2"),
    (
        b"<!-- multi-script test -->\n<script>alert('step 1 of 3 (\"\xfe\")')</script>"
        + b"\n<!-- "
        + b"+" * 8192
        + b' -->\n<script>alert(\'step 2 of 3 ("\xfe")\')</script>\n<meta charset="iso885'
        + b'9-2">\n<script>alert(\'step 3 of 3 ("\xfe")\')</script>',
        "iso-8859-2",
    ),
    (b"<!DOCTYPE HTML>\n<script>document.write('<meta charset=\"ISO-8859-' + '2" + b"\">')</script>", "iso-8859-2"),
    (b"<!DOCTYPE HTML>\n<script>document.write('<meta charset=\"iso8859-2\">')</" + b"script>", "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<script type="text/plain"><meta charset="iso8859-2"></' + b"script>", "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<style type="text/plain"><meta charset="iso8859-2"></s' + b"tyle>", "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<p><meta charset="iso8859-2"></p>', "iso-8859-2"),
    (b'<!DOCTYPE HTML>\n<meta charset="bogus">\n<meta charset="iso8859-2">', "iso-8859-2"),
    (b"<meta", "windows-1252"),
    (b"<", "windows-1252"),
    (b"<!", "windows-1252"),
    (b'<meta charset = "', "windows-1252"),
    (b"<meta charset=euc-jp", "windows-1252"),
    (b"<meta <meta charset='euc-jp'>", "euc-jp"),
    (b"<meta       charset    =     'euc-jp'>", "euc-jp"),
    (b'<!-- -->\n<meta http-equiv="Content-Type" content="text/html; charset=u' + b'tf-8">', "utf-8"),
    (b'<!-- -->\n<meta http-equiv="Content-Type" content="text/html; charset=u' + b"tf", "windows-1252"),
    (b'<meta http-equiv="Content-Type<meta charset="utf-8">', "windows-1252"),
    (b'<meta http-equiv="Content-Type" content="text/html; charset=\'utf-8\'">', "utf-8"),
    (b'<meta http-equiv="Content-Type" content="text/html; charset=\'utf-8">', "windows-1252"),
    (b"<meta" + b" " * 609, "windows-1252"),
    (b"<meta charset                    =" + b" " * 588, "windows-1252"),
    (b"<meta charset=" + b" " * 604 + b"utf-8\n>", "utf-8"),
    (b'<meta content = "text/html;', "windows-1252"),
    (b'<meta charset="UTF-16">', "utf-8"),
    (b'<meta charset="UTF-16LE">', "utf-8"),
    (b'<meta charset="UTF-16BE">', "utf-8"),
    (b'<html a=\xc3\xb1>\n<meta charset="utf-8">', "utf-8"),
    (b'<html \xc3\xb1>\n<meta charset="utf-8">', "utf-8"),
    (b'<html>\xc3\xb1\n<meta charset="utf-8">', "utf-8"),
    (
        b'<html>\n<head>\n<meta http-equiv="Content-Type" content="text/html; char'
        + b'set=euc-jp">\n<!--\xe4\xba\xac-->\n<title>Yahoo! JAPAN</title>\n<meta name="descri'
        + b'ption" content="\xe6\x97\xa5\xe6\x9c\xac">\n<style type="text/css" media="all">',
        "euc-jp",
    ),
)

# By their number. Where we answer the contrary, and why.
DIFFERENCES: Final = {
    54: "its label is written by a script, and none is run for a page that was asked for without a browser"
}
