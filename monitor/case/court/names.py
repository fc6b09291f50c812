"""What people call what a case names in one word: kinds of events, who did it, what dates it, what is stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitor.case.model import ALIASES, Author, DateSource, Group, Origin
from monitor.case.model import KINDS as GROUP_OF
from monitor.core.labels import procedure
from monitor.core.words import N_, spoken

KINDS: Final[Mapping[str, tuple[str, str]]] = {
    # kind: by what means, with what result
    "no_slot": (N_("booking site"), N_("no slot available, says the site")),
    "category_missing": (N_("booking site"), N_("the démarche cannot be chosen")),
    "error_message": (N_("booking site"), N_("error message")),
    "form_unavailable": (N_("booking site"), N_("form not available")),
    "attempt": (N_("booking site"), N_("attempt whose result is not noted")),
    "slot_offered": (N_("booking site"), N_("a slot was offered")),
    "captcha_wall": (N_("booking site"), N_("page with a test against robots")),
    "site_down": (N_("booking site"), N_("site that could not be reached")),
    "unreadable": (N_("booking site"), N_("page whose result cannot be read")),
    "anef_account": (N_("ANEF portal"), N_("blocked (account)")),
    "anef_password": (N_("ANEF portal"), N_("blocked (password)")),
    "anef_contact_details": (N_("ANEF portal"), N_("blocked (contact details)")),
    "anef_previous_card": (N_("ANEF portal"), N_("blocked (earlier permit not recorded as handed over)")),
    "anef_other_request_pending": (N_("ANEF portal"), N_("blocked (another request is pending)")),
    "anef_attachment": (N_("ANEF portal"), N_("blocked (attachment refused)")),
    "anef_category_absent": (N_("ANEF portal"), N_("blocked (category absent)")),
    "anef_not_recognised": (N_("ANEF portal"), N_("blocked (person or permit not recognised)")),
    "anef_error_code": (N_("ANEF portal"), N_("blocked (error code)")),
    "anef_no_confirmation": (N_("ANEF portal"), N_("no confirmation of the filing")),
    "anef_no_attestation": (N_("ANEF portal"), N_("no attestation delivered")),
    "ccc_call": (N_("citizens' contact centre"), N_("telephone call")),
    "ccc_message": (N_("citizens' contact centre"), N_("written message")),
    "ccc_attestation": (N_("citizens' contact centre"), N_("attestation that filing online is impossible")),
    "pan_sought": (N_("digital help point (PAN)"), N_("appointment or visit asked for")),
    "pan_visit": (N_("digital help point (PAN)"), N_("visit")),
    "pan_refusal": (N_("digital help point (PAN)"), N_("refusal")),
    "pan_unavailable": (N_("digital help point (PAN)"), N_("no help point or no appointment")),
    "email": (N_("e-mail"), N_("written request to the préfecture")),
    "registered_letter": (N_("registered letter"), N_("written request to the préfecture")),
    "letter": (N_("letter"), N_("written request to the préfecture")),
    "walk_in": (N_("counter"), N_("went there in person")),
    "prefecture_call": (N_("telephone"), N_("call to the préfecture")),
    "door_refusal": (N_("counter"), N_("turned away at the door")),
    "prefecture_answer": (N_("préfecture"), N_("answer")),
    "prefecture_attestation": (N_("préfecture"), N_("attestation")),
    "late_date": (N_("préfecture"), N_("date given, late in the person's view")),
    "date_cancelled": (N_("préfecture"), N_("date cancelled")),
    "date_given": (N_("préfecture"), N_("date given")),
    "refusal_of_date": (N_("préfecture"), N_("refusal of a date")),
    "refusal_of_registration": (N_("préfecture"), N_("refusal to register the request")),
    "removal_order": (N_("préfecture"), N_("order to leave French territory")),
    "receipt": (N_("préfecture"), N_("receipt or attestation of extension")),
    "documents_requested": (N_("préfecture"), N_("documents asked for")),
    "application_refused": (N_("préfecture"), N_("request refused")),
    "application_granted": (N_("préfecture"), N_("request granted")),
    "filed": (N_("filing"), N_("request filed")),
    "ofii_attestation": (N_("filing"), N_("OFII's attestation of filing, file complete")),
    "application_closed": (N_("filing"), N_("request closed")),
    "application_reclassified": (N_("filing"), N_("request reclassified")),
    "document_missing": (N_("document"), N_("document missing")),
    "document_expired": (N_("document"), N_("document expired")),
    "documents_sent": (N_("document"), N_("documents sent")),
    "reasons_asked": (N_("letter"), N_("reasons of an implicit refusal asked for")),
    "urgency_proof": (N_("document"), N_("paper on the urgency")),
}
GROUPS: Final[Mapping[Group, str]] = {
    "attempt": N_("Attempts to book online that failed"),
    "seen": N_("What else the site showed (kept, never counted as a failure)"),
    "anef": N_("Blocked on the ANEF portal before filing"),
    "after": N_("After filing on ANEF"),
    "ccc": N_("Citizens' contact centre (0 806 001 620)"),
    "pan": N_("Digital help point (point d'accueil numérique)"),
    "request": N_("Written requests to the préfecture"),
    "answer": N_("Answers of the préfecture"),
    "filing": N_("Filing of the application"),
    "obstacle": N_("Decisions and dates to show a lawyer"),
    "other": N_("Other facts and papers"),
}
AUTHORS: Final[Mapping[Author, str]] = {"person": N_("the person"), "helper": N_("an authorised helper")}
DATES: Final[Mapping[DateSource, str]] = {
    "stated": N_("date the person gives"),
    "exif": N_("date recorded in the picture (EXIF)"),
    "file_name": N_("date in the file's name"),
    "file_date": N_("date of the file"),
    "mail": N_("date of the e-mail"),
    "assist": N_("date the program recorded during the attempt"),
    "extension": N_("date the browser recorded, by the clock of the person's computer"),
}
ORIGINS: Final[Mapping[Origin, str]] = {  # how it was kept, and what that proves
    "": N_("written down, with the files that were added to it"),
    "assist": N_("page and answer of the server, as the program's browser received them"),
    "extension": N_(
        "page as the person's browser showed it when they pressed the button; nothing excludes that it was changed in "
        "that browser before"
    ),
    "diary": N_("picture chosen by the person, sentence copied by them; nothing excludes that it was changed before"),
}
ENTRIES: Final[Mapping[str, str]] = {
    "opened": N_("case begun"),
    "facts": N_("facts stated"),
    "note": N_("note"),
    "import": N_("export joined"),
    "rules": N_("change of the rules told"),
    "attempt": N_("attempt or event"),
    "left": N_("a draft or an export was made"),
}
FACTS: Final[Mapping[str, str]] = {
    "prefecture": N_("préfecture"),
    "zone": N_("legal time"),
    "procedure": N_("démarche"),
    "family": N_("where it is filed"),
    "expires": N_("permit expires"),
    "arrived": N_("arrived"),
    "majority": N_("of age on"),
    "release": N_("hour slots are released"),
    "silence": N_("what silence means"),
    "published": N_("ways published"),
    "ready": N_("papers ready"),
    "about": N_("about entry"),
    "text": N_("text"),
    "withdrawn": N_("withdrawn"),
    "read_on": N_("rules read on"),
    "name": N_("name"),
    "records": N_("observations"),
    "reserved": N_("with reserves"),
    "day": N_("day"),
    "at": N_("at"),
    "date_source": N_("dated by"),
    "origin": N_("how it was kept"),
    "kept": N_("pages or pictures of it"),
    "kind": N_("kind"),
    "address": N_("address"),
    "sentence": N_("the site's sentence"),
    "reference": N_("reference"),
    "due": N_("date given"),
    "author": N_("done by"),
    "note": N_("note"),
    "site_serves": N_("the site serves the commune"),
    "pictured": N_("date the picture bears"),
    "confirmed": N_("confirmed though odd"),
    "as": N_("what was made"),
}
LEFT: Final[Mapping[str, str]] = {  # what leaves a case: a letter, or a court file by who files it
    "ccc": N_("letter to the contact centre"),
    "prefecture": N_("letter to the préfecture"),
    "lrar": N_("registered letter"),
    "prolongation": N_("request for an attestation of extension"),
    "ddd": N_("letter to the Défenseur des droits"),
    "refere": N_("request to the judge"),
    "telerecours": N_("court file of a lawyer (Télérecours)"),
    "citoyens": N_("court file of a person alone (Télérecours citoyens)"),
}
WORDS: Final[Mapping[str, str]] = {
    "anef": N_("on ANEF"),
    "non_anef": N_("outside ANEF"),
    "naturalisation": N_("naturalisation"),
    "other": N_("other"),
    "general": N_("the general rule"),
    "days_90": N_("90 days"),
    "days_60": N_("60 days"),
    "naturalisation_10_years": N_("naturalisation, ten years of residence"),
    "blue_card": N_("European blue card"),
    "YES": N_("yes"),
    "NO": N_("no"),
    "NO_ON_LISTED_PAGES": N_("not on the pages listed"),
    "UNKNOWN": N_("not known"),
}


def kind(code: str, lang: str) -> tuple[str, str]:
    """By what means and with what result, in a language such as `fr`."""
    means, result = KINDS[code]
    say = spoken(lang).gettext
    return say(means), say(result)


def explained(code: str, lang: str) -> str:
    """`booking site: no slot available, says the site`."""
    means, result = kind(code, lang)
    return spoken(lang).gettext(N_("{means}: {result}")).format(means=means, result=result)


def kind_lines(lang: str) -> Iterator[str]:
    """Every kind under its group, a line each; other names that `--kind` takes beside it."""
    width = max(map(len, KINDS))
    for group, title in GROUPS.items():
        yield spoken(lang).gettext(title)
        for code in (name for name, of in GROUP_OF.items() if of == group):
            others = ", ".join(word for word, named in ALIASES.items() if named == code)
            yield f"  {code:<{width}}  {explained(code, lang)}{f' [{others}]' if others else ''}"


def dated(author: Author, source: DateSource, lang: str) -> str:
    """What dates an event and who did it: `date the person gives, an authorised helper`."""
    say = spoken(lang).gettext
    return f"{say(DATES[source])}, {say(AUTHORS[author])}"


def told(name: str, value: Any, lang: str) -> str:
    """One thing stated in an entry, in words; what a person wrote stays between « »."""
    say = spoken(lang).gettext
    if isinstance(value, Mapping):
        said = ", ".join(f"`{one}` {_value(name, state, lang)}" for one, state in value.items())
    else:
        said = _value(name, value, lang)
    return say(N_("{what}: {told}")).format(what=say(FACTS.get(name, name)), told=said)


def _value(name: str, value: Any, lang: str) -> str:
    say = spoken(lang).gettext
    if isinstance(value, bool):
        return say(N_("yes")) if value else say(N_("no"))
    match name:
        case "procedure":
            return procedure(str(value), lang)
        case "kind":
            return ", ".join(kind(str(value), lang))
        case "author":
            return say({**AUTHORS}.get(value, str(value)))
        case "date_source":
            return say({**DATES}.get(value, str(value)))
        case "origin":
            return say({**ORIGINS}.get(value, str(value)))
        case "kept":
            return str(len(value))
        case "as":
            return say(LEFT.get(value, str(value)))
        case "text" | "sentence" | "note" | "name" | "told":
            return f"«\N{NO-BREAK SPACE}{value}\N{NO-BREAK SPACE}»"
    return say(WORDS[value]) if value in WORDS else str(value)
