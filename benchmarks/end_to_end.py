"""What a record says of arteries and nets beside what is there: finding, tracing and measuring together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Estimate, Indices, bootstrap, clopper_pearson
from benchmarks.calibres import RANGE_MM, CalibrePair, vessels_of
from benchmarks.known_films import JUDGE_SEEDS, MOSTLY, KnownFilm, cover_nets, known_films, true_calibre_mm
from benchmarks.tables import Cell, Table
from calcinet.mask_labels import NET
from calcinet.protocols import examine_image
from calcinet.record import ImageRecord

NET_LINE: Final = "net_line_mm"
"""Name in the record of the limit of a net's lines."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A number of a record with its interval, and the true one."""

    true: float
    value: float | None
    interval: tuple[float, float] | None

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth."""
        return self.interval is not None and self.interval[0] <= self.true <= self.interval[1]

    @property
    def log_ratio(self) -> float:
        """Logarithm of stated over true."""
        return float(np.log(self.value / self.true)) if self.value else float("nan")

    @property
    def log_width(self) -> float:
        """Logarithm of the interval's upper over its lower end."""
        return float(np.log(self.interval[1] / self.interval[0])) if self.interval else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedFilm:
    """One film and its record."""

    arteries: tuple[CalibrePair, ...]
    """Marked lines that hold an artery."""

    lines_marked: int
    area: Stated | None
    """In cm2; None where no net is called, or elsewhere."""

    mesh: Stated | None
    """In mm; likewise."""

    net_missed: bool
    finer_line: bool
    """Whether a line is marked that is finer than the limit of single lines."""

    finer_net: bool
    """Whether a net is marked whose lines are finer than the limit of nets."""


def end_to_end_tables(count: int, data: Path) -> list[Table]:
    """Examine the first films of the judge."""
    return judged_tables([judge(film) for film in known_films(JUDGE_SEEDS[:count], data, "measure")])


def judge(film: KnownFilm) -> JudgedFilm:
    """Examine one film."""
    record, examined = examine_image(film.image, "img-1")
    pairs: list[CalibrePair] = []
    for vessel in vessels_of(record):
        true_mm = true_calibre_mm(film, np.array(vessel.polyline))
        if true_mm is not None:
            pairs.append(CalibrePair(true_mm, vessel.calibre_mm, vessel.calibre_interval_mm))
    true, marked = cover_nets(film), examined.mask == NET
    found = bool(marked.any()) and float(true[marked].mean()) > MOSTLY
    return JudgedFilm(
        arteries=tuple(pairs),
        lines_marked=len(vessels_of(record)),
        area=_state(record, "net.area_cm2", float(true.sum()) * film.pixel_mm**2 / 100) if found else None,
        mesh=_state(record, "net.mesh_mm", film.nets[0].mesh_mm) if found else None,
        net_missed=bool(true.any()) and not found,
        finer_line=_marks_finer_line(record),
        finer_net=found and _lies_below(film.nets[0].line_mm, record.measures.get(NET_LINE)),
    )


def _state(record: ImageRecord, name: str, true: float) -> Stated:
    return Stated(true=true, value=record.measures.get(name), interval=record.intervals95.get(name))


def _marks_finer_line(record: ImageRecord) -> bool:
    marked_mm = [vessel.calibre_mm for vessel in vessels_of(record) if vessel.calibre_mm is not None]
    return any(_lies_below(mm, record.resolvable_mm) for mm in marked_mm)


def _lies_below(line_mm: float, limit_mm: float | None) -> bool:
    return limit_mm is not None and line_mm < limit_mm


def judged_tables(films: Sequence[JudgedFilm]) -> list[Table]:
    """Calibres, nets and limits of all films."""
    return [_calibre_table(films), _net_table(films), _limit_table(films)]


