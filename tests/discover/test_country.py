"""What discover finds of sites no declaration knows, against the table they were laid out from; then by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from monitor.discover.addresses import twin_key
from tests.discover.surveyed import Walked, counted, over_hand, over_seed
from tests.simulator.country.facts import laid_out

SITES = 24
GOAL = 0.95  # of each kind of page, of desks and of doors


@pytest.fixture(scope="module")
def laid() -> list[Walked]:
    return over_seed(2026, SITES)


@pytest.fixture(scope="module")
def by_hand() -> list[Walked]:
    return over_hand()


def test_the_table_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    assert laid_out(7) == laid_out(7)
    assert laid_out(7) != laid_out(8)


def test_the_table_holds_every_kind_of_difficulty() -> None:
    """A figure over a table that plants nothing hard would say nothing."""
    sites = laid_out(2026)
    assert len(sites) > 100
    assert {site.generation for site in sites} == {"dsfr", "ez", "spip"}
    assert {site.told for site in sites} == {"home", "tiles", "sitemap", "deep"}
    assert len({site.section.words for site in sites}) >= 12
    for difficult in (
        lambda site: site.medical and site.pages.get("appointment") and site.pages["appointment"].where == "beside",
        lambda site: site.neighbour,
        lambda site: site.moved and site.told == "home",
        lambda site: len(site.doors) > 1,
        lambda site: any(leaf.pdf for leaf in site.pages.values()),
        lambda site: any("imprimer" in leaf.words for leaf in site.pages.values()),
        lambda site: any(leaf.where == "inner" for leaf in site.pages.values()),
        lambda site: site.other_pan and site.doors,
    ):
        assert sum(1 for site in sites if difficult(site)) >= 3


@pytest.mark.parametrize("kind", ["foreigners", "pan", "appointment", "forms", "filing", "desk", "door"])
def test_most_of_each_kind_is_found(laid: Sequence[Walked], kind: str) -> None:
    found, planted = counted(laid)[kind]
    missed = [what for walk in laid for which, what in walk.missed() if which == kind]
    assert planted >= SITES // 3
    assert found >= planted - max(1, round(planted * (1 - GOAL))), missed


def test_no_desk_is_proposed_that_is_none(laid: Sequence[Walked], by_hand: Sequence[Walked]) -> None:
    assert [url for walk in (*laid, *by_hand) for url in walk.false()] == []


def test_what_serves_somebody_else_is_told_all_the_same(laid: Sequence[Walked], by_hand: Sequence[Walked]) -> None:
    """Left aside is not left out: a link met on a page is among those that are not proposed, with what it is."""
    told = 0
    for walk in (*laid, *by_hand):
        met = {twin_key(link.platform.url) for link in walk.found.desks}
        aside = {twin_key(link.platform.url) for link in walk.proposal.undeclared}
        others = {twin_key(url) for url in walk.planted.not_desks} & met
        assert others <= aside
        told += len(others)
    assert told >= 5


def test_the_sites_written_by_hand_are_found_whole(by_hand: Sequence[Walked]) -> None:
    assert [(walk.planted.host, *missed) for walk in by_hand for missed in walk.missed()] == []


def test_no_page_of_the_section_is_passed_over_in_silence(laid: Sequence[Walked]) -> None:
    """A page of the section was opened while pages could be, or it is named among those that were not."""
    for walk in laid:
        opened = {page.candidate.key for page in walk.found.pages} | {page.key for page in walk.found.pages}
        named = {one.key for one in walk.found.not_examined}
        section = twin_key(walk.planted.truth["foreigners"])
        (head,) = (page for page in walk.found.pages if page.key == section)
        assert set(head.leads_to) <= opened | named
        if walk.found.stopped is None:
            assert all(one.is_file for one in walk.found.not_examined if one.inside)
