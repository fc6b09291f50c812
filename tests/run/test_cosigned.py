"""A run has the log cosigned by the witness of the settings, once a day, and says aloud when the log was cut."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from monitor.evidence.checkpoint import cosigned_at
from monitor.evidence.key import LogSigner, verify_signature
from monitor.evidence.witness.daily import cosignatures
from tests.simulator.fixture import in_process
from tests.support.commands import Vigie, settings
from tests.support.sweeps import SCALE
from tests.support.witness import LoopbackWitness, witnessing

CHECKS = [
    f"95/{slug}" for slug in ("renouvellement-cergy", "renouvellement-vpf-sarcelles", "examen-situation-sarcelles")
]


def test_a_run_is_cosigned_and_a_log_that_was_cut_is_a_warning(tmp_path: Path) -> None:
    with in_process(tmp_path / "ca", "--time-scale", str(SCALE)) as simulator:
        witness = LoopbackWitness([])
        with witnessing(witness) as url:
            more = f'[witness]\nurl = "{url}"\nkey = "{witness.key}"\n'
            vigie = Vigie(tmp_path / "data", settings(tmp_path, simulator, more=more))
            unknown = vigie("check", CHECKS[0], "--json", "--verbose")
            key = LogSigner(vigie.data / "keys").key
            assert unknown.returncode == 0, "a witness that fails stops nothing"
            assert str(key) in unknown.stderr, "what its operator must be given"
            (line,) = [one for one in vigie("doctor").stdout.splitlines() if str(key) in one]
            assert line.strip().startswith("→ ")

            shutil.copytree(vigie.data, tmp_path / "older")
            (vigie.data / "evidence" / "stamps.json").unlink()  # an hour goes by
            witness.logs.append(key)
            told = vigie.json("check", CHECKS[1])
            assert told["witness"]["name"] == witness.name
            (kept,) = cosignatures(vigie.data / "evidence")
            assert cosigned_at(kept.note(), witness.key, verify_signature) is not None
            assert witness.name in vigie("doctor").stdout
            again = vigie.json("check", CHECKS[2])
            assert again["witness"] is None, "once a day"

            shutil.rmtree(vigie.data)
            shutil.copytree(tmp_path / "older", vigie.data)
            (vigie.data / "evidence" / "stamps.json").unlink()
            witness.seen[key.name] = type(witness.seen[key.name])(origin=key.name, size=99, root=bytes(32))
            cut = vigie("check", CHECKS[1], "--json")
            (line,) = [json.loads(one) for one in cut.stderr.splitlines()]
            assert (line["level"], line["event"], line["trouble"]) == ("WARNING", "witness_failed", "ahead")
            assert cut.returncode == 0
