"""What the installation says of itself."""

import json
import subprocess
import sys

from calcinet.apps.about import COMPONENTS, about
from tests.support.command_line import run


def test_info_tells_programs_what_there_is(capsys):
    """The keys are a contract."""
    assert run("info", "--json") == 0

    facts = json.loads(capsys.readouterr().out)
    assert facts["schema"] == "calcinet.record/1"
    assert facts["writes"][:5] == ["json", "html", "pdf", "png", "csv"]
    assert {"sr", "seg", "fhir"} <= {*facts["writes"]}
    assert facts["languages"] == ["en", "zh-Hant"]
    assert sorted(facts["exit_codes"]) == ["0", "1", "2", "3", "5"]
    assert all(facts["components"].values())


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