def _calibre_table(films: Sequence[JudgedFilm]) -> Table:
    low, high = RANGE_MM
    given = [[pair for pair in film.arteries if pair.found_mm is not None] for film in films]
    judged = [np.array([_error(pair) for pair in film if low <= pair.true_mm <= high]) for film in given]
    held = [pair.covers for film in given for pair in film]
    widths = [np.array([_width(pair) for pair in film]) for film in given]
    rows: tuple[tuple[Cell, ...], ...] = (
        ("95 % intervals that hold the truth", clopper_pearson(sum(held), len(held)), "0.90 to 0.98"),
        ("median |error|, 1 to 7 mm, mm", _over(judged, lambda error: np.median(np.abs(error))), "at most 0.3"),
        ("median error (bias), 1 to 7 mm, mm", _over(judged, np.median), "0"),
        ("median width of the interval over the calibre", _over(widths, np.median), ""),
    )
    marked, right = sum(film.lines_marked for film in films), sum(len(film.arteries) for film in films)
    note = (
        f"{len(films)} films, {marked} lines, {right} of them mostly within the true outer edge of an artery; "
        f"{len(held)} with a calibre, {sum(map(len, judged))} of 1 to 7 mm. Truth: median outer diameter where a line "
        "runs in its artery. Exact intervals of shares, others by bootstrap over films."
    )
    return Table("Calibre of arteries that were found", ("measure", "calcinet", "goal"), rows, note)


def _error(pair: CalibrePair) -> float:
    return (pair.found_mm or 0.0) - pair.true_mm


def _width(pair: CalibrePair) -> float:
    low, high = pair.interval_mm or (float("nan"), float("nan"))
    return (high - low) / (pair.found_mm or float("nan"))


def _net_table(films: Sequence[JudgedFilm]) -> Table:
    areas = [film.area for film in films if film.area is not None]
    meshes = [film.mesh for film in films if film.mesh is not None and film.mesh.value is not None]
    rows: list[tuple[Cell, ...]] = []
    for name, stated in (("area", areas), ("mesh", meshes)):
        rows += [
            (f"{name}: 95 % intervals that hold the truth", _share([one.holds for one in stated]), "at least 0.90"),
            (f"{name}: median of stated over true", _ratio([one.log_ratio for one in stated]), "0.90 to 1.10"),
            (f"{name}: median of the interval's upper over lower end", _ratio([one.log_width for one in stated]), ""),
        ]
    missed = sum(film.net_missed for film in films)
    note = (
        f"{len(areas)} films whose net was found, {missed} where it was missed; {len(meshes)} with a mesh. Area: all "
        "nets of the film, true within their outlines where tissue is. Exact intervals, medians by bootstrap."
    )
    return Table("Nets that were found", ("measure", "calcinet", "goal"), tuple(rows), note)


def _limit_table(films: Sequence[JudgedFilm]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = (
        ("a line or a net", _share([film.finer_line or film.finer_net for film in films]), "at most 0.05"),
        ("a line, by its calibre", _share([film.finer_line for film in films]), ""),
        ("a net, by its true lines", _share([film.finer_net for film in films]), ""),
    )
    note = "Share of films with a mark finer than the limit of detection that stands beside it; exact intervals."
    return Table("Marks finer than the stated limit", ("finer is", "films", "goal"), rows, note)


def _share(flags: Sequence[bool]) -> Estimate:
    return clopper_pearson(sum(flags), len(flags))


def _ratio(logs: Sequence[float]) -> Estimate:
    values = np.array(logs)
    return bootstrap(lambda at: float(np.exp(np.median(values[at]))) if values.size else float("nan"), len(values))


def _over(values: Sequence[Values], statistic: Callable[[Values], float]) -> Estimate:
    """A statistic over the arteries of all films, resampled by film."""

    def of(films: Indices) -> float:
        chosen = np.concatenate([values[film] for film in films])
        return float(statistic(chosen)) if chosen.size else float("nan")

    return bootstrap(of, len(values))
