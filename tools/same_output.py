"""Prove that the checkout writes what a revision writes, byte for byte: `python -m tools.same_output REVISION`.

Both trees generate the same phantoms and examine the same studies through the command line, each call a process of its
own with the tree's `src` first on its path. Every file is compared, and what each call says on stdout and stderr and
its exit code too, which stand in `said/` of each study. Each call must give the exit code that tools.studies expects of
it. The phantoms of both trees are compared; both trees then examine those of the revision.

Nothing is left out of the comparison and no field is masked. One thing is the same for both trees that would not be by
itself: the clock stands still (tools/frozen), for DICOM objects and the FHIR bundle without --anonymous say when they
were made, and so do the properties and the entries of a .docx. Hash seeds, identifiers and random numbers are left as
they are: whatever depends on them would show as a difference, as it does between two runs of one tree. Language, time
zone and width of the terminal are fixed.

What the revision wrote is kept in `.same-output/`, so that the next call runs the checkout alone; it is made anew where
calls, Python or packages have changed. What the checkout wrote last stays in `.same-output/checkout/`. The results of a
revision hold for one machine: processors may round differently. One run at a time in a checkout: a second would write
over the first.

Exit codes: 0 the same, 1 something differs, 2 wrong usage.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from tools.compare import difference, differing, digests
from tools.studies import PHANTOMS, STUDIES, Command, Study, make_inputs

ROOT: Final = Path(__file__).resolve().parents[1]

CACHE: Final = ROOT / ".same-output"

CLOCK: Final = "sitecustomize.py"
"""What Python runs before all else where it is found."""

STOPPED: Final = (Path(__file__).resolve().parent / "frozen" / CLOCK).read_text("utf-8")
"""Read once, so that a change of the checkout during a run changes nothing of the run."""

FIXED: Final = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1", "PYTHONSAFEPATH": "1"}
"""Environment of every call."""

NAMED: Final = 5
"""Differing files of one study that are printed. Our choice: the rest is in the folders."""

LONGEST_S: Final = 600
"""Of one call. Our choice: many times what any takes."""


class Unusable(Exception):
    """The comparison cannot be made, and why."""


@dataclass(frozen=True, slots=True)
class Tree:
    """One version of the code and where its studies are written."""

    name: str
    src: Path
    clock: Path
    """Folder with what stops the clock."""
    written: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a study of both trees compares."""

    name: str
    files: int
    """Compared: those of either tree."""
    lines: tuple[str, ...]
    """One for each file that differs, and each call with an exit code that was not expected."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    asked = _make_parser().parse_args(arguments)
    if asked.list:
        print("\n".join(study.name for study in (*PHANTOMS, *STUDIES)))
        return 0
    try:
        outcomes = same_output(asked.revision, only=asked.only, jobs=asked.jobs)
    except Unusable as why:
        print(f"same_output: {why}", file=sys.stderr)
        return 2
    print("\n".join(_summarise(outcomes)))
    return 1 if any(outcome.lines for outcome in outcomes) else 0


def same_output(revision: str, *, only: Sequence[str] = (), jobs: int = 2) -> list[Outcome]:
    """Compare every study, or those named, of a revision with the checkout.

    Raises
    ------
    Unusable
        If there is no such revision or study, or a tree does not run its own code.
    """
    chosen = _choose(only)
    commit = _find_commit(revision)
    with tempfile.TemporaryDirectory(prefix="same-output-") as temporary:
        trees = Path(temporary)
        base = Tree(commit[:12], trees / "base" / "src", trees / "clock", CACHE / commit[:12])
        new = Tree("checkout", trees / "checkout" / "src", trees / "clock", CACHE / "checkout")
        base.clock.mkdir()
        (base.clock / CLOCK).write_text(STOPPED, "utf-8")
        _extract(commit, trees / "base")
        shutil.copytree(ROOT / "src", new.src, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.rmtree(new.written, ignore_errors=True)
        given = _prepare(base, trees / "base" / "examples", jobs)
        _run_all(base, chosen, given, jobs)
        _run_all(new, chosen, given, jobs)
    return [_compare(study, base, new) for study in chosen]


def _make_parser() -> argparse.ArgumentParser:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m tools.same_output", description=__doc__.splitlines()[0])
    parser.add_argument("revision", nargs="?", default="HEAD", help="any that git knows; HEAD where not given")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this study; may be repeated")
    parser.add_argument("--jobs", type=int, default=2, help="calls at the same time; 2 where not given")
    parser.add_argument("--list", action="store_true", help="list the studies and stop")
    return parser


def _find_commit(revision: str) -> str:
    found = _run_git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found.returncode:
        raise Unusable(f"git knows no revision {revision!r}")
    return found.stdout.decode().strip()


def _run_git(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, check=False)


def _choose(only: Sequence[str]) -> list[Study]:
    every = {study.name: study for study in (*PHANTOMS, *STUDIES)}
    unknown = [name for name in only if name not in every]
    if unknown:
        raise Unusable(f"no study {', '.join(unknown)}; there are: {', '.join(every)}")
    return [study for name, study in every.items() if name in only or not only]


def _extract(commit: str, folder: Path) -> None:
    archived = _run_git("archive", commit, "src", "examples")
    if archived.returncode:
        raise Unusable(f"git could not write out {commit[:12]}: {archived.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(archived.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _prepare(base: Tree, examples: Path, jobs: int) -> Path:
    """Generate the phantoms of the revision and what is made from them; returns the folder that studies are given."""
    _run_all(base, PHANTOMS, None, jobs)
    given = base.written / "in"
    maker = Path(sys.modules[make_inputs.__module__].__file__ or "").read_text("utf-8")
    key = _make_digest(maker, *(_make_key(study) for study in PHANTOMS))
    if _read(given / "key") != key:
        shutil.rmtree(given, ignore_errors=True)
        make_inputs(base.written, examples, given / "made")
        for study in PHANTOMS:
            (given / study.name).symlink_to(Path("..") / study.name)
        (given / "key").write_text(key)
    return given


def _run_all(tree: Tree, studies: Sequence[Study], given: Path | None, jobs: int) -> None:
    """Run studies that are not kept; the keys of those that are given files hold the key of the files."""
    extra = () if given is None else (_read(given / "key"),)
    open_ones = [study for study in studies if not _is_kept(tree, study, extra)]
    if not open_ones:
        return
    _check_tree(tree)
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        running = [pool.submit(_run, tree, study, given, extra) for study in open_ones]
        for one in running:
            one.result()


def _is_kept(tree: Tree, study: Study, extra: Sequence[str]) -> bool:
    """Phantoms of a revision are there before its other studies are asked for, under a key without files."""
    own = () if study in PHANTOMS else extra
    return _read(_find_key_file(tree, study)) == _make_key(study, *own)


def _check_tree(tree: Tree) -> None:
    """Refuse to compare where the code that would run is not that of the tree."""
    asked = "import calcinet, time; print(calcinet.__file__, time.time() == time.time())"
    told = subprocess.run(
        [sys.executable, "-c", asked], env=_make_environment(tree), capture_output=True, text=True, check=False
    )
    expected = f"{tree.src / 'calcinet' / '__init__.py'} True"
    if told.stdout.strip() != expected:
        raise Unusable(f"{tree.name} would not run its own code with the clock stopped: {told.stdout}{told.stderr}")


def _run(tree: Tree, study: Study, given: Path | None, extra: Sequence[str]) -> None:
    """Run the calls of a study in a folder of its own, which is there once all have ended."""
    began = time.monotonic()
    folder = tree.written / study.name
    partial = tree.written / f"{study.name}.partial"
    for earlier in (folder, partial):
        shutil.rmtree(earlier, ignore_errors=True)
    (partial / "said").mkdir(parents=True)
    if given is not None:
        (partial / "in").symlink_to(given)
    for number, command in enumerate(study.commands, start=1):
        (partial / "said" / f"{number:02}.txt").write_bytes(_run_call(tree, command, partial))
    (partial / "in").unlink(missing_ok=True)
    partial.rename(folder)
    own = () if study in PHANTOMS else extra
    _find_key_file(tree, study).write_text(_make_key(study, *own))
    print(f"{tree.name}: {study.name}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


def _run_call(tree: Tree, command: Command, folder: Path) -> bytes:
    """Run one call; everything that it says."""
    words = [sys.executable, "-m", "calcinet", *command.words]
    try:
        ended = subprocess.run(
            words,
            cwd=folder,
            env=_make_environment(tree),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b"exit none\n"
    return b"exit %d\n--- stdout\n%b--- stderr\n%b" % (ended.returncode, ended.stdout, ended.stderr)


def _make_environment(tree: Tree) -> dict[str, str]:
    return {**os.environ, **FIXED, "PYTHONPATH": os.pathsep.join((str(tree.clock), str(tree.src)))}


def _make_key(study: Study, *given: str) -> str:
    """What the kept results of a study depend on beside the revision."""
    packages = sorted(f"{one.name} {one.version}" for one in distributions() if one.name != "calcinet")
    return _make_digest(json.dumps(asdict(study)), json.dumps(FIXED), STOPPED, sys.version, *packages, *given)


def _make_digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _find_key_file(tree: Tree, study: Study) -> Path:
    return tree.written / f"{study.name}.key"


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _compare(study: Study, base: Tree, new: Tree) -> Outcome:
    before, after = base.written / study.name, new.written / study.name
    old, now = digests(before), digests(after)
    parted = differing(old, now)
    named = [f"{path}: {difference(path, before, after)}" for path in parted[:NAMED]]
    rest = [f"and {len(parted) - NAMED} more files"] if len(parted) > NAMED else []
    return Outcome(study.name, len({*old, *now}), (*_find_unexpected(study, before), *named, *rest))


def _find_unexpected(study: Study, folder: Path) -> Iterator[str]:
    """Calls of the revision that did not end as expected: to be the same would prove nothing."""
    for number, command in enumerate(study.commands, start=1):
        said = _read(folder / "said" / f"{number:02}.txt")
        if not said.startswith(f"exit {command.exits}\n"):
            yield f"revision, {' '.join(command.words)}: {said.splitlines()[0]}, expected {command.exits}"


def _summarise(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """One line for a study, one for each difference below it, and the total."""
    files, parted, studies = 0, 0, 0
    for outcome in outcomes:
        yield f"{outcome.name:26}{outcome.files:6} files  {'differs' if outcome.lines else 'same'}"
        yield from (f"    {line}" for line in outcome.lines)
        files, studies = files + outcome.files, studies + 1
        parted += bool(outcome.lines)
    yield f"{studies} studies, {files} files: {f'{parted} studies differ' if parted else 'all the same'}"


if __name__ == "__main__":
    sys.exit(main())
