"""The conditions of capture: what planted machines are said to be, and that nothing missing is invented or fatal."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from monitor.core.record import ClockState, Sources, canonical
from monitor.fetch import clock as timekeeping
from monitor.run.wiring import settings_digest
from monitor.settings.settings import load
from monitor.sweep.conditions import machine, surroundings
from monitor.sweep.conditions.conditions import ConditionFacts, boot_id, conditions
from monitor.sweep.conditions.sources import SourceDigests, commit, rule_files, tree_digest

SECRET = "hunter2-of-the-proxy"
ROOT_FILES = {
    "proc/cpuinfo": "processor : 0\nmodel name : Planted CPU 3000\n",
    "proc/meminfo": "MemTotal:       2048000 kB\nMemFree: 1 kB\n",
    "proc/sys/kernel/random/boot_id": "0f-boot\n",
    "proc/self/cmdline": "/usr/bin/python3\0-m\0monitor\0run\0--data\0/home/jeanne/vigie\0--token=" + SECRET + "\0",
    f"proc/{os.getppid()}/comm": "cron\n",
    "proc/net/route": (
        "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
        "eth7\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
        "eth7\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    ),
    "proc/net/if_inet6": "20010db8000000000000000000000007 02 40 00 80 eth7\n",
    "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
    "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nHOME_URL="x"\n',
    "etc/debian_version": "12.11\n",
    "var/lib/dpkg/status": "",
    "etc/resolv.conf": "# ours\nsearch lan\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n",
    "etc/hosts": "127.0.0.1 localhost\n192.0.2.66 www.Val-Doise.gouv.fr # planted\n#192.0.2.67 www.ain.gouv.fr\n",
    "sys/class/dmi/id/sys_vendor": "QEMU\n",
    "sys/class/dmi/id/product_name": "Standard PC\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine of made-up files."""
    for name, content in ROOT_FILES.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    os.utime(tmp_path / "root/var/lib/dpkg/status", (1_790_000_000, 1_790_000_000))
    (tmp_path / "root/etc/localtime").symlink_to("/usr/share/zoneinfo/Indian/Reunion")
    return tmp_path / "root"


def told(root: Path, environ: Mapping[str, str] | None = None, **facts: Any) -> dict[str, Any]:
    """`conditions` of a planted machine, known to be fit for a canonical line."""
    made = conditions(
        ConditionFacts(version="1.2.3", command="run", **facts),
        root=root,
        environ=environ or {},
        chronyc=str(root / "chronyc"),
    )
    assert json.loads(canonical(made)) == made
    return made


# --- the whole --------------------------------------------------------------------------------------------------------


def test_a_machine_is_described_by_its_own_files(root: Path) -> None:
    made = told(root, operator="Association X", contact="ops@example.org", dist_sha256="ab" * 32)
    assert made["program"] == {"version": "1.2.3", "dist_sha256": "ab" * 32}
    assert made["operator"] == {"name": "Association X", "contact": "ops@example.org"}
    assert (made["processor"]["model"], made["processor"]["memory_kb"]) == ("Planted CPU 3000", 2048000)
    assert made["firmware"] == {"sys_vendor": "QEMU", "product_name": "Standard PC"}
    assert made["boot_id"] == boot_id(root) == "0f-boot"
    assert made["system"]["pretty_name"] == "Debian GNU/Linux 12 (bookworm)"
    assert made["debian"] == {"version": "12.11", "packages_changed": "2026-09-21T14:13:20.000000Z"}
    assert made["packages"]["httpx"].count(".") == 2
    assert made["place"]["time_zone"] == "Indian/Reunion"
    assert made["default_routes"] == [{"interface": "eth7", "gateway": "192.0.2.1"}]
    assert "2001:db8::7" in made["interfaces"]["eth7"]
    assert "simulated" not in made
    assert told(root, simulated=True)["simulated"] is True


def test_packages_are_those_the_standard_library_finds() -> None:
    found = {re.sub("[-_.]+", "-", one.name).lower(): one.version for one in distributions()}
    assert machine.packages() == found


