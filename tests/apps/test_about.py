"""What the installation says of itself."""

import hashlib
import json
import subprocess
import sys

import pytest

from calcinet import weights_manifest
from calcinet.apps.about import COMPONENTS, about
from calcinet.protocols import PROTOCOLS
from calcinet.weights_manifest import WEIGHTS
from tests.support.command_line import run


def test_info_tells_programs_what_there_is(capsys):
    """The keys are a contract."""
    assert run("info", "--json") == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["schema"] == "calcinet.record/1"
    assert facts["writes"][:5] == ["json", "html", "pdf", "png", "csv"]
    assert {"sr", "seg", "fhir"} <= {*facts["writes"]}
    assert facts["languages"] == ["en", "zh-Hant"]
    assert sorted(facts["exit_codes"]) == ["0", "1", "2", "3", "4", "5"]
    assert all(facts["components"].values())


def test_info_tells_which_weights_mark_images_of_each_modality(capsys):
    """By the digest of the file itself; of a CT and of a bone scan none."""
    run("info", "--json")
    by_modality = {}
    for entry in json.loads(capsys.readouterr().out)["weights"]:
        by_modality.update(dict.fromkeys(entry["modalities"], entry))

    assert sorted(by_modality) == sorted(PROTOCOLS)
    assert by_modality["CT"]["name"] is by_modality["NM"]["name"] is None
    for modality, name in {"DX": "radiograph", "CR": "radiograph", "MG": "mammogram"}.items():
        entry = by_modality[modality]
        assert (entry["name"], entry["state"]) == (name, "as tested")
        assert entry["sha256"] == hashlib.sha256((WEIGHTS / f"{name}.onnx").read_bytes()).hexdigest()
        assert entry["trained_for"]


@pytest.mark.parametrize(("content", "state"), [(None, "missing"), (b"other", "altered")])
def test_weights_that_cannot_be_used_are_told(content, state, tmp_path, monkeypatch, capsys):
    """For people, too."""
    (tmp_path / "radiograph.sha256").write_text(64 * "1" + "  radiograph.onnx", "ascii")
    if content is not None:
        (tmp_path / "radiograph.onnx").write_bytes(content)
    monkeypatch.setattr(weights_manifest, "WEIGHTS", tmp_path)
    run("info")

    assert f"  CR, DX  radiograph, 111111111111, {state}: calcified arteries" in capsys.readouterr().out


def test_info_tells_people_the_same(capsys):
    """One line a fact."""
    assert run("info") == 0
    assert "Decision support for research; not a diagnosis." in capsys.readouterr().out


def test_info_loads_nothing_heavy():
    """It answers in under 0.3 s because none of these is imported (typer itself brings pydantic)."""
    code = (
        "import sys; from calcinet.apps.cli import main\n"
        "try: main(['info', '--json'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'scipy', 'cv2', 'skimage', 'pydicom', 'jinja2', 'matplotlib', 'PIL'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"


def test_a_component_that_is_not_installed_has_no_version(monkeypatch):
    """The others keep theirs."""
    monkeypatch.setattr("calcinet.apps.about.COMPONENTS", ("numpy", "no-such-package"))

    components = about()["components"]

    assert components["no-such-package"] is None
    assert components["numpy"][0].isdigit()
    assert "numpy" in COMPONENTS
