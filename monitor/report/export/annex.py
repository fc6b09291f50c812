"""The last pages of a relevé: how it is dated, how and from where it was looked, how to verify. In French."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from monitor.paper.document import Block, Bullets, Heading, Paragraph, Table
from monitor.paper.french import duration, moment, number, share, some
from monitor.report.export import words
from monitor.report.export.bounds import AttestedSpan, Dating, dating
from monitor.report.export.dossier import Proof, ReleveContent
from monitor.report.export.front import operator_of

Facts = Mapping[str, Any]
Row = tuple[str, str]
_SHOWN: Final = 16  # characters of a digest
_LISTED: Final = 24  # observations named by their number; the others are in the CSV


def annex(dossier: ReleveContent, *, small: bool) -> Iterator[Block]:
    """Dates, conditions, steps, verification. small: the reduced set, whose proof is of the last sweep alone."""
    yield Heading("Annexe : dates et conditions des observations")
    yield Heading("Ce que ce relevé établit", 1)
    yield Bullets([*words.PROVES, _sealed(dossier.proof)])
    yield from _dates(dossier)
    yield Heading("Conditions", 1)
    yield Bullets(words.CONDITIONS)
    yield from _surroundings(dossier)
    yield from _steps(dossier)
    yield from _verify(dossier, small=small)


def _sealed(proof: Proof | None) -> str:
    if proof is None:
        return words.NOT_SEALED
    return words.PROVES_STAMPED if proof.authorities else words.PROVES_SEALED


def _dates(dossier: ReleveContent) -> Iterator[Block]:
    yield Heading("Dates attestées par des tiers", 1)
    if not dossier.bounds:
        yield Paragraph(words.NO_BOUNDS)
        return
    yield Paragraph(words.BOUNDS)
    told = dating(dossier.seen, dossier.bounds)
    yield Table([("Observations écrites entre deux horodatages", "Part"), *_widths(told)], (80, 50))
    if told.widest:
        yield Paragraph(words.WIDEST_SWEEP.format(sweep=told.widest.sweep, span=spanned(told.widest, dossier)))
    if told.outside:
        listed = ", ".join(map(str, told.outside[:_LISTED])) + (", …" if len(told.outside) > _LISTED else "")
        n = some(len(told.outside), "observation", "observations")
        yield Paragraph(f"{words.OUTSIDE.format(n=n)} N° {listed}", strong=True)


def _widths(told: Dating) -> list[Row]:
    rows = [
        (f"distants de {name} au plus", share(n, told.total)) for name, n in zip(words.WIDTHS, told.within, strict=True)
    ]
    rows.append((f"distants de plus de {words.WIDTHS[-1]}", share(told.wider, told.total)))
    rows.append(("avec un horodatage d'un seul côté", share(told.open, told.total)))
    return [*rows, ("sans aucun horodatage", share(told.none, told.total))]


def spanned(span: AttestedSpan, dossier: ReleveContent) -> str:
    """`entre lundi … et lundi … (2 h ; autorité x)`."""
    zone, width = dossier.zone, span.width
    after = moment(span.after, zone) if span.after else words.UNBOUNDED
    before = moment(span.before, zone) if span.before else words.UNBOUNDED
    wide = f"{duration(width)} ; " if width is not None else ""
    return f"entre {after} et {before} ({wide}autorité : {span.authority})"


def _surroundings(dossier: ReleveContent) -> Iterator[Block]:
    states = dossier.proof.environments if dossier.proof else ()
    rows: list[Row] = [("Exploitant", operator_of(dossier))]
    if states:
        rows += [row for name, told in _TOLD if (row := (name, _said(told, states[-1])))[1]]
    rows += _observed(dossier)
    if len(states) > 1:
        yield Paragraph(words.SEVERAL_ENVIRONMENTS.format(n=number(len(states))))
    elif not states:
        yield Paragraph(words.NO_ENVIRONMENT)
    yield Table(rows, (30, 100), head=False)


def _observed(dossier: ReleveContent) -> list[Row]:
    """What the observations themselves say of the connections, and of the sites' clocks."""
    found = {pair for one in dossier.seen for pair in one.settings}
    listed = [(words.SETTINGS[name], ", ".join(sorted(v for n, v in found if n == name))) for name in words.SETTINGS]
    skews = [one.skew_s for one in dossier.seen if one.skew_s is not None]
    if skews:
        far = sum(abs(skew) > words.SKEW_S for skew in skews)
        told = words.SERVER_CLOCK.format(n=number(len(skews)), most=number(max(map(abs, skews))), far=number(far))
        listed.append(("Horloge des sites", told))
    return [row for row in listed if row[1]]


def _said(told: Callable[[Facts], str], state: Facts) -> str:
    """What a sweep's conditions say; empty where they do not, or not in the form this version knows."""
    try:
        return told(state)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        return ""


def _launched(state: Facts) -> str:
    process = state["process"]
    by = words.LAUNCHERS.get(process["parent"], f"le programme {process['parent']}")
    where = "depuis un terminal" if process["terminal"] else "sans terminal"
    return f"par {by}, {where} : {' '.join(process['command_line'])}"


def _program(state: Facts) -> str:
    program, parts = state["program"], [f"Vigie Préfectures {state['program']['version']}"]
    for name, words_ in (("commit", "version des sources (git)"), ("dist_sha256", "empreinte des sources")):
        if program.get(name):
            parts.append(f"{words_} {program[name][:_SHOWN]}…")
    if state.get("settings_sha256"):
        parts.append(f"empreinte de la configuration {state['settings_sha256'][:_SHOWN]}…")
    return " ; ".join(parts)