def test_a_package_installed_from_an_old_source_is_listed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Old_One-1.2.egg-info", "older-0.9-py3.11.egg-info", "New.one-3.dist-info", "nameless.egg-info"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    assert machine.packages() == {"old-one": "1.2", "older": "0.9", "new-one": "3"}


def test_the_machines_number_is_not_published(root: Path) -> None:
    made = told(root)
    number = ROOT_FILES["etc/machine-id"].strip()
    assert number not in json.dumps(made)
    assert made["machine_id_sha256"] == hashlib.sha256(f"vigie-prefectures:{number}".encode()).hexdigest()
    (root / "etc/machine-id").write_text("another\n", encoding="utf-8")
    assert told(root)["machine_id_sha256"] != made["machine_id_sha256"]


def test_values_of_the_command_line_never_stand_there(root: Path) -> None:
    made = told(root)
    assert made["process"]["command_line"] == ["python3", "-m", "monitor", "run", "--data", "…", "--token"]
    assert made["process"]["parent"] == "cron"
    assert SECRET not in json.dumps(made)
    assert "jeanne" not in json.dumps(made)


def test_the_real_command_line_is_what_the_kernel_has() -> None:
    words = Path("/proc/self/cmdline").read_bytes().split(b"\0")
    assert machine.process("run")["command_line"][0] == os.path.basename(words[0]).decode()


def test_an_empty_machine_is_described_by_what_is_absent(tmp_path: Path) -> None:
    made = told(tmp_path)
    missing = {one["what"] for one in made["absent"]}
    assert {"processor", "firmware", "machine_id_sha256", "boot_id", "system", "debian", "resolver", "hosts_file",
            "default_routes", "chrony", "process"} <= missing  # fmt: skip
    assert not missing & set(made)
    assert all(one["why"].startswith("FileNotFoundError: ") for one in made["absent"])
    assert made["python"]["version"]
    assert boot_id(tmp_path) is None


@pytest.mark.parametrize("name", [n for n in ROOT_FILES if n != "var/lib/dpkg/status"])
@pytest.mark.parametrize("damage", [b"", b"\xff\xfe\x00", b"=\n:\n= = =\n", b"x " * 30 + b"\n" * 3])
def test_odd_files_stop_nothing(root: Path, name: str, damage: bytes) -> None:
    (root / name).write_bytes(damage)
    assert told(root)["program"] == {"version": "1.2.3"}


# --- network ----------------------------------------------------------------------------------------------------------


def test_no_proxy_is_said_and_a_proxy_is_named_without_its_value(root: Path) -> None:
    assert told(root)["proxies"] == {"none": True, "variables": [], "schemes": [], "used": False}
    made = surroundings.proxies({"HTTPS_PROXY": f"http://me:{SECRET}@proxy.lan"}, {"https": f"http://me:{SECRET}@p"})
    assert made == {"none": False, "variables": ["HTTPS_PROXY"], "schemes": ["https"], "used": False}
    assert surroundings.proxies({"no_proxy": "localhost"}, {"no": "localhost"})["none"] is True


def test_the_hosts_file_must_not_name_a_site(root: Path) -> None:
    made = told(root, hosts=["www.val-doise.gouv.fr", "www.ain.gouv.fr"])["hosts_file"]
    assert made["targets_listed"] == ["www.val-doise.gouv.fr"]
    assert made["targets_not_listed"] is False
    assert made["sha256"] == hashlib.sha256(ROOT_FILES["etc/hosts"].encode()).hexdigest()
    assert told(root, hosts=["www.ain.gouv.fr"])["hosts_file"]["targets_not_listed"] is True


def test_the_name_servers_are_the_systems_and_those_of_the_settings(root: Path) -> None:
    made = told(root, nameservers=["9.9.9.9"])["resolver"]
    assert made["servers"] == ["192.0.2.53", "2001:db8::53"]
    assert made["settings"] == ["9.9.9.9"]


def test_the_source_address_is_the_one_the_kernel_would_use() -> None:
    assert surroundings.source_addresses(["127.0.0.1"]) == ["127.0.0.1"]
    assert "127.0.0.1" in surroundings.interfaces()["lo"]
    with pytest.raises(OSError, match="no route"):
        surroundings.source_addresses([])


