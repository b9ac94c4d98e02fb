"""Check an installation without extras: what it writes, and what it says of each extra that is missing.

Run it with the Python of an environment that holds calcinet alone, as `make test-core` does; it needs nothing else. It
prints the size of the environment and a line for each command, and ends at the first thing that is not as it should be.

Exit codes: 0 all as it should be, 1 something is not.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]

CASE: Final = ROOT / "examples" / "case-report" / "case.yaml"

EXTRAS: Final = (
    "typst",
    "highdicom",
    "pynetdicom",
    "requests",
    "dicomanonymizer",
    "fhir",
    "pyarrow",
    "docx",
    "trimesh",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "fastapi",
    "uvicorn",
    "argon2",
)
"""Packages that the core must do without, as they are imported."""

FILM: Final = "calcinet-phantoms/phantom-3.dcm"
CT: Final = "ct/phantom-1"

LONGEST_S: Final = 300
"""Of one command. Our choice: many times what any takes."""

MEGABYTE: Final = 2**20

OF_A_FILM: Final = ("record.json", "masks/img-1.png", "report.html", "img-1.overlay.png", "measures.csv")
OF_A_CT: Final = ("record.json", "masks/img-1.nii.gz", "report.html", "img-1.overlay.png", "measures.csv")
OF_A_CASE: Final = ("record.json", "report.html", "measures.csv")
OF_THE_DEMO: Final = (
    *("record.json", "masks/img-1.png", "masks/img-2.png", "report.html", "img-1.overlay.png", "img-2.overlay.png"),
    *("measures.csv", "films/phantom-7-L.dcm", "films/phantom-8-R.dcm", "case.yaml"),
)

NO_PDF: Final = "Not written: pdf. To have it: pip install 'calcinet[pdf]'"


class NotAsExpected(Exception):
    """What a command did, and what it should have done."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that needs an extra which is not there."""

    command: str
    extras: str
    """As they stand in the line that installs them."""


REFUSALS: Final = (
    Refusal(f"examine {FILM} -o no --formats html,pdf", "pdf"),
    Refusal(f"examine {FILM} -o no --formats json,html,pdf,png,csv", "pdf"),
    Refusal(f"examine {FILM} -o no --formats parquet", "tables"),
    Refusal(f"examine {CT} -o no --formats html,gltf", "mesh"),
    Refusal(f"examine {FILM} -o no --formats fhir", "hospital"),
    Refusal(f"examine {FILM} -o no --formats seg", "hospital"),
    Refusal(f"examine {FILM} -o no --formats dicom", "hospital,pdf"),
    Refusal(f"examine {FILM} -o no --send dicom://PACS@localhost:4242", "hospital"),
    Refusal(f"send {FILM} --to dicom://PACS@localhost:4242 --outbox no", "hospital"),
    Refusal("casereport film -o no.docx", "docx"),
    Refusal("store list", "store"),
    Refusal("audit verify", "store"),
    Refusal("serve --data no", "serve"),
    Refusal("user list --data no", "serve"),
)


