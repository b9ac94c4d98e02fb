"""One run over an archive: index, choice, examination, tables; broken off anywhere, the same call goes on."""

import fcntl
import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from calcinet import weights_manifest
from calcinet.cohort.choice import Choice, Chosen, Wish, choose_films, require_condition
from calcinet.cohort.copies import digest_nothing, digest_slice, find_suspects
from calcinet.cohort.engine import AHEAD, TASK_FILMS, Cluster, Died, connect, list_workers, run_all
from calcinet.cohort.examining import Outcome, examine_films, write_stamp
from calcinet.cohort.expectation import Expectation, expect_yield, tell_expectation
from calcinet.cohort.index import KILLED, list_files, scan_slice, set_aside
from calcinet.cohort.ledger import Ledger
from calcinet.cohort.parquet import read_table, write_arrow, write_whole
from calcinet.cohort.pseudonyms import Naming
from calcinet.cohort.review import write_page
from calcinet.cohort.slices import SLICE_FILES, Slice, Sweep, count_files, find_parts, load_slices, name_part, scan_all
from calcinet.cohort.sources import OPTIONS, PRIVATE, open_source, write_path
from calcinet.cohort.tables import write_tables
from calcinet.errors import BadInput, MachineFault
from calcinet.machine import writing_in
from calcinet.version import __version__

if TYPE_CHECKING:
    from distributed import Client

RUN: Final = "RUN.json"
RUN_SCHEMA: Final = "calcinet.cohort/1"
OWNER_ALONE: Final = 0o700

