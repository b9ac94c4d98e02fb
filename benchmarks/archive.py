"""An archive of many patients: headers, questions, films, planted nets and the scheduler, in one run.

The planted films are limb films with a net and arteries put in, among films of limbs, calves and chests as they are;
those lie in shared/data, and without them that part is left out.

    python -m benchmarks.archive                    all parts
    python -m benchmarks.archive headers index      these alone
    make bench-archive ONLY="headers index"         the same

A part that is done is kept under bench-out/archive (`--keep`), and not measured again with the same settings. Films of
broken and planted, and their runs, are kept there too: what broke them off, the same command goes on. The other parts
measure a time or a memory, and begin anew where they were broken off.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from itertools import count, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pyarrow.parquet as pq
from pydicom import dcmread

from benchmarks.agreement import Estimate
from benchmarks.archive_films import make_small, put_once, read_names, small_archive, write_bytes
from benchmarks.archive_kills import kills_table
from benchmarks.archive_planted import planted_table
from benchmarks.tables import Cell, Table, print_tables, progress
from calcinet import __version__, weights_manifest
from calcinet.cohort.choice import Chosen, Wish, choose_films, open_index
from calcinet.cohort.columns import INDEX
from calcinet.cohort.engine import Cluster, connect, run_all
from calcinet.cohort.examining import examine_films
from calcinet.cohort.parquet import write_table, write_whole
from calcinet.cohort.run import CohortOrder, run_cohort
from calcinet.given_files import read_head
from calcinet.io import write_radiograph
from calcinet.io.quick_header import ASKED, read_quick_header
from calcinet.phantoms.radiograph.limb import limb, random_spec

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"

HEADERS_GOAL: Final = 5000
"""Files a second on two cores."""

IDLE_WORKERS: Final = 6
"""Of the part scheduler: with fewer, it waits for them."""

AT_ONCE: Final = 500
"""Tasks that it knows of."""

TURNS: Final = 5
"""Of the part workers."""

PARTS: Final = ("headers", "index", "broken", "silence", "memory", "workers", "kills", "planted", "scheduler")

WAYS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "cut off in the middle": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "a letter": lambda _: b"Dear colleague, " * 100,
    "cut off in the header": lambda content: content[:300],
    "a bomb: 65535 by 65535 pixels claimed": lambda content: _claim_size(content),
    "a bomb: a zip of zeros": lambda _: _pack_zeros(),
    "a header of noise": lambda content: content[:132] + np.random.default_rng(1).bytes(4000),
}
"""How a file is broken."""


def _claim_size(content: bytes) -> bytes:
    film = dcmread(BytesIO(content))
    film.Rows = film.Columns = 65535
    written = BytesIO()
    film.save_as(written)
    return written.getvalue()


def _pack_zeros() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as packed:
        packed.writestr("film.dcm", bytes(200_000_000))
    return written.getvalue()


def header_table(files: int) -> Table:
    """Headers a second, warm, by one process and by two."""
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        write_radiograph(Path(name) / "film", make_small(3))
        content = (Path(name) / "film").read_bytes()
        paths = [Path(name) / f"{number}.dcm" for number in range(files)]
        for path in paths:
            path.write_bytes(content)
        _scan(paths)
        few = paths[: max(1, files // 10)]
        rows: list[tuple[Cell, ...]] = [
            ("pydicom, 1 process", len(few) / _time(lambda: _scan_by_pydicom(few))),
            ("1 process", files / _time(lambda: _scan(paths))),
        ]
        halves = [paths[::2], paths[1::2]]
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            list(pool.map(_scan, halves))
            rows.append(("2 processes", files / _time(lambda: list(pool.map(_scan, halves)))))
    note = f"{files} files; goal {HEADERS_GOAL} by two processes on two cores."
    return Table("Headers", ("what", "files a second"), tuple(rows), note)


def _scan(paths: Sequence[Path]) -> None:
    for path in paths:
        read_quick_header(partial(_read_head, path))


def _scan_by_pydicom(paths: Sequence[Path]) -> None:
    for path in paths:
        dcmread(path, stop_before_pixels=True, specific_tags=list(ASKED))


def _read_head(path: Path, most: int | None) -> bytes:
    return path.read_bytes() if most is None else read_head(path, most)


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def index_table(lines: int) -> Table:
    """Seconds until a question to an index is answered."""
    rows: list[tuple[Cell, ...]] = []
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        size = 100
        while size <= lines:
            part = Path(name) / f"index-{size}.parquet"
            write_table(islice(_invent_lines(), size), INDEX, part)
            wish = Wish(where="age_years > 80 AND device = 'maker 3' AND taken_on > DATE '2024-06-01'")
            with open_index([part]) as index:
                grouped_s = _time(partial(_ask, index))
            began = time.perf_counter()
            found = len(choose_films([part], [], wish, "").films)
            asked_s = time.perf_counter() - began
            rows.append((str(size), asked_s, found, _time(partial(choose_films, [part], [], Wish(), "")), grouped_s))
            size = size * 10 if size < 100_000 else size * 2
    note = (
        "Choices read the index from disk: by --where, and of all films that are examined if nothing else is asked for "
        "(three of four). The question is asked of an open index. Goal 1 s."
    )
    columns = ("headers", "choice by --where, s", "films chosen", "choice of all, s", "question, s")
    return Table("Questions to an index", columns, tuple(rows), note)


def _ask(index: Any) -> None:
    index.execute("SELECT device, count(*), median(age_years) FROM films GROUP BY device").fetchall()


def _invent_lines() -> Iterator[Mapping[str, Any]]:
    rng = np.random.default_rng(1)
    for number in count():
        yield {
            "film": f"F-{number:08d}",
            "path": f"archive/{number // 4:07d}/{number}.dcm",
            "patient": f"P-{number // 9}",
            "study": f"S-{number // 4}",
            "modality": ("DX", "CR", "MG", "CT")[number % 4],
            "body_part": ("lower leg", "foot", "hand", "chest", "unknown")[int(rng.integers(5))],
            "view": "AP",
            "age_years": float(rng.integers(18, 95)),
            "sex": "FM"[number % 2],
            "taken_on": (np.datetime64("2024-01-01") + number % 366).astype("datetime64[D]").astype(object),
            "device": f"maker {rng.integers(20)}",
            "rows": 2000,
            "columns": 1500,
            "pixel_mm": 0.15,
            "bytes": 6_000_000 + number,
            "instance": f"H-{number}",
            "series": f"H-series-{number // 2}",
        }


def silence_table(films: int) -> Table:
    """Seconds of a film that shows nothing, in a process of a run and by `calcinet examine`."""
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        file = Path(name) / "film.dcm"
        write_radiograph(file, limb(random_spec(5, net=False, vessels=False, anatomy="hand")).image)
        film = Chosen(film="film", study="study", files=((str(file), None),))
        outcome = examine_films(name, [film])[0]
        own_s = _time(lambda: examine_films(name, [film] * films)) / films
        command = [sys.executable, "-m", "calcinet", "examine", str(file), "-q", "--force", "-o", f"{name}/out"]
        examine_s = _time(lambda: subprocess.run(command, check=True))
    marked = (outcome.measured or {}).get("foci"), (outcome.measured or {}).get("vessels")
    rows: list[tuple[Cell, ...]] = [("cohort", own_s), ("examine", examine_s), ("share", own_s / examine_s)]
    note = (
        f"A generated hand without calcium (foci and vessels marked: {marked}); {films} films in one process. Goal 0.5."
    )
    return Table("A film that shows nothing", ("what", "s"), tuple(rows), note)


def memory_table(films: int) -> Table:
    """Growth of the memory of a process over many films."""
    with small_archive(4) as folder:
        some = [Chosen(film=file.stem, study="", files=((str(file), None),)) for file in sorted(folder.iterdir())]
        sizes = []
        for film in islice(cycle(some), films):
            examine_films(str(folder), [film])
            sizes.append(_measure_memory_mib())
    later = np.array(sizes[len(sizes) // 4 :])
    slope = float(np.polyfit(np.arange(len(later)), later, 1)[0])
    rows: list[tuple[Cell, ...]] = [("first film", sizes[0]), ("last film", sizes[-1]), ("growth a film", slope)]
    note = f"{films} small films, the first quarter left out of the slope."
    return Table("Memory of a worker", ("what", "MiB"), tuple(rows), note)


def _measure_memory_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def worker_table(films: int) -> Table:
    """Films a second of one worker and of two, by turns: the cores of a rented machine are not always equally fast."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    with small_archive(films) as folder, tempfile.TemporaryDirectory(prefix="calcinet-bench-") as out:
        for turn in range(TURNS):
            for workers, found in rates.items():
                found.append(_measure_rate(folder, Path(out) / f"{turn}-{workers}", workers))
    ratios = [two / one for one, two in zip(*rates.values(), strict=True)]
    rows: list[tuple[Cell, ...]] = [
        ("1 worker", float(np.median(rates[1])), _list_numbers(rates[1])),
        ("2 workers", float(np.median(rates[2])), _list_numbers(rates[2])),
        ("ratio", float(np.median(ratios)), _list_numbers(ratios)),
    ]
    cores = len(os.sched_getaffinity(0))
    note = (
        f"{films} small films, {TURNS} turns, from the first that is done to the last; goal of the ratio 1.8. "
        f"Cores here: {cores}."
    )
    return Table("Workers", ("what", "films a second, median", "by turn"), tuple(rows), note)