def _machine(state: Facts) -> str:
    cpu = state["processor"]
    maker = " ".join(state.get("firmware", {}).values())
    memory = number(cpu["memory_kb"] / 1_000_000, 1)
    told = f"{cpu['architecture']}, {some(cpu['count'], 'processeur', 'processeurs')} {cpu['model']}, {memory} Go"
    return f"{told} ; {maker}" if maker else told


def _clock(state: Facts) -> str:
    clock = state["clock"]
    if not clock["synchronised"]:
        return "non synchronisée, selon le système : seuls les horodatages de tiers datent ces observations"
    return f"synchronisée, selon le système ; erreur possible {number(clock['max_error_us'] / 1000, 1)} ms"


def _public(state: Facts) -> str:
    public, parts = state["public_address"], []
    if "address" in public:
        parts.append(f"{public['address']}, vue par {public['echo']}")
    elif "echo" in public:
        parts.append(f"non obtenue de {public['echo']}")
    if "provider" in public:
        parts.append(f"fournisseur, selon l'exploitant : {public['provider']}")
    return " ; ".join(parts)


def _proxy(state: Facts) -> str:
    proxies = state["proxies"]
    return "aucun" if proxies["none"] else f"déclaré au système ({', '.join(proxies['schemes'])}), non utilisé"


def _hosts(state: Facts) -> str:
    listed = state["hosts_file"]["targets_listed"]
    return f"cite {', '.join(listed)}" if listed else "ne cite aucun des sites visités"


def _software(state: Facts) -> str:
    python = state["python"]
    told = f"{python['implementation']} {python['version']}, {python['openssl']}, SQLite {python['sqlite']}"
    packages = some(len(state.get("packages", {})), "bibliothèque", "bibliothèques")
    return f"{told} ; {packages}, nommées avec leur version dans env.json (sweeps/)"


def _absent(state: Facts) -> str:
    return ", ".join(words.ABSENT.get(one["what"], one["what"]) for one in state["absent"])


_TOLD: Final[Sequence[tuple[str, Callable[[Facts], str]]]] = (
    ("Lancement", _launched),
    ("Programme", _program),
    ("Machine", _machine),
    ("Système", lambda state: f"{state['system']['pretty_name']}, {state['system']['kernel']}"),
    ("Logiciels", _software),
    ("Navigateur", lambda state: str(state["browser"]["product"])),
    ("Fuseau de la machine", lambda state: str(state["place"]["time_zone"])),
    ("Horloge", _clock),
    ("Adresses locales", lambda state: ", ".join(state["source_addresses"])),
    ("Adresse publique", _public),
    ("Proxy", _proxy),
    ("Fichier hosts", _hosts),
    ("Serveurs de noms", lambda state: ", ".join(state["resolver"]["settings"] or state["resolver"]["servers"])),
    ("Non enregistré", _absent),
)


def _steps(dossier: ReleveContent) -> Iterator[Block]:
    """For each démarche: what it is, the way that was gone, the site's own titles on it."""
    yield Heading("Démarches et étapes suivies", 1)
    for key, one in dossier.subjects.items():
        facts, seen = dossier.facts.get(key), [seen for seen in dossier.seen if seen.subject == key]
        titles = list(dict.fromkeys(title for each in seen for title in each.titles))
        rows = [("Démarche", dossier.names[key]), ("Adresse", one.url)]
        rows.append(("Titres affichés par le site", " ; ".join(f"« {title} »" for title in titles)))
        rows += [("Nature", facts.procedure), ("ANEF", facts.anef)] if facts else []
        yield Table([row for row in rows if row[1]], (30, 100), head=False)
        ways = Counter(each.steps for each in seen)
        yield Bullets([_way(steps, times) for steps, times in ways.most_common()])


def _way(steps: Sequence[str], times: int) -> str:
    path = " ; ".join(steps) if steps else "aucune étape enregistrée"
    return words.STEPS_TIMES.format(steps=path, n=some(times, "observation", "observations"))


def _verify(dossier: ReleveContent, *, small: bool) -> Iterator[Block]:
    yield Heading("Comment vérifier", 1)
    proof = dossier.proof
    if dossier.thinned:
        yield Paragraph(words.THINNED.format(n=number(dossier.thinned)))
    if dossier.lost:
        yield Paragraph(words.LOST.format(n=number(dossier.lost)))
    if proof is None:
        yield Bullets(words.VERIFY_UNSEALED)
        return
    yield Bullets(words.VERIFY_SMALL if small else words.VERIFY_SEALED)
    yield Table(
        (
            ("Passages scellés joints", number(1 if small else proof.sweeps)),
            ("Autorités d'horodatage", ", ".join(proof.authorities) or "aucun horodatage reçu à ce jour"),
            ("Nom du journal", proof.origin),
            ("Clé du journal", proof.key),
            ("Dernier point de contrôle", _checkpoint(proof, dossier)),
            ("Publié", " ; ".join(_published(proof, dossier)) or words.NOT_PUBLISHED),
        ),
        (30, 90),
        head=False,
    )


def _published(proof: Proof, dossier: ReleveContent) -> Iterator[str]:
    for one in proof.published:
        n = some(one.count, "point de contrôle", "points de contrôle")
        at = moment(one.at, dossier.zone)
        yield words.COSIGNED_BY.format(name=one.name, n=n, sweep=number(one.sweep), at=at)


def _checkpoint(proof: Proof, dossier: ReleveContent) -> str:
    closed = f", clos le {moment(proof.closed, dossier.zone)}" if proof.closed else ""
    return words.CHECKPOINT.format(
        sweep=number(proof.head), closed=closed, size=some(proof.size, "observation", "observations"), root=proof.root
    )
