"""The telephone diary (`carnet/`): a page of its own beside the site, whose script is allowed by its digest alone.

A person keeps there, in their own browser and nowhere else, pictures of what a booking site answered them; it makes
the file that `vigie case import` takes. It has a neutral name and icon: who is looked over the shoulder tells nothing.
It is no page of the site's frame, which has no script; it is installed from where it is served, and does not work from
a disk, where in Chromium every other file opened could read what it keeps (measured 2026-11 in Chromium 156).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from monitor import __version__
from monitor.catalogue.declaration import PROCEDURES
from monitor.core.labels import PROCEDURES as PROCEDURE_WORDS
from monitor.core.words import N_
from monitor.site.frame import Output, SiteFrame
from monitor.site.tongues import PageTongue

FOLDER: Final = "carnet"
LANGUAGES: Final = ("fr", "en", "ar", "es", "pt")
WORDS: Final[Mapping[str, str]] = {  # what the script says, by the key it asks for
    "title": N_("My notebook"),
    "languages": N_("Languages"),
    "all_here": N_("Everything stays on this telephone. Nothing is sent."),
    "not_from_a_file": N_(
        "This page was opened from a disk: another file could read what you keep here. Open it at its web address."
    ),
    "add": N_("Add pictures of the screen"),
    "nothing": N_("Nothing is kept yet."),
    "attempts": N_("attempts"),
    "days": N_("days"),
    "weeks": N_("weeks"),
    "span": N_("days from the first to the last"),
    "gap": N_("longest silence, in days"),
    "all_saved": N_("Everything here is in the file you made last."),
    "not_saved": N_("Not in any file yet: {count}"),
    "not_saved_for": N_("Not in any file for {days} days: a browser may forget. Make the file."),
    "picture_of": N_("Picture {name}"),
    "no_slot": N_("no slot"),
    "error_message": N_("an error message"),
    "form_unavailable": N_("the form is closed"),
    "category_missing": N_("my démarche is not listed"),
    "captcha_wall": N_("stopped by a captcha"),
    "slot_offered": N_("a slot was offered"),
    "attempt": N_("something else"),
    "date_from": N_("Date:"),
    "from_exif": N_("of the photo"),
    "from_file_name": N_("of the file's name"),
    "from_file_date": N_("of the file, to be checked"),
    "from_stated": N_("given by you"),
    "date_unknown": N_("The file does not say when it was made: write day and hour."),
    "field_at": N_("Day and hour of the picture"),
    "field_kind": N_("What did the site answer?"),
    "field_prefecture": N_("Préfecture"),
    "field_procedure": N_("Démarche"),
    "field_sentence": N_("The site's sentence, word for word"),
    "field_address": N_("Address of the page"),
    "keep": N_("Keep"),
    "not_kept": N_("This was not kept: {why}"),
    "twice": N_("{name}: this picture is here already"),
    "no_picture": N_("{name}: this is no picture"),
    "remove": N_("Remove"),
    "remove_asked": N_("Remove this picture from the notebook?"),
    "make_file": N_("Make the file"),
    "what_file_is": N_("One file (ZIP) with all your pictures: give it to your lawyer or association, keep a copy."),
    "digest": N_("Its fingerprint:"),
    "mail_digest": N_("Send the fingerprint by e-mail"),
    "print": N_("Print"),
    "restore": N_("Open a file made before"),
    "restored": N_("Opened again: {count}"),
    "no_diary": N_("{name}: this is no file of a notebook, or it was changed"),
    "erase": N_("Erase everything"),
    "erase_asked": N_("Erase everything kept here? Nobody can bring it back."),
    "proves": N_("Pictures chosen by the person; each date says where it comes from. It is for a judge to weigh them."),
}


def diary(frame: SiteFrame) -> Iterator[Output]:
    """The page, its service worker, its manifest and its icon."""
    folder = files("monitor") / "data" / FOLDER
    read = {name: (folder / name).read_text("utf-8") for name in ("carnet.js", "carnet.css", "sw.js", "icon.svg")}
    page = _page(frame, read["carnet.js"], read["carnet.css"])
    version = hashlib.sha256(page.encode()).hexdigest()[:12]
    manifest = {
        "name": "Carnet",
        "short_name": "Carnet",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "icons": [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    yield Output(f"{FOLDER}/icon.svg", read["icon.svg"].encode())
    yield Output(f"{FOLDER}/index.html", page.encode())
    yield Output(f"{FOLDER}/manifest.webmanifest", json.dumps(manifest, sort_keys=True).encode())
    yield Output(f"{FOLDER}/sw.js", read["sw.js"].replace("{{version}}", version).encode())


def _page(frame: SiteFrame, script: str, style: str) -> str:
    policy = "; ".join((
        "default-src 'none'", f"script-src {_digest(script)}", f"style-src {_digest(style)}", "img-src blob: 'self'",
        "worker-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'",
    ))  # fmt: skip
    told = json.dumps(_told(frame), ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<title>Carnet</title>\n'
        '<link rel="manifest" href="manifest.webmanifest">\n<link rel="icon" href="icon.svg">\n'
        f"<style>{style}</style>\n</head>\n<body>\n"
        '<main><div id="new" aria-live="polite"></div><div id="kept"></div></main>\n'
        "<noscript><p>Ce carnet a besoin de JavaScript. This notebook needs JavaScript.</p></noscript>\n"
        f'<script type="application/json" id="data">{told}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def _told(frame: SiteFrame) -> Mapping[str, Any]:
    """What the script is given: words by language, the préfectures and démarches to choose from."""
    words: dict[str, dict[str, str]] = {}
    for code in LANGUAGES:
        tongue = PageTongue(code)
        listed = tongue if code == "en" else PageTongue("fr")  # démarches are looked for on a site in French
        words[code] = {key: tongue.gettext(message) for key, message in WORDS.items()} | {"own_name": tongue.name}
        words[code] |= {f"p_{one}": listed.gettext(PROCEDURE_WORDS[one]) for one in PROCEDURES}
    offices = [[view.prefecture.code, view.prefecture.name] for view in frame.data.prefectures]
    return {"words": words, "prefectures": offices, "procedures": [*PROCEDURES], "version": __version__}


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