def _measure_rate(archive: Path, run: Path, workers: int) -> float:
    """Films a second of a run, without its start."""
    moments: dict[int, float] = {}

    def tell(told: Any) -> None:
        if told.phase == "examine":
            progress(f"workers: {told.done} of {told.total} by {workers}")
            moments[told.done] = time.perf_counter()

    run_cohort(CohortOrder(source=str(archive), folder=run, cluster=Cluster(workers=workers)), tell)
    first, last = sorted(moments)[1], max(moments)
    return (last - first) / (moments[last] - moments[first])


def _list_numbers(numbers: Sequence[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)


def measure_kills(films: int) -> Table:
    """`kills_table` over small films."""
    with small_archive(films) as archive, tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        return kills_table(archive, films, Path(name))


def scheduler_table(tasks: int) -> Table:
    """Tasks a second that scheduler and client keep up with, and their memory, with work of no length."""
    numbers = iter(range(tasks))
    with (
        tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name,
        connect(Cluster(workers=IDLE_WORKERS), Path(name)) as client,
    ):
        moments, sizes = [time.perf_counter()], [_measure_memory_mib()]
        for done, _ in enumerate(run_all(client, abs, lambda: next(numbers, None), window=AT_ONCE), start=1):
            if done * 10 % tasks < 10:
                progress(f"scheduler: {done} of {tasks}")
                moments.append(time.perf_counter())
                sizes.append(_measure_memory_mib())
    tenth_s = np.diff(moments)
    rows: list[tuple[Cell, ...]] = [
        ("tasks a second", tasks / (moments[-1] - moments[0])),
        ("in the first tenth", tasks / 10 / tenth_s[0]),
        ("in the last tenth", tasks / 10 / tenth_s[-1]),
        ("growth of scheduler and client in the first tenth, MiB", sizes[1] - sizes[0]),
        ("growth from there on, MiB", sizes[-1] - sizes[1]),
    ]
    note = f"{tasks} tasks that do nothing, {AT_ONCE} at once, {IDLE_WORKERS} workers."
    return Table("Scheduler", ("what", "number"), tuple(rows), note)


def broken_table(films: int, folder: Path) -> Table:
    """What becomes of an archive in which one file of twenty is broken; each of `WAYS` at least once.

    Parameters
    ----------
    films
        Small films, the broken ones among them.
    folder
        Archive and run are kept there, and a run that was broken off goes on.
    """
    archive = folder / "archive"
    archive.mkdir(parents=True, exist_ok=True)
    kinds = tuple(WAYS)
    broken = max(len(kinds), films // 20)
    images = [make_small(seed) for seed in range(4)]
    ways: dict[str, str] = {}
    for number in range(films):
        name = f"film-{number}.dcm"
        made = partial(write_bytes, images[number % len(images)], number)
        if number < broken:
            ways[name] = kinds[number % len(kinds)]
            made = partial(_break_film, made, WAYS[ways[name]])
        put_once(archive / name, made)
    run_cohort(CohortOrder(source=str(archive), folder=folder / "out"), partial(_tell, "broken"))
    names = read_names(folder / "out")
    results = [names[row["film"]] for row in pq.read_table(folder / "out/results.parquet").to_pylist()]
    failures = pq.read_table(folder / "out/failures.parquet").to_pylist()
    codes = {names[row["film"]]: row["code"] for row in failures if row["reason"]}
    rows: list[tuple[Cell, ...]] = [
        ("whole films with one row of results", sum(results.count(name) == 1 for name in names.values())),
        ("of", films - broken),
        ("broken files with one row and a reason", len(codes.keys() & ways.keys())),
        ("of", broken),
        ("files in no table or in two", sum(results.count(name) + (name in codes) != 1 for name in names.values())),
    ]
    for name, way in list(ways.items())[: len(kinds)]:
        rows.append((way, codes.get(name)))
    return Table(
        "Broken files", ("what", "number or code"), tuple(rows), f"{films} small files, {broken} of them broken."
    )


def _break_film(make: Callable[[], bytes], way: Callable[[bytes], bytes]) -> bytes:
    return way(make())


def _tell(part: str, told: Any) -> None:
    progress(f"{part}: {told.phase} {told.done} of {told.total}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part that can be asked for alone."""

    measure: Callable[[], Table | None]
    settings: Mapping[str, Any]
    """What decides its numbers: a table that was kept holds for the same ones."""


def list_parts(given: argparse.Namespace) -> dict[str, Part]:
    """Every part by its name."""
    made_with = {"version": __version__, "weights": str(weights_manifest.sha256("radiograph"))[:12]}
    films = {**made_with, "films": given.films}
    planted = {**films, "planted": given.planted}
    broken = {**made_with, "broken": given.broken}
    return {
        "headers": Part(lambda: header_table(given.headers), {**made_with, "headers": given.headers}),
        "index": Part(lambda: index_table(given.lines), {**made_with, "lines": given.lines}),
        "broken": Part(lambda: broken_table(given.broken, _find_folder(given.keep, "broken", broken)), broken),
        "silence": Part(lambda: silence_table(min(10, given.films)), films),
        "memory": Part(lambda: memory_table(given.films), films),
        "workers": Part(lambda: worker_table(min(120, given.films)), films),
        "kills": Part(lambda: measure_kills(given.kills), {**made_with, "kills": given.kills}),
        "planted": Part(
            lambda: planted_table(given.planted, given.films, DATA, _find_folder(given.keep, "planted", planted)),
            planted,
        ),
        "scheduler": Part(lambda: scheduler_table(given.tasks), {**made_with, "tasks": given.tasks}),
    }


def _find_folder(keep: Path, name: str, settings: Mapping[str, Any]) -> Path:
    """Where archive and run of a part lie: another for other settings."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
    return keep / f"{name}-{digest[:12]}"


def measure_once(part: Part, file: Path) -> Table | None:
    """The table of a part; one that was kept with the same settings is not measured again."""
    settings = dict(part.settings)
    if file.is_file():
        kept = json.loads(file.read_text("utf-8"))
        if kept["settings"] == settings:
            progress(f"kept in {file}: delete it to measure again")
            return read_kept(kept["table"])
    table = part.measure()
    if table is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"settings": settings, "table": asdict(table)}, indent=1)
        write_whole(file, (content + "\n").encode())
    return table


def read_kept(kept: Mapping[str, Any]) -> Table:
    """A table as it was kept."""
    rows = []
    for row in kept["rows"]:
        rows.append(tuple(Estimate(**cell) if isinstance(cell, dict) else cell for cell in row))
    return Table(kept["title"], tuple(kept["columns"]), tuple(rows), kept["note"])


def read_options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.archive", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"among {', '.join(PARTS)}; all if none is given")
    parser.add_argument(
        "--keep", type=Path, default=Path("bench-out/archive"), help="where parts that are done are kept"
    )
    parser.add_argument("--headers", type=int, default=20_000, help="files of the part headers")
    parser.add_argument("--lines", type=int, default=200_000, help="headers in the largest index of the part index")
    parser.add_argument("--broken", type=int, default=100, help="files of the part broken, one of twenty broken")
    parser.add_argument("--films", type=int, default=2000, help="most films of silence, memory, workers and planted")
    parser.add_argument("--planted", type=int, default=20, help="films with a net put in")
    parser.add_argument("--kills", type=int, default=500, help="small films of the part kills")
    parser.add_argument("--tasks", type=int, default=1_000_000, help="tasks of the part scheduler, a multiple of ten")
    given = parser.parse_args(words)
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return given


def main() -> None:
    """Print every part that is asked for."""
    given = read_options()
    parts = list_parts(given)
    given.keep.mkdir(parents=True, exist_ok=True)
    os.environ["CALCINET_KEY"] = str((given.keep / "store.key").resolve())
    for name in given.parts or PARTS:
        table = measure_once(parts[name], given.keep / f"{name}.json")
        if table is not None:
            print_tables([table])


if __name__ == "__main__":
    main()
