"""Nothing leaves the machine, and nothing is left on it but what was asked for."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.partners import need

ROOT = Path(__file__).resolve().parents[1]

LISTENED_S = 12
"""Our choice: the telemetry of onnxruntime 1.32, where it may speak, looks up its host within 4 s of being loaded."""

PLACES = {
    "HOME": "home",
    "TMPDIR": "tmp",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_RUNTIME_DIR": "run",
}
"""Where programs leave what nobody asked for; a folder of each."""

EXAMINE_AND_STAY = """
import sys, time
import calcinet
assert calcinet.examine(sys.argv[1]).examined
time.sleep(float(sys.argv[2]))
"""

SERVE_AND_STAY = """
import sys, time
from pathlib import Path
from tests.support.servers import Server, await_state, send_films
server = Server(Path("data")).start()
Path("port").write_text(server.url.rpartition(":")[2])
client = server.client(server.add_user("ng", "editor"))
await_state(client, send_films(client, {"film.dcm": Path(sys.argv[1]).read_bytes()}), "done")
time.sleep(float(sys.argv[2]))
server.stop()
"""


QUICK = (
    "--version",
    "info",
    "schema",
    f"validate {ROOT / 'examples' / 'case-report' / 'case.yaml'}",
    "new-case case.yaml",
    "send --list",
    "send",
)
"""Commands that examine nothing and were not told to send, as they are typed."""


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of a user whose folders are all empty."""
    folders = {name: tmp_path / "user" / folder for name, folder in PLACES.items()}
    for folder in folders.values():
        folder.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "PYTHONPATH")}
    return kept | {name: str(folder) for name, folder in folders.items()} | {"PYTHONDONTWRITEBYTECODE": "1"}


@pytest.fixture
def film(tmp_path, elsewhere):
    """A generated hand."""
    _calcinet(tmp_path, elsewhere, "phantom", "--anatomy", "hand", "-o", "films")
    return tmp_path / "films" / "phantom-0.dcm"


def _calcinet(folder, environment, *words):
    subprocess.run(
        [sys.executable, "-m", "calcinet", *words], cwd=folder, env=environment, capture_output=True, check=True
    )


def _type_listening(folder, environment, words):
    """Type one command after the other; calls that name an address of a network."""
    typed = " && ".join(f"{sys.executable} -m calcinet {each}" for each in words)
    return _list_addresses(folder, environment, ["sh", "-c", typed])


def _list_addresses(folder, environment, command):
    """Calls of a command and its children that name an address of a network."""
    need(shutil.which("strace"), "strace (Debian: strace)")
    trace = folder / "trace"
    watch = ["strace", "-f", "-o", str(trace), "-e", "trace=connect,sendto,sendmsg,sendmmsg"]
    subprocess.run([*watch, *command], cwd=folder, env=environment, capture_output=True, check=True)
    assert "exited with 0" in trace.read_text()
    return [line for line in trace.read_text().splitlines() if re.search(r"\bAF_INET6?\b", line)]


def _left(folder):
    """Every file and folder of the user that was not there before."""
    given = set(PLACES.values())
    left = (path.relative_to(folder / "user").as_posix() for path in (folder / "user").rglob("*"))
    return sorted(path for path in left if path not in given)


def test_an_examination_leaves_nothing_but_its_folder(film, elsewhere, tmp_path):
    """No cache, no identifier, no temporary file, whatever is written, and no look-up; nor a draft from its record."""
    formats = "json,html,pdf,png,csv,parquet,fhir,dicom"
    words = (f"examine {film} -o out --formats {formats}", "casereport out -o draft.docx")

    assert _type_listening(tmp_path, elsewhere, words) == []
    assert _left(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["draft.docx", "films", "out", "trace", "user"]


def test_other_commands_leave_nothing(film, elsewhere, tmp_path):
    """`phantom` made the film."""
    assert _type_listening(tmp_path, elsewhere, QUICK) == []
    assert _left(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case.yaml", "films", "trace", "user"]


@pytest.mark.slow
def test_an_examination_speaks_to_no_network(film, elsewhere, tmp_path):
    """Nothing that the process and its children send goes to an address of a network, a name server's included."""
    examine = [sys.executable, "-c", EXAMINE_AND_STAY, str(film), str(LISTENED_S)]

    assert _list_addresses(tmp_path, elsewhere, examine) == []


@pytest.mark.slow
def test_a_server_speaks_to_nobody_but_those_who_ask_it(film, elsewhere, tmp_path):
    """It and its workers, while a film is sent and examined; who asks names its port."""
    need(find_spec("uvicorn"), "the extra serve")
    environment = elsewhere | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    serve = [sys.executable, "-c", SERVE_AND_STAY, str(film), str(LISTENED_S)]
    named = _list_addresses(tmp_path, environment, serve)
    asked = f"htons({(tmp_path / 'port').read_text()})"

    assert named
    assert [line for line in named if asked not in line] == []
    assert _left(tmp_path) == []


def test_a_look_up_would_be_seen(elsewhere, tmp_path):
    """By what listens to the commands."""
    look_up = [sys.executable, "-c", "import socket; socket.socket(type=2).connect(('127.0.0.1', 53))"]

    assert len(_list_addresses(tmp_path, elsewhere, look_up)) == 1


def test_the_telemetry_is_off_before_onnxruntime_is_loaded_and_a_users_word_stays(elsewhere):
    """For children, too: it stands in the environment that they inherit."""
    ask = "import os, calcinet.findings.onnx_model; print(os.environ['ORT_DISABLE_TELEMETRY'])"

    def told(**more):
        return subprocess.run([sys.executable, "-c", ask], env=elsewhere | more, capture_output=True, check=True).stdout

    assert told() == b"1\n"
    assert told(ORT_DISABLE_TELEMETRY="true") == b"true\n"


def test_onnxruntime_is_imported_in_one_place():
    """Another place might be first, and then the telemetry speaks."""
    folders = ("src", "benchmarks", "tools", "tests")
    modules = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    found = [path for path in modules if re.search(r"^\s*(import|from) onnxruntime\b", path.read_text(), re.MULTILINE)]

    assert [path.name for path in found] == ["onnx_model.py"]
