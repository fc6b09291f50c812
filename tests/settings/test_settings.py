"""Settings: what is found, what is refused and in which words, and that no text at all does anything else."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from monitor.core.errors import ConfigurationError
from monitor.core.pace import FLOOR, SPACING
from monitor.settings import readers
from monitor.settings import settings as module
from monitor.settings.migrate import migrated
from monitor.settings.readers import Secret
from monitor.settings.settings import Settings, effective, load, parse
from monitor.settings.tables import key
from tests.support.commands import Vigie

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config" / "monitor.example.toml"


def settings(toml: str, folder: Path = ROOT) -> Settings:
    return parse(toml, folder / "monitor.toml", Path("data"))


def refusal(toml: str, folder: Path = ROOT) -> str:
    with pytest.raises(ConfigurationError) as caught:
        settings(toml, folder)
    return str(caught.value)


# --- where settings come from -----------------------------------------------------------------------------------------


def test_no_file_means_the_defaults_and_says_so(tmp_path: Path) -> None:
    found = load(None, None, {}, tmp_path)
    assert found.source is None
    assert found == Settings(data=tmp_path / "data")


def named(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'[operator]\nname = "{file.stem}"\n', encoding="utf-8")
    return file


def test_the_option_goes_before_the_variable_and_that_before_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(tmp_path / "option.toml")
    environment = {"VIGIE_CONFIG": str(named(tmp_path / "variable.toml"))}
    own = named(tmp_path / "checkout" / "config" / "monitor.toml")
    monkeypatch.setattr(module, "checkout", lambda: tmp_path / "checkout")
    assert load("option.toml", None, environment, tmp_path).operator.name == "option"
    assert load(None, None, environment, tmp_path).operator.name == "variable"
    assert load(None, None, {"VIGIE_CONFIG": ""}, tmp_path).source == own


def test_the_system_file_is_the_last_resort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = named(tmp_path / "etc.toml")
    monkeypatch.setattr(module, "SYSTEM_FILE", system)
    for own in (None, tmp_path / "checkout without settings"):
        monkeypatch.setattr(module, "checkout", lambda own=own: own)
        assert load(None, None, {}, tmp_path).source == system


def test_settings_of_the_working_folder_are_not_read_unless_they_are_named(tmp_path: Path) -> None:
    near = named(tmp_path / "config" / "monitor.toml")
    found = load(None, None, {}, tmp_path)
    assert found.source != near
    assert found.passed_over == near
    for option, environment in (("config/monitor.toml", {}), (None, {"VIGIE_CONFIG": str(near)})):
        found = load(option, None, environment, tmp_path)
        assert (found.source, found.passed_over) == (near, None)


def test_a_variable_that_would_mean_another_file_in_each_folder_is_refused(tmp_path: Path) -> None:
    named(tmp_path / "config" / "monitor.toml")
    with pytest.raises(ConfigurationError, match=f"write it from the root of the disk, as {tmp_path}/config"):
        load(None, None, {"VIGIE_CONFIG": "config/monitor.toml"}, tmp_path)


def test_the_checkout_this_runs_from_is_found_whatever_the_working_folder() -> None:
    assert module.checkout() == Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("option", "environment"),
    [("absent.toml", {}), (None, {"VIGIE_CONFIG": "/absent.toml"})],
    ids=["option", "variable"],
)
def test_a_named_file_that_is_absent_is_an_error(
    tmp_path: Path, option: str | None, environment: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.toml cannot be read: there is no such file"):
        load(option, None, environment, tmp_path)


def test_the_data_folder_is_named_by_option_variable_or_default(tmp_path: Path) -> None:
    environment = {"VIGIE_DATA": "/var/lib/vigie"}
    assert load(None, "here", environment, tmp_path).data == tmp_path / "here"
    assert load(None, None, environment, tmp_path).data == Path("/var/lib/vigie")
    assert load(None, None, {}, tmp_path).data == tmp_path / "data"


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('[operator]\nname = "préfecture"\n'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"latin\.toml is not UTF-8"):
        load("latin.toml", None, {}, tmp_path)


# --- what is refused, and in which words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[wacth]", ["unknown table [wacth]", "[watch]"]),
        ("contact = 'a@b.fr'", ["unknown table [contact]"]),
        ("watch = 3", ['"watch" is a table', "[watch]"]),
        ("[pace]\ncalendar_minute = 30", ["[pace] has no key calendar_minute", "calendar_minutes"]),
        ("[pace]\ncalendar_minutes = 9", ["[pace] calendar_minutes = 9", "a whole number from 10"]),
        ("[pace]\ncalendar_minutes = 20.0", ["[pace] calendar_minutes = 20.0", "a whole number"]),
        ("[pace]\ncalendar_minutes = true", ["calendar_minutes = True", "a whole number"]),
        ("[pace]\nspacing_seconds = 0.99", ["spacing_seconds = 0.99", "a number from 1.0"]),
        ("[pace]\nspacing_seconds = nan", ["spacing_seconds = nan", "a number from 1.0"]),
        ("[pace]\nnotice_hours = 0", ["notice_hours = 0", "a whole number from 1"]),
        ("[operator]\ncontact = 'somebody'", ["contact = 'somebody'", "an e-mail address"]),
        ("[operator]\ncontact = 'http://example.org'", ["https://"]),
        ("[operator]\ncontact = 'a@b.fr) evil('", ["an e-mail address"]),
        ("[operator]\nname = 5", ["name = 5", "a line of text"]),
        ('[operator]\nname = "a\\nb"', ["a line of text"]),
        ("[watch]\nprefectures = [95]", ["prefectures = [95]", "in quotes"]),
        ("[watch]\nprefectures = '95'", ["a list in brackets"]),
        ("[watch]\nprocedures = ['renewel']", ["procedures = ['renewel']", '"renewal"']),
        ("[probes]\nhosts = ['https://www.wikipedia.org/']", ["at least two different hosts"]),
        ("[probes]\nhosts = ['https://a.fr/x', 'https://A.fr/y']", ["at least two different hosts"]),
        ("[probes]\nhosts = ['http://a.fr/', 'https://b.fr/']", ["https://"]),
        ("[probes]\ndns = 'not a name'", ["a host name"]),
        ("[resolver]\nservers = ['dns.example']", ["IP addresses"]),
        ("[retention]\nmonths = 0", ["[retention] months = 0", "a whole number from 1"]),
        ("[retention]\nmonths = 2.5", ["months = 2.5", "a whole number"]),
        ("[retention]\nmonth = 24", ["[retention] has no key month", "months"]),
        ("[simulation]\naddress = '192.0.2.1:443'\nca_file = 'x'", ["an address of this machine"]),
        ("[simulation]\naddress = '127.0.0.1'", ["with its port"]),
        ("[simulation]\naddress = '127.0.0.1:70000'", ["with its port"]),
        ("[simulation]\naddress = '127.0.0.1:8443'", ["needs both address and ca_file"]),
        ("[simulation]\nca_file = 'absent.pem'", ["a file that exists"]),
        ("[simulation]\ntime_scale = 0.02", ["in a simulation only"]),
        ("[simulation]\ntime_scale = 0", ["a number from 0.001 to 1.0"]),
        ("[plugins]\nfolders = ['absent']", ["folders that exist"]),
        ("[operator]\nname = 'a'\nname = 'b'\n", ["is not TOML", "line 3"]),
        ("[operator\n", ["is not TOML", "line 1"]),
        ("[" * 100_000, ["is not TOML"]),
        ("[pace]\ncalendar_minutes = " + "9" * 5000, ["is not TOML"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_what_would_do(toml: str, words: list[str]) -> None:
    sentence = refusal(toml)
    assert str(ROOT / "monitor.toml") in sentence
    for word in words:
        assert word in sentence


def test_the_floors_are_those_of_the_pace() -> None:
    settings(f"[pace]\ncalendar_minutes = {FLOOR.seconds // 60}\nspacing_seconds = {SPACING}")
    refusal(f"[pace]\ncalendar_minutes = {FLOOR.seconds // 60 - 1}")
    refusal(f"[pace]\nspacing_seconds = {SPACING - 0.001}")


def test_paths_are_relative_to_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ca.pem").touch()
    toml = (
        "[plugins]\nfolders = ['ours']\n[simulation]\naddress = '127.0.0.2:8443'\nca_file = 'ca.pem'\ntime_scale = 0.02"
    )
    found = settings(toml, tmp_path)
    assert found.plugins.folders == (tmp_path / "ours",)
    assert (found.simulation.address, found.simulation.ca_file) == ("127.0.0.2:8443", tmp_path / "ca.pem")


@pytest.mark.parametrize("contact", ["", "veille@example.org", "https://example.org/vigie?a=1", "a+b@sub.example.org"])
def test_a_contact_that_sites_can_use_is_kept_as_it_is(contact: str) -> None:
    assert settings(f"[operator]\ncontact = '{contact}'").operator.contact == contact


# --- secrets ----------------------------------------------------------------------------------------------------------


def test_a_secret_is_never_printed() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "hunter2"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    password: Secret | None = key(None, readers.secret)  # noqa: RUF009


def test_a_secret_comes_from_the_environment_or_a_file_and_shows_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TABLES", {"mail": _Mail})
    monkeypatch.setenv("VIGIE_TEST_PASSWORD", "hunter2")
    (tmp_path / "password").write_text("hunter3\n", encoding="utf-8")
    source = tmp_path / "monitor.toml"
    for toml, value in (("{ env = 'VIGIE_TEST_PASSWORD' }", "hunter2"), ("{ file = 'password' }", "hunter3")):
        mail = module._table("mail", {"password": tomllib.loads(f"p = {toml}")["p"]}, source)
        assert isinstance(mail, _Mail)
        assert mail.password is not None
        assert mail.password.reveal() == value
        assert "hunter" not in repr(mail)
    for wrong in ("'hunter4'", "{ env = 'VIGIE_ABSENT' }", "{ file = 'absent' }", "{ env = 'A', file = 'hunter4' }"):
        sentence = refusal(f"[mail]\npassword = {wrong}", tmp_path)
        assert "hunter4" not in sentence
        assert "VIGIE_ABSENT" not in sentence, "it may be the secret, in the wrong place"
        assert {"{ env = 'VIGIE_ABSENT' }": "is not", "{ file = 'absent' }": "cannot"}.get(wrong, "itself") in sentence


def test_effective_settings_are_plain_and_masked(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    found = effective(settings("[plugins]\nfolders = ['ours']\n[watch]\nprefectures = ['95']", tmp_path))
    assert found["plugins"] == {"folders": [str(tmp_path / "ours")]}
    assert found["watch"] == {"prefectures": ["95"], "procedures": [], "deadline_minutes": 25.0}
    assert found["simulation"] == {"address": "", "ca_file": None, "time_scale": 1.0}
    assert module._plain(Secret("hunter2")) == readers.MASK


# --- the example, and every text --------------------------------------------------------------------------------------


def test_the_example_names_every_key_and_shows_the_defaults() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert settings(text) == Settings(source=ROOT / "monitor.toml")
    uncommented = re.sub(r"(?m)^#(?=\[|[a-z_]+ = )", "", text)
    (example,) = settings(uncommented).timestamps.authority
    assert {f.name for f in fields(example) if getattr(example, f.name)} == {"name", "url", "roots", "crls"}
    none_named = re.sub(r"(?ms)^\[\[timestamps\.authority\]\]\n.*?(?=^\[)", "", uncommented)
    assert settings(none_named) == Settings(source=ROOT / "monitor.toml")
    tables = tomllib.loads(uncommented)
    assert {t: set(keys) for t, keys in tables.items()} == {t: set(keys) for t, keys in effective(Settings()).items()}
    assert [f.name for f in fields(Settings)][: len(tables)] == list(tables)


def test_presets_are_the_default_until_an_authority_is_named_or_a_list_given(tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_text("x", encoding="utf-8")
    own = '[[timestamps.authority]]\nname = "a"\nurl = "http://h/"\nroots = "roots.pem"\n'
    old = '[timestamps]\nauthorities = ["a http://h/ roots.pem"]\n'
    simulated = '[simulation]\naddress = "127.0.0.1:8443"\nca_file = "roots.pem"\n'
    for text, expected in {
        "": ("digicert", "sectigo"),
        "[timestamps]\npresets = []\n": (),
        '[timestamps]\npresets = ["sectigo"]\n': ("sectigo",),
        own: (),
        old: (),
        f'[timestamps]\npresets = ["digicert"]\n{own}': ("digicert",),
        simulated: (),
        f'{simulated}[timestamps]\npresets = ["digicert"]\n': (),
    }.items():
        assert settings(text, tmp_path).timestamps.presets == expected, text
    with pytest.raises(ConfigurationError, match="digicert, sectigo"):
        settings('[timestamps]\npresets = ["digisert"]\n')


def test_a_witness_is_named_with_its_key_over_https_or_on_this_machine() -> None:
    key = "example.com/w1+6b1d0b3a+BD4AAAAA"
    for url in ("https://witness.example/", "http://127.0.0.1:8080/w", "http://localhost"):
        assert settings(f'[witness]\nurl = "{url}"\nkey = "{key}"\n').witness.url == url.rstrip("/")
    for url in ("http://witness.example", "http://127.0.0.1.example/", "ftp://localhost", "https:// x"):
        with pytest.raises(ConfigurationError, match="https://"):
            settings(f'[witness]\nurl = "{url}"\nkey = "{key}"\n')
    for text in ('[witness]\nurl = "https://w.example"\n', f'[witness]\nkey = "{key}"\n'):
        with pytest.raises(ConfigurationError, match="both url and key"):
            settings(text)
    with pytest.raises(ConfigurationError, match="verifier key"):
        settings('[witness]\nurl = "https://w.example"\nkey = "none"\n')


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
_KNOWN = {table: sorted(keys) for table, keys in effective(Settings()).items()}


@st.composite
def _files(draw: st.DrawFn) -> dict[str, object]:
    """Mostly well-named tables and keys with any value, so that every reader meets every type."""
    tables = draw(st.lists(st.sampled_from(sorted(_KNOWN)), max_size=3))
    return {table: {key: draw(_VALUES) for key in draw(st.lists(st.sampled_from(_KNOWN[table])))} for table in tables}


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case str():
            return '"' + "".join(f"\\U{ord(c):08x}" if not 0xD800 <= ord(c) < 0xE000 else "?" for c in value) + '"'
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in value.items()) + "}"
    return '""'


@tried(suppress_health_check=[HealthCheck.too_slow])  # the first draw builds Unicode tables
@given(_files())
def test_any_value_gives_settings_or_one_sentence(file: dict[str, dict[str, object]]) -> None:
    toml = "\n".join(
        f"[{table}]\n" + "\n".join(f"{key} = {_toml(value)}" for key, value in keys.items())
        for table, keys in file.items()
    )
    with suppress(ConfigurationError):
        assert isinstance(settings(toml), Settings)


@given(st.text())
def test_any_text_gives_settings_or_one_sentence(toml: str) -> None:
    with suppress(ConfigurationError):
        assert isinstance(settings(toml), Settings)


def test_importing_settings_is_cheap() -> None:
    code = "import sys; import monitor.settings.settings; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"tomllib", "difflib", "json", "sqlite3", "asyncio"} & set(loaded.split())


def test_an_authority_may_bring_its_revocation_lists(tmp_path: Path) -> None:
    table = {"name": "essai", "url": "http://tsa.example/", "roots": "roots.pem"}
    plain = readers.authority(table, tmp_path)
    assert (plain.roots, plain.crls) == (tmp_path / "roots.pem", None)
    listed = readers.authority(table | {"crls": "crls.pem"}, tmp_path)
    assert (listed.roots, listed.crls) == (tmp_path / "roots.pem", tmp_path / "crls.pem")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"roots": 3}, "name, url, roots"),
        ({"root": "a.pem"}, "name, url, roots"),
        ({"url": "tsa.example"}, "http"),
        ({"name": "Essai"}, "lower-case"),
    ],
)
def test_an_authority_that_is_not_sound_says_what_is_wanted(more: dict[str, object], says: str) -> None:
    table = {"name": "essai", "url": "http://tsa.example/", "roots": "roots.pem"} | more
    with pytest.raises(ValueError, match=says):
        readers.authority(table, Path())


OLD = """# our own notes
[operator]
contact = "ops@example.org"  # who answers

