"""The catalogue: what it finds, what it refuses and in which words, how a person names a prefecture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.catalogue.catalogue import Catalogue, load
from monitor.core.errors import ConfigurationError, UsageError

SEEN = 'Provenance("site page", "2026-04", "confirmed_1")'
DESK = f"""Desk(
            slug="aes",
            label="AES Bobigny",
            procedure="aes",
            platform=EzBooking("www.val-doise.gouv.fr", 1),
            provenance={SEEN},
        )"""


def plugin(
    code: str = "95", slug: str = "val-doise", name: str = "Val-d'Oise", more: str = "", desks: str = f"{DESK},"
) -> str:
    return f'''"""A declaration."""

from monitor.api import DemarcheNumerique, Desk, EzBooking, Notice, Place, Prefecture, Provenance, date

PREFECTURE = Prefecture(
    code="{code}",
    slug="{slug}",
    name="{name}",
    office="Préfecture",
    site="https://www.{slug}.gouv.fr",
    provenance={SEEN},
    desks=(
        {desks}
    ),
    {more}
)
'''


def with_desk(old: str, new: str) -> str:
    """A plugin whose only desk has one part replaced."""
    assert old in DESK
    return plugin(desks=DESK.replace(old, new, 1) + ",")


def with_notice(slug: str = "p", kind: str = "pan", url: str = "https://www.val-doise.gouv.fr/p") -> str:
    return plugin(more=f'notices=(Notice(slug="{slug}", kind="{kind}", url="{url}", provenance={SEEN}),),')


def write(folder: Path, text: str, name: str = "d95_val_doise.py") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str, name: str = "d95_val_doise.py") -> str:
    with pytest.raises(ConfigurationError) as refused:
        load(write(folder, text, name))
    return str(refused.value)


FAULTY = [
    (plugin(more='phonne="01 34 20 95 95",'), ["line 5", 'Prefecture has no field "phonne"', '"phone"']),
    (with_desk("procedure", "procedur"), ["line 13", 'Desk has no field "procedur"', '"procedure"']),
    (with_desk('label="AES Bobigny",', ""), ["Desk needs 'label'"]),
    (with_desk("EzBooking", "EzBoking"), ['monitor.api has no "EzBoking"', '"EzBooking"']),
    (plugin().replace("import DemarcheNumerique", "import Desks"), ['monitor.api has no "Desks"', '"Desk"']),
    (plugin() + ")", ["line 23", "unmatched ')'"]),
    (with_desk('procedure="aes"', 'procedure="renewall"'), ['desk "aes"', '"renewall"', '"renewal"']),
    (with_desk("slug=", 'also=("renewall",), slug='), ['desk "aes"', '"renewall"', '"renewal"']),
    (plugin(desks=f"{DESK}, {DESK},"), ['slug "aes" is given to 2']),
    (with_desk('slug="aes"', 'slug="AES Bobigny"'), ["lower-case words joined by hyphens"]),
    (with_desk('"AES Bobigny"', '" "'), ["empty label"]),
    (plugin(desks=DESK), ["desks is not a tuple", "comma"]),
    (plugin(desks="EzBooking('www.val-doise.gouv.fr', 1),"), ["desks holds something else than Desk"]),
    (with_desk("confirmed_1", "guess"), ['desk "aes"', "guess"]),
    (with_desk("confirmed_1", "confirmed_1_stale"), ['desk "aes"', "retired"]),
    (with_desk("confirmed_1", "confirmd_1"), ['"confirmd_1"', '"confirmed_1"']),
    (with_desk('"2026-04"', '"04/2026"'), ['"04/2026" is no ISO']),
    (with_desk('"site page"', '""'), ["names no source"]),
    (with_desk("www.val-doise.gouv.fr", "www.rdv-titre.com"), ["www.rdv-titre.com"]),
    (
        with_desk('"www.val-doise.gouv.fr", 1', '"www.rdv.ain.gouv.fr", 804'),
        ['desk "aes"', "booking/create/804", "commission médicale du permis de conduire", "2026-11-29"],
    ),
    (with_desk("slug=", 'pattern="(", slug='), ["pattern is no regular expression"]),
    (with_desk('EzBooking("www.val-doise.gouv.fr", 1)', '"EzBooking"'), ["platform is not one"]),
    (plugin(desks=""), ["no_desk"]),
    (plugin(desks="", more='no_desk="Rien de connu.",'), ["searched_on"]),
    (plugin(more='no_desk="Rien de connu.", searched_on=date(2026, 11, 21),'), ["no_desk is given although"]),
    (plugin(more='time_zone="Europe/Bobigny",'), ['time_zone "Europe/Bobigny" is unknown']),
    (plugin(more='naturalisation_platform="rhone",'), ['"rhone" is no code']),
    (plugin(more='phone="01 34 20 95 95",'), ["contact_provenance"]),
    (plugin(more=f'emails=("x@free.fr",), contact_provenance={SEEN},'), ['"x@free.fr" is no mailbox']),
    (plugin(more=f'emails="x@val-doise.gouv.fr", contact_provenance={SEEN},'), ["emails is not a tuple"]),
    (with_notice(slug="aes"), ['slug "aes" is given to 2']),
    (with_notice(kind="pam"), ['"pam"', '"pan"']),
    (with_notice(url="mailto:x@val-doise.gouv.fr"), ["no web address"]),
    (plugin(more=f'places=(Place(kind="pan", access=("fax",), provenance={SEEN}),),'), ['access "fax" is unknown']),
    (plugin(code="20"), ['code "20"']),
    (plugin(code="93"), ["must be called d93_val_doise.py"]),
    (plugin(slug="cergy").replace("www.cergy", "www.val-doise"), ["must be called d95_cergy.py"]),
    (plugin().replace("PREFECTURE =", "PREFECTUR ="), ["PREFECTURE = Prefecture(...)"]),
]


@pytest.mark.parametrize(("text", "words"), FAULTY, ids=lambda part: part[-1] if isinstance(part, list) else "")
def test_a_faulty_plugin_is_refused_in_one_sentence_that_names_the_file(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    said = refusal(tmp_path, text)
    assert said.startswith(str(tmp_path / "d95_val_doise.py"))
    assert "\n" not in said
    for word in words:
        assert word in said


def test_a_naive_opening_is_refused(tmp_path: Path) -> None:
    desk = DESK.replace("slug=", 'opening=("ouvre le 3", datetime(2026, 12, 3, 9)), slug=')
    text = plugin(desks=desk + ",").replace("from monitor.api", "from datetime import datetime\n\nfrom monitor.api")
    assert "opening needs an instant with a time zone" in refusal(tmp_path, text)


def test_a_sound_plugin_is_loaded_from_a_folder_without_touching_the_path(tmp_path: Path) -> None:
    before = list(sys.path), set(sys.modules)
    write(tmp_path, plugin())
    (tmp_path / "notes.py").write_text("raise RuntimeError('not a plugin')", encoding="utf-8")
    (prefecture,) = load(tmp_path).prefectures
    assert (prefecture.code, prefecture.zone.key) == ("95", "Europe/Paris")
    assert sys.path == before[0]
    assert not {name for name in set(sys.modules) - before[1] if "val_doise" in name}


def test_a_retired_desk_may_be_stale_and_leaves_none_to_visit(tmp_path: Path) -> None:
    desk = DESK.replace("confirmed_1", "confirmed_1_stale").replace("slug=", "retired=date(2023, 12, 8), slug=")
    more = 'no_desk="Retiré.", searched_on=date(2026, 11, 21),'
    (prefecture,) = load(write(tmp_path, plugin(desks=desk + ",", more=more))).prefectures
    assert len(prefecture.desks) == 1
    assert prefecture.active_desks == ()


def test_two_folders_may_not_declare_one_code(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one", plugin()), write(tmp_path / "two", plugin())
    with pytest.raises(ConfigurationError, match=r'two/d95_val_doise\.py: code "95" is already declared in .*one/'):
        load(one, two)


def test_a_folder_takes_the_place_of_a_package_and_faults_may_be_collected(tmp_path: Path) -> None:
    folder = write(tmp_path, plugin())
    (declared,) = load("prefectures", folder).select(["95"])
    assert declared == load(folder).find("95")
    (folder / "d33_gironde.py").write_text("PREFECTURE = None\n", encoding="utf-8")
    faulty: dict[str, str] = {}
    assert load("prefectures", folder, faulty=faulty).find("33").name == "Gironde"
    assert list(faulty) == [str(folder / "d33_gironde.py")]
    with pytest.raises(ConfigurationError, match=r"d33_gironde\.py: the module's body"):
        load("prefectures", folder)


def test_a_folder_without_a_plugin_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "95_val_doise.py").write_text("", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="no plugin here"):
        load(tmp_path)


def test_an_empty_folder_awaits_its_first_plugin(tmp_path: Path) -> None:
    assert load("prefectures", tmp_path).prefectures == load("prefectures").prefectures


def test_plugins_come_in_the_order_of_the_codes(catalogue: Catalogue) -> None:
    assert [one.code for one in catalogue.prefectures] == ["01", "21", "2A", "95", "971"]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("plugins")
    also = DESK.replace("slug=", 'also=("renewal",), slug=')
    retired = DESK.replace("slug=", "retired=date(2026, 3, 7), slug=").replace('"aes"', '"old"', 1)
    for code, slug, name, desks in (
        ("971", "guadeloupe", "Guadeloupe", DESK),
        ("95", "val-doise", "Val-d'Oise", f"{also}, {retired}"),
        ("21", "cote-dor", "Côte-d'Or", DESK.replace('procedure="aes"', 'procedure="collection"')),
        ("2A", "corse-du-sud", "Corse-du-Sud", DESK),
        ("01", "ain", "Ain", DESK),
    ):
        write(folder, plugin(code, slug, name, desks=desks + ","), f"d{code.lower()}_{slug.replace('-', '_')}.py")
    return load(folder)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("95", "95"),
        ("d95", "95"),
        ("val-doise", "95"),
        ("Val-d'Oise", "95"),
        ("VAL D’OISE", "95"),
        ("d95_val_doise", "95"),
        (" 2a ", "2A"),
        ("2A", "2A"),
        ("corse du sud", "2A"),
        ("Cote-d'Or", "21"),
        ("1", "01"),
        ("01", "01"),
        ("971", "971"),
    ],
)
def test_a_prefecture_is_found_by_code_slug_module_or_name(catalogue: Catalogue, name: str, code: str) -> None:
    assert catalogue.find(name).code == code


def test_an_unknown_name_is_answered_with_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r'No préfecture is called "val-doize"; did you mean "val-doise"\?'):
        catalogue.find("val-doize")
    with pytest.raises(UsageError, match="vigie list"):
        catalogue.find("99")


@given(name=st.text(max_size=12))
def test_any_text_finds_a_prefecture_or_is_a_usage_error(catalogue: Catalogue, name: str) -> None:
    try:
        assert catalogue.find(name) in catalogue.prefectures
    except UsageError as refused:
        assert name in str(refused)  # noqa: PT017 - either outcome is right, nothing else is


def test_selecting_keeps_the_order_and_names_each_once(catalogue: Catalogue) -> None:
    assert [one.code for one in catalogue.select(["971", "ain", "01"])] == ["01", "971"]
    assert catalogue.select() == catalogue.prefectures


def test_desks_are_selected_by_procedure_and_never_retired(catalogue: Catalogue) -> None:
    def chosen(*names: str, procedures: tuple[str, ...] = ()) -> list[str]:
        return [f"{one.code}/{desk.slug}" for one, desk in catalogue.desks(names, procedures)]

    assert chosen() == ["01/aes", "21/aes", "2A/aes", "95/aes", "971/aes"]
    assert chosen(procedures=("collection",)) == ["21/aes"]
    assert chosen(procedures=("renewal", "collection")) == ["21/aes", "95/aes"]
    assert chosen("ain", procedures=("renewal",)) == []
    with pytest.raises(UsageError, match=r'No procedure is called "renewall"; did you mean "renewal"\?'):
        catalogue.desks(procedures=["renewall"])


def test_declarations_load_no_parser_and_no_client() -> None:
    heavy = "{'lxml', 'bs4', 'httpx', 'dns', 'asyncio', 'difflib', 'phonenumbers'}"
    code = f"import sys, monitor.catalogue.catalogue as c; c.load('prefectures'); print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
