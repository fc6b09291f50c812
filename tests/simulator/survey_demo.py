"""`make survey-demo`: a survey of the country against the simulator, offline: what one person runs in an afternoon.

Says what it will take, surveys, is run again to show that nothing is asked twice, and prints how politely the simulator
was treated and where the review page is. Opens nothing.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from monitor.cli import language
from tests.simulator.demo import national, played_settings, vigie
from tests.simulator.fixture import ROOT

WORDS = {
    "fr": (
        "Démonstration hors ligne : un simulateur de cette machine joue chaque site. Rien ici n'est lu sur le web.",
        "La même commande encore une fois : rien n'est redemandé dans la journée.",
        "Comment le simulateur a été traité (attentes divisées par l'échelle de temps ; dernière ligne : la somme) :",
        "À ouvrir dans un navigateur :",
    ),
    "en": (
        "Offline demonstration: a simulator on this machine plays every site. Nothing here is read on the web.",
        "The same command once more: nothing is asked again within the day.",
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
    about, again, treated, to_open = WORDS[language([], os.environ)]
    data, review = options.folder / "data", options.folder / "review"
    print(about)
    with tempfile.TemporaryDirectory() as name, national(Path(name)) as simulator:
        config = played_settings(Path(name), simulator)
        words = ("survey", *options.codes)
        print(f"\n$ vigie {' '.join(words)} --dry-run", flush=True)
        vigie(*words, "--dry-run", config=config, data=data)
        print(f"\n$ vigie {' '.join(words)}", flush=True)
        code = vigie(*words, "--out", str(review), config=config, data=data)
        print(f"\n{again}\n$ vigie {' '.join(words)}", flush=True)
        vigie(*words, "--out", str(review), config=config, data=data)
        print(f"\n{treated}")
        table = simulator.report().splitlines()
        print("\n".join((table[0], *table[-3:])))
    print(f"\n{to_open} {review / 'index.html'}")
    return 0 if code in (0, 3) else code


if __name__ == "__main__":
    raise SystemExit(main())