def test_trusted_authorities_are_named_without_the_folder_of_a_person(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "jeanne" / "ours" / "ca.pem"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PEM")
    assert told(root, ca_file=file)["certificates"] == {
        "file": "ours/ca.pem",
        "sha256": hashlib.sha256(b"PEM").hexdigest(),
    }
    assert told(root)["certificates"]["file"] == "certifi/cacert.pem"


# --- clock ------------------------------------------------------------------------------------------------------------


def test_the_kernel_says_how_the_clock_is_kept() -> None:
    told_now = timekeeping.kernel_clock()
    assert 0 <= told_now["state"] <= 5
    assert told_now["max_error_us"] >= 0
    assert told_now["synchronised"] or told_now["state"] == 5, "an unsynchronised clock is TIME_ERROR (adjtimex(2))"
    state = timekeeping.clock_state()
    assert isinstance(state, ClockState)
    assert (state.synchronised, state.source) == (told_now["synchronised"], "adjtimex")


def test_a_machine_without_adjtimex_has_no_clock_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timekeeping, "_libc", lambda: object())
    assert timekeeping.clock_state() is None


TRACKING = (
    "C0000235,192.0.2.35,2,1795417622.123456789,-0.000012500,0.000001,0.000002,-13.125,0.001,0.5,0.010,0.002,64.5,{}"
)


def planted_chronyc(folder: Path, answer: str, code: int = 0) -> str:
    script = folder / "chronyc"
    script.write_text(f"#!/bin/sh\n[ \"$*\" = '-n -c tracking' ] || exit 9\necho '{answer}'\nexit {code}\n")
    script.chmod(0o755)
    return str(script)


def test_chrony_is_asked_where_it_runs(tmp_path: Path) -> None:
    made = timekeeping.chrony(planted_chronyc(tmp_path, TRACKING.format("Normal")))
    assert (made["server"], made["stratum"], made["synchronised"]) == ("192.0.2.35", 2, True)
    assert (made["offset_ns"], made["root_delay_ns"], made["frequency_ppb"]) == (-12500, 10_000_000, -13125)
    assert canonical(made)
    unsure = timekeeping.chrony(planted_chronyc(tmp_path, TRACKING.format("Not synchronised")))
    assert unsure["synchronised"] is False


@pytest.mark.parametrize(
    ("answer", "code"), [("506 Cannot talk to daemon", 1), ("only,three,words", 0), (TRACKING.replace("2,", "x,"), 0)]
)
def test_a_chrony_that_does_not_answer_is_absent(root: Path, answer: str, code: int) -> None:
    planted_chronyc(root, answer, code)
    made = told(root)
    assert "chrony" not in made
    assert "chrony" in {one["what"] for one in made["absent"]}


# --- sources ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    (folder / "deep" / "__pycache__").mkdir(parents=True)
    (folder / "a.py").write_text("A = 1\n")
    (folder / "deep" / "b c.toml").write_text("b = 2\n")
    (folder / "deep" / "__pycache__" / "a.pyc").write_bytes(b"\0")
    return folder


def test_the_programs_digest_can_be_made_in_a_shell(package: Path) -> None:
    command = "find pack -type f ! -path '*/__pycache__/*' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum"
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run([shell, "-c", command], cwd=package.parent, capture_output=True, text=True, check=True)
    assert tree_digest([package]) == done.stdout.split()[0]


@pytest.mark.parametrize("name", ["a.py", "deep/b c.toml"])
def test_any_changed_source_changes_the_digest(package: Path, name: str) -> None:
    before = tree_digest([package])
    (package / name).write_text("other\n")
    assert tree_digest([package]) != before


def test_a_rule_is_the_reader_and_all_it_reads_with() -> None:
    eapp, ez = (
        set(rule_files("monitor.read.platforms.eappointment")),
        set(rule_files("monitor.read.platforms.ez_booking")),
    )
    assert {"monitor.read.platforms.ez_booking", "monitor.read.platforms.ez_page", "monitor.read.pages.obstacles",
            "monitor.read.pages.waf"} <= ez  # fmt: skip
    assert "monitor.read.platforms.ez_page" not in eapp
    assert not any(name.startswith("monitor.read.notices.") for name in ez)
    assert {"monitor.read.notices.facts", "monitor.read.notices.pan"} <= set(rule_files("monitor.read.notices.visit"))


