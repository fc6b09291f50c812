"""Every `vigie` command that the pages for contributors show is one the program accepts."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from monitor.cli.parser import build

ROOT = Path(__file__).resolve().parents[2]
SHOWN = [
    (file, found[1])
    for file in ("CONTRIBUTING.md", "docs/ADDING-A-PLATFORM.md")
    for found in re.finditer(r"(?:^|`)vigie ([^`\n]+)", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize(("file", "words"), SHOWN)
def test_it_is_accepted(file: str, words: str) -> None:
    argv = shlex.split(words.partition(" > ")[0])
    build().parse_args(argv if len(argv) > 1 or argv == ["health"] else [*argv, "33/x"])
    assert len(SHOWN) > 8
