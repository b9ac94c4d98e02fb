"""An archive of many patients: headers, questions, films, planted nets and the scheduler, in one run.

The planted films are limb films with a net and arteries put in, among films of limbs, calves and chests as they are;
those lie in shared/data, and without them that part is left out.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count, cycle, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from benchmarks.agreement import Estimate
from benchmarks.limb_calcium import put_calcium
from benchmarks.patients import OPEN_LIMB_MM, calves, first_of_each_patient, open_limbs, read_upright
from benchmarks.tables import Cell, Table, print_tables, progress
from calcinet.cohort.choice import Chosen, Wish, choose_films, open_index
from calcinet.cohort.columns import INDEX
from calcinet.cohort.engine import Cluster, connect, run_all
from calcinet.cohort.examining import examine_films
from calcinet.cohort.expectation import FALSE_ALARMS
from calcinet.cohort.parquet import write_table
from calcinet.cohort.run import CohortOrder, run_cohort
from calcinet.errors import BadInput, NotMeasurable
from calcinet.given_files import read_head
from calcinet.io import write_radiograph
from calcinet.io.quick_header import read_quick_header
from calcinet.phantoms.radiograph.limb import limb, random_spec

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"

HEADERS_GOAL: Final = 5000
"""Files a second on two cores."""

SMALL: Final = (slice(None), slice(300, 620), slice(150, 450))
"""Of a generated hand: quick to examine, for what measures the way and not the film."""

PARTS: Final = ("headers", "index", "silence", "memory", "workers", "planted", "scheduler")

PLANTED_SEED: Final = 7100


def header_table(files: int) -> Table:
    """Headers a second, warm, by one process and by two."""
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        write_radiograph(Path(name) / "film", _make_small(3))
        content = (Path(name) / "film").read_bytes()
        paths = [Path(name) / f"{number}.dcm" for number in range(files)]
        for path in paths:
            path.write_bytes(content)
        _scan(paths)
        rows: list[tuple[Cell, ...]] = [("1 process", files / _time(lambda: _scan(paths)))]
        halves = [paths[::2], paths[1::2]]
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            list(pool.map(_scan, halves))
            rows.append(("2 processes", files / _time(lambda: list(pool.map(_scan, halves)))))
    note = f"{files} files; goal {HEADERS_GOAL} by two processes on two cores."
    return Table("Headers", ("what", "files a second"), tuple(rows), note)


def _scan(paths: Sequence[Path]) -> None:
    for path in paths:
        read_quick_header(partial(_read_head, path))


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
            rows.append((str(size), _time(partial(choose_films, [part], wish, "")), grouped_s))
            size = size * 10 if size < 100_000 else size * 2
    note = "The choice reads the index from disk and finds the copies; the question is asked of an open one. Goal 1 s."
    return Table("Questions to an index", ("headers", "choice, s", "question, s"), tuple(rows), note)


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
            "taken_on": np.datetime64("2024-01-01").astype("datetime64[D]").astype(object),
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
    with _small_archive(4) as folder:
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
    """Films a second of one worker and of two."""
    rows: list[tuple[Cell, ...]] = []
    with _small_archive(films) as folder, tempfile.TemporaryDirectory(prefix="calcinet-bench-") as out:
        for workers in (1, 2):
            moments: dict[int, float] = {}

            def tell(told: Any, moments: dict[int, float] = moments) -> None:
                if told.phase == "examine":
                    moments[told.done] = time.perf_counter()

            cluster = Cluster(workers=workers)
            run_cohort(CohortOrder(source=str(folder), folder=Path(out) / str(workers), cluster=cluster), tell)
            first, last = sorted(moments)[1], max(moments)
            rows.append((f"{workers} workers", (last - first) / (moments[last] - moments[first])))
    note = f"{films} small films, from the first that is done to the last; cores here: {len(os.sched_getaffinity(0))}."
    return Table("Workers", ("what", "films a second"), tuple(rows), note)


@contextmanager
def _small_archive(films: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        for number in range(films):
            write_radiograph(Path(name) / f"{number}.dcm", _make_small(number))
        yield Path(name)


def _make_small(seed: int) -> Any:
    image = limb(random_spec(seed, net=False, vessels=True, anatomy="hand")).image
    return replace(image, pixels=image.pixels[SMALL].copy())


def planted_table(planted: int, others: int, data: Path) -> Table | None:
    """Where films with a net that was put in stand in the ranking, and how many others were called."""
    limbs = first_of_each_patient(open_limbs(data))
    plain = [film.path for film in (*calves(data), *limbs[planted:])] + sorted(
        (data / "backgrounds/chest").glob("*.png")
    )
    if not limbs:
        return None
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        archive = Path(name) / "archive"
        archive.mkdir()
        made = 0
        for number, film in enumerate(limbs):
            if made == planted:
                break
            try:
                image = put_calcium(read_upright(film), OPEN_LIMB_MM, PLANTED_SEED + number, net=True).image
            except (BadInput, NotMeasurable):
                continue
            write_radiograph(archive / f"planted-{number}.dcm", image)
            made += 1
        for number, path in enumerate(plain[:others]):
            (archive / f"real-{number}{path.suffix}").write_bytes(path.read_bytes())
        order = CohortOrder(source=str(archive), folder=Path(name) / "out")
        run_cohort(order, lambda told: progress(f"planted: {told.phase} {told.done} of {told.total}"))
        (index,) = (Path(name) / "out/private/index").glob("index-*.parquet")
        names = {row["film"]: Path(row["path"]).name for row in pq.read_table(index).to_pylist()}
        results = pq.read_table(Path(name) / "out/results.parquet").to_pylist()
    first = [names[row["film"]].startswith("planted") for row in results[: 2 * planted]]
    real = [row for row in results if names[row["film"]].startswith("real")]
    low, high = FALSE_ALARMS.interval95
    rows: list[tuple[Cell, ...]] = [
        (f"planted in the first {2 * planted} ranks, of {made}", sum(first)),
        (f"called of {len(real)} others, per 1,000", 1000 * sum(row["net_called"] for row in real) / max(1, len(real))),
        ("stated, per 1,000", Estimate(1000 * FALSE_ALARMS.share, 1000 * low, 1000 * high, FALSE_ALARMS.of)),
    ]
    return Table("Planted nets", ("what", "number"), tuple(rows), "Goal 18 of 20 in the first 40.")


def scheduler_table(tasks: int) -> Table:
    """Tasks a second that scheduler and client keep up with, and their memory, with work of no length."""
    numbers = iter(range(tasks))
    with (
        tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name,
        connect(Cluster(workers=1), Path(name)) as client,
    ):
        before = _measure_memory_mib()
        done_s = _time(lambda: sum(1 for _ in run_all(client, abs, lambda: next(numbers, None), window=500)))
        grown = _measure_memory_mib() - before
    rows: list[tuple[Cell, ...]] = [("tasks a second", tasks / done_s), ("growth of scheduler and client, MiB", grown)]
    return Table("Scheduler", ("what", "number"), tuple(rows), f"{tasks} tasks that do nothing, 500 at once.")


def main() -> None:
    """Print every part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS))
    parser.add_argument("--headers", type=int, default=20_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--films", type=int, default=2000)
    parser.add_argument("--planted", type=int, default=20)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    given = parser.parse_args()
    parts: Mapping[str, Callable[[], Table | None]] = {
        "headers": lambda: header_table(given.headers),
        "index": lambda: index_table(given.lines),
        "silence": lambda: silence_table(min(10, given.films)),
        "memory": lambda: memory_table(given.films),
        "workers": lambda: worker_table(min(40, given.films)),
        "planted": lambda: planted_table(given.planted, given.films, DATA),
        "scheduler": lambda: scheduler_table(given.tasks),
    }
    with tempfile.TemporaryDirectory(prefix="calcinet-bench-") as name:
        os.environ["CALCINET_KEY"] = str(Path(name) / "store.key")
        for part in given.parts:
            table = parts[part]()
            if table is not None:
                print_tables([table])


if __name__ == "__main__":
    main()