def test_digests_are_computed_once_a_sweep(package: Path, tmp_path: Path) -> None:
    plugin, table = tmp_path / "d95.py", tmp_path / "rules.toml"
    plugin.write_text("P = 1\n")
    table.write_text("t = 1\n")
    module = "monitor.read.platforms.eappointment"
    plugins, data = {"95": str(plugin), "01": str(tmp_path / "absent.py")}, {module: {"rules.toml": table}}
    digests = SourceDigests([package], plugins, data)
    first = digests.of(module, "95")
    assert first.program == tree_digest([package])
    assert first.plugin == hashlib.sha256(b"P = 1\n").hexdigest()
    plugin.write_text("P = 2\n")
    table.write_text("t = 2\n")
    assert digests.of(module, "95") == first
    again = SourceDigests([package], plugins, data).of(module, "95")
    assert again.program == first.program
    assert again.plugin != first.plugin
    assert again.rule != first.rule
    assert digests.of("monitor.read.platforms.none_such", "01") == Sources(program=first.program)
    assert digests.of("no_such_package.rule", "2A") == Sources(program=first.program)


COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize("how", ["branch", "packed", "detached", "worktree", "pip"])
def test_the_commit_of_the_sources_is_told_wherever_they_came_from(tmp_path: Path, how: str) -> None:
    package, git = tmp_path / "tree/monitor", tmp_path / "tree/.git"
    package.mkdir(parents=True)
    if how == "pip":
        told = tmp_path / "tree/vigie_prefectures-1.0.dist-info/direct_url.json"
        told.parent.mkdir()
        told.write_text(json.dumps({"url": "https://x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}))
    elif how == "worktree":
        main = tmp_path / "main/.git"
        (main / "worktrees/one").mkdir(parents=True)
        (main / "refs/heads").mkdir(parents=True)
        git.write_text(f"gitdir: {main / 'worktrees/one'}\n")
        (main / "worktrees/one/HEAD").write_text("ref: refs/heads/one\n")
        (main / "worktrees/one/commondir").write_text("../..\n")
        (main / "refs/heads/one").write_text(f"{COMMIT}\n")
    else:
        (git / "refs/heads").mkdir(parents=True)
        (git / "HEAD").write_text(f"{COMMIT}\n" if how == "detached" else "ref: refs/heads/main\n")
        if how == "branch":
            (git / "refs/heads/main").write_text(f"{COMMIT}\n")
        elif how == "packed":
            (git / "packed-refs").write_text(f"# pack-refs\n{COMMIT} refs/heads/main\n")
    assert commit(package) == COMMIT


def test_no_commit_is_invented(tmp_path: Path) -> None:
    (tmp_path / "monitor").mkdir()
    assert commit(tmp_path / "monitor") is None
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/none\n")
    assert commit(tmp_path / "monitor") is None
    (tmp_path / ".git/HEAD").write_text("not a commit\n")
    assert commit(tmp_path / "monitor") is None


def test_commit_settings_and_public_address_stand_in_it_where_they_are_known(root: Path) -> None:
    address = {"echo": "echo.example.org", "address": "203.0.113.7", "provider": "Hébergeur"}
    made = told(root, commit=COMMIT, settings_sha256="ab" * 32, public_address=address)
    assert made["program"]["commit"] == COMMIT
    assert (made["settings_sha256"], made["public_address"]) == ("ab" * 32, address)
    bare = told(root)
    assert not {"settings_sha256", "public_address"} & bare.keys()
    assert "commit" not in bare["program"]


def test_the_settings_digest_changes_with_what_decides_and_not_with_a_secret(tmp_path: Path) -> None:
    def of(text: str) -> str:
        (tmp_path / "monitor.toml").write_text(text)
        return settings_digest(load(str(tmp_path / "monitor.toml"), None, {}, tmp_path))

    plain = of("")
    assert re.fullmatch("[0-9a-f]{64}", plain)
    assert of("[operator]\nname = 'Ligue'") == plain
    assert of("[watch]\nprefectures = ['95']") != plain
    assert of("[pace]\nspacing_seconds = 2.5") != plain
