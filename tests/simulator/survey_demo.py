"""`make survey-demo`: a survey of the country against the simulator, offline: what one person runs in an afternoon.

Says what it will take, surveys sites laid out by seed from a table, is run again to show that nothing is asked twice,
accepts every proposal into a folder of its own, which no person would without reading, and shows what of the country is
known before and after. Prints how politely the simulator was treated and where the review page is. Opens nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

from monitor.cli import language
from tests.simulator.country.play import country
from tests.simulator.demo import TIME_SCALE, played_settings, vigie
from tests.simulator.fixture import ROOT

WORDS = {
    "fr": (
        "Démonstration hors ligne : un simulateur de cette machine joue chaque site. Rien ici n'est lu sur le web.",
        "La même commande encore une fois : rien n'est redemandé dans la journée, sauf ce qui n'avait pas répondu.",
        "Tout accepter, pour l'exemple : une personne lit d'abord la page et ne nomme que ce qui est juste.",
        "Ce que l'on sait du pays, avant :",
        "et après :",
        "Comment le simulateur a été traité (attentes divisées par l'échelle de temps ; dernière ligne : la somme) :",
        "À ouvrir dans un navigateur :",
    ),
    "en": (
        "Offline demonstration: a simulator on this machine plays every site. Nothing here is read on the web.",
        "The same command once more: nothing is asked again within the day, but what had not answered.",
        "Everything accepted, as an example: a person reads the page first and names what is right alone.",
        "What is known of the country, before:",
        "and after:",
        "How the simulator was treated (waits divided by the time scale; the last row is the sum):",
        "To be opened in a browser:",
    ),
}


def main() -> int:
    """Exit code of `vigie survey`, 3 ("a home page could not be read") counting as done: the demo plays such sites."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator.survey_demo", description=__doc__)
    parser.add_argument("codes", nargs="*", metavar="CODE", help="départements (default: all)")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "survey-demo", help="data and review")
    options = parser.parse_args()
    about, again, accepting, before, after, treated, to_open = WORDS[language([], os.environ)]
    data, review, plugins = (options.folder / name for name in ("data", "review", "plugins"))
    print(about)
    shutil.rmtree(plugins, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name, country(Path(name), time_scale=TIME_SCALE) as simulator:
        config = played_settings(Path(name), simulator)

        def shown(*words: str) -> int:
            print(f"\n$ vigie {' '.join(words)}", flush=True)
            return vigie(*words, config=config, data=data)

        asked = ("survey", *options.codes)
        shown(*asked, "--dry-run")
        code = shown(*asked, "--out", str(review))
        print(f"\n{again}", flush=True)
        shown(*asked, "--out", str(review))
        print(f"\n{before}", flush=True)
        shown("table", "--coverage", *options.codes)
        print(f"\n{accepting}", flush=True)
        codes = [one["code"] for one in json.loads((review / "survey.json").read_text("utf-8"))["prefectures"]]
        taken = options.codes or codes
        vigie("survey", "--accept", str(review), *taken, "--into", str(plugins), config=config, data=data)
        with config.open("a", encoding="utf-8") as settings:
            settings.write(f"[plugins]\nfolders = [{json.dumps(str(plugins))}]\n")
        print(f"\n{after}", flush=True)
        shown("table", "--coverage", *options.codes)
        print(f"\n{treated}")
        table = simulator.report().splitlines()
        print("\n".join((table[0], *table[-3:])))
    print(f"\n{to_open} {review / 'index.html'}")
    return 0 if code in (0, 3) else code


if __name__ == "__main__":
    raise SystemExit(main())
