"""False vessels and false nets on real films of limbs in which no reader saw such calcium."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from benchmarks.accuracy import CALLED, net_probability
from benchmarks.agreement import Estimate
from benchmarks.goals import Figure, at_most, figure_table, log_figures
from benchmarks.patients import (
    CALF_MM,
    PatientFilm,
    calves,
    is_turned,
    mean_by_patient,
    measured_limbs,
    open_limbs,
    percentile_by_patient,
    share_by_patient,
)
from benchmarks.tables import Cell, Table, progress, shown
from calcinet.errors import NotMeasurable, Unreadable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.image import Image
from calcinet.mask_labels import NET, VESSEL, Tissue
from calcinet.protocols import examine_image

FALSE_VESSELS: Final = at_most(0.15)
"""A film."""

FALSE_NETS: Final = at_most(0.01)
"""Share of films."""

MARKED_PERCENT: Final = at_most(0.1)
"""Of the soft tissue, on the film that marks more than nine of ten others."""

PERCENTILE: Final = 90.0

SAID_EVERY: Final = 10
"""Films between two lines of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentFilm:
    """What was marked on a film without such calcium."""

    patient: str
    anatomy: str
    courses: int
    """Courses of vessels; where the record has none, its vessels."""
    vessels: int
    foci: int
    has_net: bool
    """Outlined, or called by its probability."""
    is_turned: bool
    """The reader took black for white."""
    percent: float
    """Pixels marked vessel or net over those of soft tissue."""


def silence_tables(data: Path, films: int | None = None) -> list[Table]:
    """False marks on the sets together, on each, and by part of the body; empty where the films are not there."""
    once = _examine_sets(
        {
            "limbs, measured only": measured_limbs(data),
            "calves, without spacing": calves(data),
            "open limbs, held out": open_limbs(data),
        },
        films,
    )
    again = _examine_sets({f"calves, {CALF_MM:g} mm": calves(data, CALF_MM)}, films)
    if not once:
        return []
    seen = {**once, **again}
    whole = {"all sets": list(chain.from_iterable(once.values())), **seen}
    figures = []
    for name, some in whole.items():
        figures += _count(some, name)
    log_figures("silence", figures)
    return [
        figure_table("False marks on real films of limbs", figures, _explain()),
        _list_by_anatomy(seen),
    ]


def _explain() -> str:
    return (
        "All sets: each film once, the calves without a spacing. A course is one vessel, in however many findings it "
        f"comes. False net: outlined, or probability at least {CALLED}. Percent: pixels marked vessel or net over "
        f"those of soft tissue, {PERCENTILE:g}th percentile of the films. Intervals resample patients; each film of "
        "the calves and of the limbs measured only counts as one."
    )


def _examine_sets(sets: Mapping[str, Sequence[PatientFilm]], films: int | None) -> dict[str, list[SilentFilm]]:
    """What was marked on each set that is there, or on its first films."""
    seen = {}
    for name, some in sets.items():
        if some:
            seen[name] = _examine_all(some[:films], name)
            for figure in _count(seen[name], name):
                progress(f"  {figure.name}: {shown(figure.reached)}")
    return seen


def _examine_all(films: Sequence[PatientFilm], name: str) -> list[SilentFilm]:
    seen = []
    for number, film in enumerate(films, start=1):
        if number % SAID_EVERY == 1:
            progress(f"{name}: film {number} of {len(films)}")
        try:
            seen.append(examine_silent(film.read(), film.patient, film.anatomy))
        except (NotMeasurable, Unreadable) as refusal:
            progress(f"  a film was refused: {refusal}")
    return seen


def examine_silent(image: Image, patient: str, anatomy: str) -> SilentFilm:
    """Examine one film and count its marks.

    Raises
    ------
    NotMeasurable
        If it shows no tissue.
    """
    record, examined = examine_image(image, "img-1")
    soft = int(find_regions(image)[Tissue.SOFT].sum())
    mask = examined.mask
    marked = int(((mask == VESSEL) | (mask == NET)).sum())
    vessels = len(record.findings_of("vessel"))
    return SilentFilm(
        patient=patient,
        anatomy=anatomy,
        courses=len(record.courses) or vessels,
        vessels=vessels,
        foci=len(record.findings_of("focus")),
        has_net=bool(record.findings_of("net")) or net_probability(record) >= CALLED,
        is_turned=is_turned(image),
        percent=100 * marked / max(soft, 1),
    )


def _count(films: Sequence[SilentFilm], name: str) -> list[Figure]:
    patients = [film.patient for film in films]

    def mean_of(count: Callable[[SilentFilm], int]) -> Estimate:
        return mean_by_patient([count(film) for film in films], patients)

    percent = percentile_by_patient([film.percent for film in films], PERCENTILE, patients)
    nets = share_by_patient([film.has_net for film in films], patients)
    of = len(films)
    return [
        Figure(name=f"{name}: false courses a film", reached=mean_of(_get_courses), of=of, goal=FALSE_VESSELS),
        Figure(name=f"{name}: false vessel findings a film", reached=mean_of(_get_vessels), of=of),
        Figure(name=f"{name}: films with a false net", reached=nets, of=of, goal=FALSE_NETS),
        Figure(name=f"{name}: % of soft tissue marked", reached=percent, of=of, goal=MARKED_PERCENT),
        Figure(name=f"{name}: foci a film", reached=mean_of(_get_foci), of=of),
    ]


def _get_courses(film: SilentFilm) -> int:
    return film.courses


def _get_vessels(film: SilentFilm) -> int:
    return film.vessels


def _get_foci(film: SilentFilm) -> int:
    return film.foci


def _list_by_anatomy(seen: Mapping[str, Sequence[SilentFilm]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, films in seen.items():
        for anatomy in sorted({film.anatomy for film in films}):
            own = [film for film in films if film.anatomy == anatomy]
            courses = mean_by_patient([film.courses for film in own], [film.patient for film in own])
            silent = sum(not film.vessels for film in own)
            nets, foci = sum(film.has_net for film in own), sum(film.foci for film in own)
            turned = sum(film.is_turned for film in own)
            rows.append((f"{name}: {anatomy}", len(own), courses, silent, nets, foci, turned))
    columns = ("set and part", "films", "false courses a film", "without a vessel", "false nets", "foci", "turned over")
    note = "Turned over: the reader took black for white and says so."
    return Table("The same by part of the body", columns, tuple(rows), note)