SET_ASIDE: Final = (
    "twice the process that examined this film died, of too little memory or a fault in a library: examine it alone"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortOrder:
    """What is asked for."""

    source: str
    folder: Path
    wish: Wish = field(default_factory=Wish)
    cluster: Cluster = field(default_factory=Cluster)
    project: str = "cohort"
    keep_identifiers: bool = False
    prevalence: float | None = None
    """Share of the films that show a net, for the predictive value."""
    must_resume: bool = False
    """Refuse to begin anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far a run has come."""

    phase: str
    """list, index, copies, examine or tables."""
    done: int
    total: int
    """Films, or files while they are indexed; 0 while they are listed."""
    before: int = 0
    """Of them done by an earlier run."""
    failures: Counter[str] = field(default_factory=Counter)
    """By code."""
    dashboard: str = ""
    """Address of Dask's own page on the work."""
    waiting_s: float = 0.0
    """Since when no worker is there; 0 where one is."""


Tell = Callable[[Told], None]


class _Progress:
    """How far a phase has come, told each time that it goes on or waits."""

    def __init__(self, tell: Tell, told: Told) -> None:
        self._tell, self._told = tell, told
        tell(told)

    def add(self, done: int, failures: Counter[str] | None = None) -> None:
        """More is done."""
        self._told = replace(self._told, done=min(self._told.total, self._told.done + done))
        if failures is not None:
            self._told = replace(self._told, failures=failures)
        self._tell(self._told)

    def wait(self, waiting_s: float) -> None:
        """No worker is there."""
        self._tell(replace(self._told, waiting_s=waiting_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortResult:
    """What came of a run."""

    choice: Choice
    rows: dict[str, int]
    """Of each table."""
    seconds: dict[str, float]
    """By stage, of all films together."""
    failures: dict[str, int]
    """By code."""
    workers: int
    expectation: Expectation


def run_cohort(order: CohortOrder, tell: Tell) -> CohortResult:
    """Examine an archive.

    Raises
    ------
    BadInput
        If the archive is not there, the folder holds a run of other options, or the question cannot be asked.
    MachineFault
        If disk, scheduler or archive give way; what was done is kept.
    """
    source = open_source(order.source)
    require_condition(order.wish.where)
    private = order.folder / PRIVATE
    with _hold(order, private):
        naming = Naming.of(order.project, keep=order.keep_identifiers)
        options = describe_options(order, naming, source.address)
        _settle_options(private, options)
        with connect(order.cluster, private / "scratch") as client:
            index = _index(client, order, source.address, naming, private / "index", tell)
            digests = _find_copies(client, source.address, index, private / "index", tell)
            choice = choose_films(index, digests, order.wish, source.address)
            ledger = Ledger(private / "ledger", order.folder / "thumbnails")
            _examine(client, choice, ledger, tell)
            workers = len(list_workers(client))
        tell(Told(phase="tables", done=0, total=1))
        rows = write_tables(order.folder, index, ledger.parts())
        result = CohortResult(
            choice=choice,
            rows=rows,
            seconds=sum_cost(order.folder / "cost.parquet"),
            failures=count_failures(order.folder / "failures.parquet"),
            workers=workers,
            expectation=expect_yield(order.folder / "results.parquet", order.prevalence),
        )
        write_page(order.folder, tell_expectation(result.expectation))
        write_run(order.folder, options, result)
    return result


@contextmanager
def _hold(order: CohortOrder, private: Path) -> Iterator[None]:
    """Keep the folder for this run alone."""
    if order.folder.exists() and not order.folder.is_dir():
        raise BadInput("a file stands where the folder for the tables is to be: give another place")
    if order.must_resume and not private.is_dir():
        raise BadInput("there is no run to go on with in this folder: leave --resume out to begin one")
    if order.folder.exists() and not private.is_dir() and any(order.folder.iterdir()):
        raise BadInput("the folder for the tables holds something else: give another")
    with writing_in(order.folder):
        private.mkdir(mode=OWNER_ALONE, parents=True, exist_ok=True)
        with (private / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise MachineFault("another run works in this folder: wait for its end") from None
            yield


def describe_options(order: CohortOrder, naming: Naming, address: str) -> dict[str, Any]:
    """What decides the rows of a run: with the same, it goes on."""
    return {
        "version": __version__,
        "weights": {name: weights_manifest.sha256(name) for name in ("radiograph", "mammogram")},
        "source": naming.hash("source", write_path(address)),
        "wish": json.loads(json.dumps(asdict(order.wish))),
        "project": order.project,
        "key": naming.key.fingerprint,
        "keep_identifiers": order.keep_identifiers,
    }


def _settle_options(private: Path, options: dict[str, Any]) -> None:
    file = private / OPTIONS
    try:
        before = json.loads(file.read_bytes())
    except FileNotFoundError:
        write_whole(file, json.dumps(options, indent=1).encode())
        return
    except ValueError:
        before = None
    if before != options:
        raise BadInput(
            "the folder holds a run with another archive, version, key or options: give another folder, or the"
            " same options"
        )


def _index(
    client: "Client", order: CohortOrder, address: str, naming: Naming, folder: Path, tell: Tell
) -> Sequence[Path]:
    """Phase 1; slices that were scanned before stay."""
    folder.mkdir(exist_ok=True)
    listing = Told(phase="list", done=0, total=0, dashboard=_link(client))
    tell(listing)
    total = list_files(open_source(order.source), folder, lambda found: tell(replace(listing, done=found)))
    if not total:
        raise BadInput("the archive holds no file that may be a film")
    scanned = {part.name for part in find_parts(folder, "index")}
    before = min(total, len(scanned) * SLICE_FILES)
    told = Told(phase="index", done=before, before=before, total=total, dashboard=_link(client))
    slices = load_slices(find_parts(folder, "list"), scanned, "index")
    sweep = Sweep("index", partial(scan_slice, address, naming), partial(set_aside, naming))
    _sweep(client, sweep, slices, folder, _Progress(tell, told))
    return find_parts(folder, "index")


def _find_copies(client: "Client", address: str, index: Sequence[Path], folder: Path, tell: Tell) -> Sequence[Path]:
    """Digests of files that may be copies of one another; slices that were read before stay."""
    slices = list(find_suspects(index))
    done = {part.name for part in find_parts(folder, "digest")}
    waiting = [slice_ for slice_ in slices if name_part(slice_.number, "digest") not in done]
    if waiting:
        total, left = count_files(slices), count_files(waiting)
        told = Told(phase="copies", done=total - left, before=total - left, total=total, dashboard=_link(client))
        sweep = Sweep("digest", partial(digest_slice, address), digest_nothing)
        _sweep(client, sweep, iter(waiting), folder, _Progress(tell, told))
    return find_parts(folder, "digest")


def _sweep(client: "Client", sweep: Sweep, slices: Iterator[Slice], folder: Path, progress: _Progress) -> None:
    """Put the table of each slice into a folder, as a part."""
    for number, files, table in scan_all(client, sweep, slices, progress.wait):
        write_arrow(table, folder / name_part(number, sweep.kind))
        progress.add(files)


def _link(client: "Client") -> str:
    """Address of the page on the work; empty where the cluster has none."""
    if "dashboard" not in client.scheduler_info(n_workers=0)["services"]:
        return ""
    return str(client.dashboard_link)


def _examine(client: "Client", choice: Choice, ledger: Ledger, tell: Tell) -> None:
    """Phase 2; films that were examined before stay."""
    done = ledger.find_done()
    films = [film for film in choice.films if film.film not in done]
    before = len(choice.films) - len(films)
    told = Told(phase="examine", done=before, before=before, total=len(choice.films), dashboard=_link(client))
    progress = _Progress(tell, told)
    waiting = deque(part_by_study(films, _choose_size(client, len(films))))
    suspects: set[str] = set()
    failures: Counter[str] = Counter()
    try:
        for task, outcomes in run_all(
            client,
            partial(examine_films, choice.address, stamp=write_stamp()),
            lambda: _take_films(waiting),
            tell_wait=progress.wait,
        ):
            if isinstance(outcomes, Died):
                outcomes = _break_up(task, suspects, waiting)
            ledger.add(outcomes)
            failures.update(outcome.code for outcome in outcomes if outcome.code)
            progress.add(len(outcomes), failures)
    finally:
        ledger.flush()


def _take_films(waiting: deque[tuple[Chosen, ...]]) -> tuple[Chosen, ...] | None:
    return waiting.popleft() if waiting else None


def _break_up(task: tuple[Chosen, ...], suspects: set[str], waiting: deque[tuple[Chosen, ...]]) -> list[Outcome]:
    """After the death of a worker: each film of its task is tried alone; who was so before is set aside."""
    if len(task) == 1 and task[0].film in suspects:
        return [Outcome(film=task[0].film, code=KILLED, reason=SET_ASIDE)]
    suspects.update(film.film for film in task)
    waiting.extend((film,) for film in task)
    return []


def _choose_size(client: "Client", films: int) -> int:
    """Films of a task: fewer where there are few for each worker."""
    return max(1, min(TASK_FILMS, films // (AHEAD * max(1, len(list_workers(client))))))


def part_by_study(films: Sequence[Chosen], most: int) -> Iterator[tuple[Chosen, ...]]:
    """Part films, which are in the order of their studies, into tasks of at most `most`; a study is parted only where
    it is larger.
    """
    task: list[Chosen] = []
    for _, group in groupby(films, key=_get_study):
        study = list(group)
        if task and len(task) + len(study) > most:
            yield tuple(task)
            task = []
        task += study
        while len(task) >= most:
            yield tuple(task[:most])
            task = task[most:]
    if task:
        yield tuple(task)


def _get_study(film: Chosen) -> str:
    return film.study


def sum_cost(file: Path) -> dict[str, float]:
    """Seconds by stage, of all films together."""
    table = read_table(file)
    summed: dict[str, float] = {}
    for stage, seconds in zip(table.column("stage").to_pylist(), table.column("seconds").to_pylist(), strict=True):
        summed[stage] = summed.get(stage, 0.0) + seconds
    return {stage: round(seconds, 3) for stage, seconds in summed.items()}


def count_failures(file: Path) -> dict[str, int]:
    """How many films failed, by code."""
    return dict(Counter(read_table(file).column("code").to_pylist()).most_common())


def write_run(folder: Path, options: dict[str, Any], result: CohortResult) -> None:
    """Write by what a run can be cited: version, weights, options, counts and the hashes of its tables.

    It tells no day and no machine, so that the same run writes the same file.
    """
    tables = {}
    for name in ("results", "patients", "failures"):
        content = (folder / f"{name}.parquet").read_bytes()
        tables[f"{name}.parquet"] = {"rows": result.rows[name], "sha256": hashlib.sha256(content).hexdigest()}
    choice = result.choice
    told = {
        "schema": RUN_SCHEMA,
        **options,
        "counts": {
            "files": choice.files,
            "no_film": choice.unreadable,
            "copies": choice.copies,
            "not_asked_for": choice.unwanted,
            "examined": result.rows["results"],
            "failed": result.rows["failures"] - choice.unreadable,
            "patients": result.rows["patients"],
        },
        "failures": dict(sorted(result.failures.items())),
        "expectation": result.expectation.describe(),
        "tables": tables,
    }
    write_whole(folder / RUN, (json.dumps(told, indent=1) + "\n").encode())
