"""The simulated country is served under the sites' real names: pages, documents, desks, addresses that moved."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.simulator.client import Simulator
from tests.simulator.country.pages import pdf
from tests.simulator.country.play import SEED, country, invented
from tests.simulator.server import SITES
from tests.simulator.walker import Walker

FACTS = invented(SEED)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with country(tmp_path_factory.mktemp("country"), time_scale=0.001) as simulator:
        yield simulator


def test_every_host_that_has_no_hand_made_site_is_laid_out() -> None:
    hosts = [site.host for site in FACTS]
    assert len(hosts) == len(set(hosts)) >= 85
    assert not [host for host in hosts if (SITES / host).is_dir()]


def test_pages_and_documents_of_a_site_are_served(served: Simulator) -> None:
    with Walker(served) as walker:
        for site in FACTS[:12]:
            for path in ("/", site.section.path, *(leaf.path for leaf in site.pages.values()), *site.documents):
                assert walker.get(f"https://{site.host}{path}").status_code == 200, (site.host, path)


def test_a_desk_bears_its_words(served: Simulator) -> None:
    own = [(site, link) for site in FACTS for link in site.desks if urlsplit(link.url).hostname == site.host]
    _, link = next((site, link) for site, link in own if "'" not in link.words)
    with Walker(served) as walker:
        assert link.words in walker.get(link.url).text


def test_a_moved_address_leads_to_today_s(served: Simulator) -> None:
    site = next(site for site in FACTS if site.moved)
    old, new = site.moved[0]
    with Walker(served) as walker:
        answer = walker.get(f"https://{site.host}{old}")
    assert answer.status_code in (301, 302)
    assert answer.headers["location"].endswith(new)


def test_a_document_is_the_same_bytes_for_the_same_lines() -> None:
    assert pdf(["Notice", "une ligne"]) == pdf(["Notice", "une ligne"])
    assert pdf(["Notice"]).startswith(b"%PDF")