[timestamps]
# the qualified one first
authorities = ["qualifiee https://tsa.example/q q.pem", "simple http://tsa.example/s s.pem crls.pem"]

[pace]
notice_hours = 48
"""


def test_the_settings_of_version_0_1_are_read_and_said_to_be_old(tmp_path: Path) -> None:
    found = parse(OLD, tmp_path / "monitor.toml", tmp_path)
    assert [(one.name, one.url, one.crls) for one in found.timestamps.authority] == [
        ("qualifiee", "https://tsa.example/q", None),
        ("simple", "http://tsa.example/s", tmp_path / "crls.pem"),
    ]
    assert found.outdated == {"[timestamps] authorities": "[[timestamps.authority]]"}


def test_an_older_file_is_rewritten_with_its_comments_and_says_the_same(tmp_path: Path) -> None:
    new = migrated(OLD)
    assert "authorities =" not in new
    assert all(words in new for words in ("# our own notes", "# who answers", "# the qualified one first"))
    was, now = (parse(text, tmp_path / "monitor.toml", tmp_path) for text in (OLD, new))
    assert (effective(was), now.outdated) == (effective(now), {})
    assert migrated(new) == new, "what is up to date is left alone"


def test_comments_inside_the_old_list_go_to_the_table_of_their_line() -> None:
    old = """[timestamps]
