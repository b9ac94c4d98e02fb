"""Kill examinations over an existing result and look at what is left: `python -m tools.kill_runs [--kills 200]`.

Two small films are examined in turns into one folder. Each examination is ended with SIGKILL: a third of them at any
moment of a run, a third while files are being written, a third around the moment at which the new result takes the
place of the old. After each kill the folder must hold every file of the one result or of the other, by SHA-256, and
nothing else; after the next examination nothing may be left of the one that was killed: not beside the result, not in
TMPDIR, not in the home folder.

Each examination is a process of its own, forked from one that has loaded the program and done nothing yet, so that two
hundred take minutes; loading writes nothing.

Exit codes: 0 all whole and nothing left, 1 something else was found, 2 wrong usage.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pydicom

from tools.compare import differing, digests

FORMATS: Final = "json,html,pdf,png,csv,fhir,dicom"
"""Every format that a plain film has, and that needs no table library."""

SIDE: Final = 160
"""Pixels of the small films. Our choice: examined in a second, and marked."""

SEEDS: Final = {"first": 3, "second": 5}
"""Of the phantoms from whose middle the films are cut."""

MOMENT: Final = "1700000000"
"""What SOURCE_DATE_EPOCH says. Our choice: any moment does."""

GLANCE_S: Final = 0.0002
"""Between two looks for the moment to wait for. Our choice: a small part of the time that one file takes."""

LONGEST_S: Final = 300.0
"""Of one run. Our choice: many times what any takes."""

SHORTEST_S: Final = 0.04
"""Over which kills around the placing are spread at least. Our choice: a few ms, then the old is removed."""

KILLED: Final = -9

FORKS: Final = multiprocessing.get_context("forkserver")
"""How runs are started: by a process that loads modules and does nothing else."""

NAMED: Final = 5
"""Faults that are printed. Our choice: one would do."""

Phase = Literal["anywhere", "writing", "placing"]
PHASES: Final[tuple[Phase, ...]] = ("anywhere", "writing", "placing")


class Unusable(Exception):
    """A run that nobody disturbed did not end well, so that nothing can be said."""


@dataclass(frozen=True, slots=True)
class World:
    """The folders in which everything happens; nothing is written outside them."""

    root: Path
    formats: str = FORMATS
    """What is written into the result."""

    @property
    def out(self) -> Path:
        """The result."""
        return self.root / "place" / "out"

    @property
    def temporary(self) -> Path:
        """TMPDIR of the runs."""
        return self.root / "tmp"

    @property
    def home(self) -> Path:
        """HOME of the runs."""
        return self.root / "home"

    @property
    def record_in_making(self) -> Path:
        """Written last of all files, before the new result takes its place."""
        return self.out.parent / f".{self.out.name}.writing" / "new" / "record.json"

    @property
    def masks_in_making(self) -> Path:
        """Made when the first file is written."""
        return self.record_in_making.parent / "masks"

    def list_remains(self) -> list[str]:
        """What lies beside the result, in TMPDIR and in the home folder, and empty folders of the result."""
        beside = [path for path in self.out.parent.rglob("*") if self.out not in (path, *path.parents)]
        empty = [path for path in self.out.rglob("*") if path.is_dir() and not any(path.iterdir())]
        elsewhere = [*self.temporary.rglob("*"), *self.home.rglob("*")]
        return sorted(path.relative_to(self.root).as_posix() for path in (*beside, *empty, *elsewhere))


@dataclass(frozen=True, slots=True)
class Course:
    """How long a run takes that nobody disturbs, in s."""

    whole: float
    writing: float
    """From the first file until the result is in its place."""
    placing: float
    """From the last file until then."""

    def longest(self, phase: Phase) -> float:
        """How long after its beginning a phase may be cut off."""
        spans: dict[Phase, float] = {"anywhere": self.whole, "writing": self.writing, "placing": self.placing}
        return max(spans[phase], SHORTEST_S)


@dataclass(slots=True)
class Tally:
    """What was seen."""

    kills: Counter[Phase] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    """How often the old and the new result stood there after a kill."""
    beside: int = 0
    """Kills that left something beside the result for the next run to remove."""
    too_late: int = 0
    """Runs that ended before their kill; not counted among the kills."""
    faults: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.kill_runs", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="how many; 200 where not given")
    parser.add_argument("--seed", type=int, default=0, help="of the moments; 0 where not given")
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        tally = kill_runs(asked.kills, asked.seed)
    except Unusable as why:
        print(f"kill_runs: {why}", file=sys.stderr)
        return 1
    print("\n".join(_summarise(tally, time.monotonic() - began)))
    return 1 if tally.faults else 0


def kill_runs(kills: int, seed: int = 0, formats: str = FORMATS) -> Tally:
    """Kill as many examinations as asked, each over the result of the one before.

    Parameters
    ----------
    kills
        How many are to be killed; runs that ended before are not counted.
    seed
        Of the moments.
    formats
        What is written.

    Raises
    ------
    Unusable
        If an examination that was not killed failed.
    """
    chance = random.Random(seed)
    tally = Tally()
    with (
        tempfile.TemporaryDirectory(prefix="kill-runs-") as place,
        _set_environment(World(Path(place), formats)) as world,
    ):
        films = {name: _make_film(world.root / f"{name}.dcm", number) for name, number in SEEDS.items()}
        _load_all(films["first"], _make_folder(world.root / "first"), formats)
        results, courses = {}, []
        for name in ("first", "first", "second"):  # the first of all fills caches of files: its times are no measure
            courses.append(_measure(world, films[name]))
            results[name] = digests(world.out)
        course, there = courses[1], "second"
        _tell(
            f"a run takes {course.whole:.2f} s, from its first file {course.writing:.2f} s, "
            f"from its last {1000 * course.placing:.0f} ms"
        )
        while tally.kills.total() < kills:
            coming = "first" if there == "second" else "second"
            phase = PHASES[tally.kills.total() % len(PHASES)]
            wait = chance.uniform(0, course.longest(phase))
            _try_once(world, films[coming], phase, wait, (results[there], results[coming]), tally)
            there = coming
            if tally.kills.total() % 20 == 0:
                _tell(f"{tally.kills.total()} kills, {len(tally.faults)} faults")
    return tally


def _try_once(
    world: World,
    film: Path,
    phase: Phase,
    wait: float,
    wanted: tuple[Mapping[str, str], Mapping[str, str]],
    tally: Tally,
) -> None:
    """Kill one run, look, let the next one end, and look again."""
    when = f"kill {tally.kills.total() + 1} ({phase}, after {1000 * wait:.0f} ms)"
    if _run(world, film, phase, wait) == KILLED:
        tally.kills[phase] += 1
    else:
        tally.too_late += 1
    found = digests(world.out)
    if found in wanted:
        tally.left[("old", "new")[wanted.index(found)]] += 1
    else:
        tally.left["mixed"] += 1
        tally.faults.append(f"{when}: neither result: {_tell_mix(found, wanted)}")
    tally.beside += bool(world.list_remains())
    if _run(world, film) != 0:
        raise Unusable(f"the examination after {when} failed")
    if digests(world.out) != wanted[1]:
        tally.faults.append(f"{when}: the next result differs in {', '.join(differing(digests(world.out), wanted[1]))}")
    remains = world.list_remains()
    if remains:
        tally.faults.append(f"{when}: the next run leaves {', '.join(remains)}")


def _tell_mix(found: Mapping[str, str], wanted: tuple[Mapping[str, str], Mapping[str, str]]) -> str:
    old, new = (len(differing(found, one)) for one in wanted)
    return f"{len(found)} files, of which {old} are not of the old and {new} not of the new"


@contextlib.contextmanager
def _set_environment(world: World) -> Iterator[World]:
    """Give runs folders of their own, and a clock that stands still, so that both results can be known."""
    for folder in (world.out.parent, world.temporary, world.home):
        folder.mkdir(parents=True)
    of_runs = {
        "TMPDIR": str(world.temporary),
        "HOME": str(world.home),
        "XDG_CACHE_HOME": str(world.home / ".cache"),
        "SOURCE_DATE_EPOCH": MOMENT,
    }
    before = dict(os.environ)
    tempfile.gettempdir()  # of this process: remembered before TMPDIR is another
    os.environ.update(of_runs)
    try:
        yield world
    finally:
        os.environ.clear()
        os.environ.update(before)


def _make_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _make_film(path: Path, seed: int) -> Path:
    """Write the middle of a film of a phantom."""
    from calcinet.io.dicom.writer import write_radiograph
    from calcinet.phantoms.radiograph.limb import limb, random_spec

    dataset = pydicom.dcmread(write_radiograph(path, limb(random_spec(seed, net=True)).image))
    top, left = ((length - SIDE) // 2 for length in dataset.pixel_array.shape)
    middle = dataset.pixel_array[top : top + SIDE, left : left + SIDE]
    dataset.Rows, dataset.Columns = middle.shape
    dataset.PixelData = np.ascontiguousarray(middle).tobytes()
    dataset.save_as(path)
    return path


def _measure(world: World, film: Path) -> Course:
    """Time a run that nobody disturbs.

    Raises
    ------
    Unusable
        If it fails.
    """
    began = time.monotonic()
    process = _start(world, film)
    _wait(process, world.masks_in_making.exists)
    first = time.monotonic()
    _wait(process, world.record_in_making.exists)
    last = time.monotonic()
    _wait(process, lambda: not world.record_in_making.exists())
    placed = time.monotonic()
    _end(process)
    if process.exitcode != 0 or not world.out.is_dir():
        raise Unusable(f"an examination that nobody disturbed ended with {process.exitcode}")
    return Course(placed - began, placed - first, placed - last)


def _run(world: World, film: Path, phase: Phase | None = None, wait: float = 0.0) -> int:
    """Examine a film, killed `wait` s after the beginning of a phase where one is given; its exit code."""
    process = _start(world, film)
    if phase == "writing":
        _wait(process, world.masks_in_making.exists)
    if phase == "placing":
        _wait(process, world.record_in_making.exists)
    if phase is not None:
        time.sleep(wait)
        process.kill()
    return _end(process)


def _start(world: World, film: Path) -> BaseProcess:
    process = FORKS.Process(target=_examine, args=(str(film), str(world.out), world.formats))
    process.start()
    return process


def _wait(process: BaseProcess, reached: Callable[[], bool]) -> None:
    """Return when a moment is reached, or the process has ended without."""
    while not reached() and process.is_alive():
        time.sleep(GLANCE_S)


def _end(process: BaseProcess) -> int:
    """Exit code of a process that ends by itself or was killed.

    Raises
    ------
    Unusable
        If it does not.
    """
    process.join(LONGEST_S)
    if process.exitcode is None:
        process.kill()
        raise Unusable(f"an examination took more than {LONGEST_S:.0f} s")
    return process.exitcode


def _examine(film: str, out: str, formats: str) -> None:
    """Do what the command line does, in a process of its own."""
    from calcinet.apps import cli

    cli.main(["examine", film, "-o", out, "--formats", formats, "--quiet"])


def _load_all(film: Path, folder: Path, formats: str) -> None:
    """Let the processes that are forked have loaded what an examination loads."""
    listed = folder / "modules.txt"
    first = multiprocessing.get_context("spawn").Process(
        target=_examine_and_list, args=(str(film), str(folder), formats)
    )
    first.start()
    if _end(first) != 0:
        raise Unusable(f"an examination that nobody disturbed ended with {first.exitcode}")
    FORKS.set_forkserver_preload(listed.read_text("utf-8").split())


def _examine_and_list(film: str, folder: str, formats: str) -> None:
    """Examine, and write down which modules that took: ours, and others as far as they are no part of a part."""
    try:
        _examine(film, str(Path(folder) / "out"), formats)
    finally:
        chosen = [name for name in sorted(sys.modules) if name.startswith("calcinet") or name.count(".") < 2]
        (Path(folder) / "modules.txt").write_text("\n".join(name for name in chosen if "__m" not in name), "utf-8")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _summarise(tally: Tally, seconds: float) -> Iterator[str]:
    phases = ", ".join(f"{tally.kills[phase]} {phase}" for phase in PHASES)
    yield f"{tally.kills.total()} kills in {seconds:.0f} s: {phases}; {tally.too_late} runs ended before theirs"
    counts = tally.left
    yield f"after them: the old result whole {counts['old']}, the new whole {counts['new']}, neither {counts['mixed']}"
    yield f"{tally.beside} left something for the next run to remove; faults {len(tally.faults)}"
    yield from tally.faults[:NAMED]


if __name__ == "__main__":
    sys.exit(main())