class Core:
    """The installed command in a folder of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self.environment = kept | {"HOME": str(place), "LC_ALL": "C.UTF-8", "CI": "true"}

    def run(self, command: str, expected: int = 0) -> subprocess.CompletedProcess[str]:
        """Run `calcinet COMMAND`; its exit code must be the one expected."""
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "calcinet", *command.split()],
            cwd=self.place,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        print(f"{time.monotonic() - start:5.1f} s  exit {done.returncode}  calcinet {command}", flush=True)
        if done.returncode != expected:
            raise NotAsExpected(f"exit {done.returncode} instead of {expected}: {done.stdout}{done.stderr}")
        return done

    def expect_files(self, folder: str, names: Sequence[str]) -> None:
        """Require just these files, none of them empty, and that the record lists them."""
        path = self.place / folder
        found = {str(file.relative_to(path)): file.stat().st_size for file in path.rglob("*") if file.is_file()}
        if set(found) != set(names) or not all(found.values()):
            raise NotAsExpected(f"{folder} should hold {sorted(names)}, and holds {found}")
        listed = self.read_json(f"{folder}/record.json")["files"]
        if set(listed) != set(names):
            raise NotAsExpected(f"the record of {folder} lists {listed}")

    def read_json(self, name: str) -> Any:
        """Read a file that was written."""
        return json.loads((self.place / name).read_text(encoding="utf-8"))


def check_environment() -> None:
    """Require that no extra is there and that the package is the installed one; print the size."""
    present = [name for name in EXTRAS if find_spec(name) is not None]
    if present:
        raise NotAsExpected(f"not the core alone: {', '.join(present)} can be imported")
    package = find_spec("calcinet")
    if package is None or not Path(str(package.origin)).is_relative_to(sys.prefix):
        raise NotAsExpected(f"calcinet is not installed in {sys.prefix}")
    blocks = {(file.stat().st_dev, file.stat().st_ino): file.stat().st_blocks for file in _list_files(Path(sys.prefix))}
    print(f"size of the environment: {sum(blocks.values()) * 512 / MEGABYTE:.0f} MB")


def check_words(core: Core) -> None:
    """What is said without a film."""
    about = json.loads(core.run("info --json").stdout)
    _require("missing" in core.run("info").stdout, "info says which packages are missing")
    _require(about["components"]["typst"] is None, "info knows that typst is missing")
    for what in ("record", "case"):
        _require("properties" in json.loads(core.run(f"schema {what}").stdout), f"a schema of the {what}")
    _require("question" in core.run(f"validate {CASE}").stdout, "validate lists questions")


def check_what_is_written(core: Core) -> None:
    """Phantoms, and what examine writes of a film, a CT and a case."""
    core.run("phantom --seed 3 --net --vessels --anatomy hand")
    core.run("phantom --kind ct --seed 1 --anatomy foot -o ct")

    said = core.run(f"examine {FILM} -o film").stdout
    _require(said.splitlines()[-1] == NO_PDF, f"the last line says that the PDF needs its extra; said: {said}")
    core.expect_files("film", OF_A_FILM)
    _require(core.read_json("film/record.json")["images"][0]["findings"], "something is found on the film")

    core.run(f"examine {CT} -o scan --quiet")
    core.expect_files("scan", OF_A_CT)

    said = core.run(f"examine --case {CASE} -o patient --lang zh-Hant").stdout
    _require("pip install 'calcinet[pdf]'" in said and NO_PDF not in said, f"the line in Chinese; said: {said}")
    core.expect_files("patient", OF_A_CASE)
    _require("鈣" in (core.place / "patient/report.html").read_text(encoding="utf-8"), "a page in Chinese")

    core.run("casereport film patient -o draft.md")
    _require((core.place / "draft.md").stat().st_size > 0, "a draft as Markdown")

    said = core.run("demo -o demo --no-open").stdout
    _require("pip install 'calcinet[pdf,tables,hospital]'" in said, f"what the demonstration left out; said: {said}")
    core.expect_files("demo", OF_THE_DEMO)


def check_refusals(core: Core) -> None:
    """Each extra that is missing: one sentence with the line that installs it, and nothing written."""
    for refusal in REFUSALS:
        said = core.run(refusal.command, expected=2)
        line = f"needs packages that are not installed: pip install 'calcinet[{refusal.extras}]'\n"
        if not said.stderr.endswith(line) or said.stderr.count("\n") != 1 or said.stdout:
            raise NotAsExpected(f"stderr should end with {line!r}: {said.stdout}{said.stderr}")
        if list(core.place.glob("no*")):
            raise NotAsExpected(f"something was written: {list(core.place.glob('no*'))}")
    _require("Nothing waits" in core.run("send --list").stdout, "what waits can be asked")


def main() -> int:
    """Check all of it in a folder that is removed."""
    try:
        check_environment()
        with TemporaryDirectory() as place:
            core = Core(Path(place))
            check_words(core)
            check_what_is_written(core)
            check_refusals(core)
    except (NotAsExpected, subprocess.TimeoutExpired) as wrong:
        print(f"core_alone: {wrong}", file=sys.stderr)
        return 1
    print("the core works alone")
    return 0


def _list_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def _require(holds: object, what: str) -> None:
    if not holds:
        raise NotAsExpected(f"should be: {what}")


if __name__ == "__main__":
    sys.exit(main())