authorities = [
  "a http://a.example a#1.pem",  # "first", beside
  # above the second
  'b http://b.example b.pem', # beside the second
  # below all
]
[watch]
prefectures = ["95"]
"""
    new = migrated(old)
    first, second = new.split("[[timestamps.authority]]")[1:]
    assert first.split("\n")[1:3] == ['# "first", beside', 'name = "a"']
    assert second.split("\n")[1:5] == ["# above the second", "# beside the second", "# below all", 'name = "b"']
    assert second.endswith('roots = "b.pem"\n\n[watch]\nprefectures = ["95"]\n')


def test_the_command_keeps_what_the_file_said_before(tmp_path: Path) -> None:
    file = tmp_path / "monitor.toml"
    file.write_text(OLD, encoding="utf-8")
    file.chmod(0o640)
    vigie = Vigie(tmp_path / "data", file, env={"VIGIE_LANG": "en"})
    assert "config migrate" in vigie("config", "check").stderr, "though the roots are not there"
    assert "+[[timestamps.authority]]" in vigie("config", "migrate", "--dry-run").stdout
    assert file.read_text(encoding="utf-8") == OLD
    done = vigie("config", "migrate")
    assert (done.returncode, file.with_name("monitor.toml.before").read_text(encoding="utf-8")) == (0, OLD)
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == (migrated(OLD), 0o640)
    assert "up to date" in vigie("config", "migrate").stdout
