"""Prove that the same input gives the same bytes wherever it is examined: `python -m tools.same_bytes`.

A film, a CT, a mammogram and a bone scan, all phantoms, are each examined with a case in every format, and the film's
case report drafted; then again with one thing of the surroundings changed: one thread on one processor, another hash
seed of Python, files copied to another folder, another working folder and another output folder, another locale,
another time zone. Every file is compared with that of the first examination. Each examination is a process of its own.

The moment at which documents are made is given (SOURCE_DATE_EPOCH); nothing else is masked.

Exit codes: 0 the same, 1 something differs, 2 wrong usage.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tools.compare import difference, differing, digests

ROOT: Final = Path(__file__).resolve().parents[1]

FORMATS: Final = "json,html,pdf,png,csv,parquet,fhir,dicom"

FIRST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "SOURCE_DATE_EPOCH": "1700000000",
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONSAFEPATH": "1",
    }
)
"""Environment of the examinations that all others are compared with."""

GERMAN: Final = "de_DE"
"""Writes 0,5 for 0.5; tried where it is installed."""

LONGEST_S: Final = 900
"""Of one call. Our choice: many times what any takes."""

NAMED: Final = 4
"""Differing files of one examination that are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of image: the phantom that is made of it, and how it is examined."""

    name: str
    phantom: str
    """Words of `calcinet phantom`, with blanks between."""
    image: str
    case: str
    """Within the examples."""
    formats: str = FORMATS
    drafted: bool = False
    """Whether a case report is drafted, too."""


KINDS: Final = (
    Kind(
        name="film",
        phantom="--seed 3 --net --vessels --anatomy hand",
        image="phantom-3.dcm",
        case="case-report/case.yaml",
        drafted=True,
    ),
    Kind(
        name="ct",
        phantom="--kind ct --seed 1 --anatomy knee",
        image="phantom-1",
        case="invented/07-arterial-disease.yaml",
        formats=f"{FORMATS},gltf",
    ),
    Kind(
        name="mammogram",
        phantom="--kind mammogram --seed 1 --vessels",
        image="phantom-1.dcm",
        case="invented/08-breast.yaml",
    ),
    Kind(
        name="bone-scan", phantom="--kind bone-scan --seed 1 --net", image="phantom-1.dcm", case="case-report/case.yaml"
    ),
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is changed around an examination."""

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    one_processor: bool = False
    moved: bool = False
    """Whether the files lie, the program stands and the result goes elsewhere."""


class Unusable(Exception):
    """A call did not end well, so that nothing can be compared."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    names = [kind.name for kind in KINDS]
    parser = argparse.ArgumentParser(prog="python -m tools.same_bytes", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", action="append", choices=names, help="this kind of image; may be repeated")
    asked = parser.parse_args(arguments)
    differs = False
    try:
        for kind in KINDS:
            if not asked.only or kind.name in asked.only:
                for name, files, lines in same_bytes(kind, list_surroundings()):
                    print(f"{kind.name:12}{name:20}{files:4} files  {'differs' if lines else 'same'}", flush=True)
                    print("".join(f"    {line}\n" for line in lines), end="")
                    differs = differs or bool(lines)
    except Unusable as why:
        print(f"same_bytes: {why}", file=sys.stderr)
        return 1
    return 1 if differs else 0


def list_surroundings() -> list[Surroundings]:
    """What is tried on this machine."""
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_FOR_THREADS_NUM": "1"}
    tried = [
        Surroundings("one thread", alone, one_processor=True),
        Surroundings("hash seed 1", {"PYTHONHASHSEED": "1"}),
        Surroundings("other folders", moved=True),
        Surroundings("locale C", {"LC_ALL": "C"}),
        Surroundings("Hong Kong", {"TZ": "Asia/Hong_Kong"}),
    ]
    german = [name for name in _list_locales() if name.startswith(GERMAN)]
    return tried + [Surroundings(f"locale {name}", {"LC_ALL": name}) for name in german[:1]]


def same_bytes(kind: Kind, surroundings: Sequence[Surroundings]) -> Iterator[tuple[str, int, list[str]]]:
    """Examine one image in every surroundings.

    Yields
    ------
    name, number of files, lines
        Of each surroundings; a line for each file that differs.

    Raises
    ------
    Unusable
        If a call fails.
    """
    with tempfile.TemporaryDirectory(prefix="same-bytes-") as place:
        given, first = Path(place) / "given", Path(place) / "first"
        given.mkdir()
        _call(["phantom", *kind.phantom.split(), "-o", str(given)], given, Surroundings("first"))
        shutil.copy(ROOT / "examples" / kind.case, given / "case.yaml")
        before = _examine(kind, given, first, Surroundings("first"))
        for number, one in enumerate(surroundings):
            folder = Path(place) / "a folder" / str(number) if one.moved else Path(place) / str(number)
            after = _examine(kind, given, folder, one)
            parted = differing(digests(before), digests(after))
            lines = [f"{path}: {difference(path, before, after)}" for path in parted[:NAMED]]
            yield one.name, len(digests(before)), lines
            shutil.rmtree(folder)


def _examine(kind: Kind, given: Path, folder: Path, around: Surroundings) -> Path:
    """Examine an image and draft the report; the folder of what was written."""
    folder.mkdir(parents=True)
    written, out = folder / "written", "out"
    if around.moved:
        given = shutil.copytree(given, folder / "elsewhere")
        written, out = folder / "under" / "other names", "result"
    written.mkdir(parents=True)
    words = ["examine", str(given / kind.image), "--case", str(given / "case.yaml"), "--formats", kind.formats, "-q"]
    _call([*words, "-o", out], written, around)
    if kind.drafted:
        for ending in ("docx", "md"):
            _call(["casereport", out, "-o", f"{out}/draft.{ending}"], written, around)
    return written / out


def _call(words: Sequence[str], folder: Path, around: Surroundings) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "calcinet", *words],
        cwd=folder,
        env={**os.environ, **FIRST, **around.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        preexec_fn=_keep_one_processor if around.one_processor else None,
        check=False,
    )
    if ended.returncode:
        raise Unusable(f"{words[0]} with {around.name} ended with {ended.returncode}: {ended.stderr.strip()}")


def _keep_one_processor() -> None:
    """Let a process use one processor alone, where the system can."""
    set_affinity: Callable[[int, set[int]], None] | None = getattr(os, "sched_setaffinity", None)
    if set_affinity is not None:
        set_affinity(0, {min(os.sched_getaffinity(0))})


def _list_locales() -> list[str]:
    """The locales of this machine; none where it does not say."""
    program = shutil.which("locale")
    if program is None:
        return []
    return subprocess.run([program, "-a"], capture_output=True, text=True, check=False).stdout.split()


if __name__ == "__main__":
    sys.exit(main())
