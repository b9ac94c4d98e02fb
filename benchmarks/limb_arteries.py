"""Real calcified arteries of limbs: which of them are marked, and what else is marked beside them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.agreement import Mask
from benchmarks.goals import Figure, at_least, figure_table, log_figures
from benchmarks.patients import PatientFilm, mean_by_patient, read_manifest, share_by_patient
from benchmarks.tables import Cell, Table, progress
from calcinet import weights_manifest
from calcinet.arrays import Floats
from calcinet.mask_labels import VESSEL
from calcinet.protocols import examine_image
from calcinet.record import FindingRecord

FOLDER: Final = "calcified_measure_only"

LEAST_MARKED: Final = 0.25
"""Share of an artery's length that is marked where it counts as found."""

ROUND_BOX_MM: Final = 5.0
"""A vessel that keeps this far from every box is a false one. Our choice: a box by eye may cut its artery."""

ALL_FOUND: Final = at_least(0.80)
EACH_PATIENT: Final = at_least(1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of pixels about an artery; its ends x1 and y1 lie outside."""

    x0: int
    y0: int
    x1: int
    y1: int

    def grown(self, by_px: float) -> tuple[float, float, float, float]:
        """First and last row and column of the rectangle that is wider by so much on every side."""
        return self.y0 - by_px, self.y1 + by_px, self.x0 - by_px, self.x1 + by_px


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxedFilm:
    """A film and where its calcified arteries are."""

    film: PatientFilm
    boxes: tuple[Box, ...]

    pixel_mm: float
    """By which the boxes grow, whatever the film is shown with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedFilm:
    """What was marked on a film."""

    patient: str
    name: str
    shares: tuple[float, ...]
    """Share of the length that is marked, of each boxed artery."""
    outside: int
    """Vessels that touch no box."""

    @property
    def found(self) -> int:
        """Arteries that count as found."""
        return sum(share >= LEAST_MARKED for share in self.shares)


def parse_boxes(text: str) -> tuple[Box, ...]:
    """Boxes as the manifest holds them.

    >>> parse_boxes("1,2,3,9;4,5,6,7")[1]
    Box(x0=4, y0=5, x1=6, y1=7)
    """
    boxes = []
    for corners in text.split(";"):
        x0, y0, x1, y1 = map(int, corners.split(","))
        boxes.append(Box(x0=x0, y0=y0, x1=x1, y1=y1))
    return tuple(boxes)


def share_of_length_marked(marked: Mask, box: Box) -> float:
    """Share of a box's rows, or columns where it is wider than high, that hold a marked pixel; `marked` is (Y, X)."""
    inside = marked[box.y0 : box.y1, box.x0 : box.x1]
    across = 0
    if box.y1 - box.y0 >= box.x1 - box.x0:
        across = 1
    return float(inside.any(axis=across).mean())


def count_outside(lines: Sequence[Floats], boxes: Sequence[Box], by_px: float) -> int:
    """Lines (N, 2: row and column) no point of which lies in a box grown by so many pixels."""
    outside = 0
    for line in lines:
        outside += not any(_is_touched(box.grown(by_px), line) for box in boxes)
    return outside


def _is_touched(edges: tuple[float, float, float, float], line: Floats) -> bool:
    top, bottom, left, right = edges
    rows, columns = np.asarray(line).T
    return bool(((rows >= top) & (rows <= bottom) & (columns >= left) & (columns <= right)).any())


def artery_tables(data: Path, films: int | None = None, keep: Path | None = None) -> list[Table]:
    """The boxed arteries, with the film's spacing and without one; empty where the films are not there.

    What was counted with the spacing on all films is written to `keep`.
    """
    boxed = _read_boxed(data)[:films]
    if not boxed:
        progress(f"calcified arteries skipped: no {FOLDER}; name the folder of films with --data")
        return []
    shown = {"with spacing": boxed, "without spacing": [_omit_spacing(one) for one in boxed]}
    marked = {name: _examine_all(some, name) for name, some in shown.items()}
    figures = []
    for name, some in marked.items():
        figures += _count(some, name)
    log_figures("arteries", figures)
    if keep is not None and films is None:
        write_recall(marked["with spacing"], keep)
    note = (
        f"An artery is found where at least {LEAST_MARKED:g} of the rows (columns) of its box hold a pixel marked "
        f"vessel. False: a vessel that keeps {ROUND_BOX_MM:g} mm from every box. Intervals resample patients."
    )
    return [
        figure_table("Real calcified arteries of limbs", figures, note),
        _list_films(marked),
        _list_patients(marked),
    ]


def write_recall(films: Sequence[MarkedFilm], path: Path) -> None:
    """Write what `weights_manifest.artery_recall` reads."""
    content = {
        "weights_sha256": weights_manifest.sha256(),
        "found": sum(film.found for film in films),
        "arteries": sum(len(film.shares) for film in films),
        "patients": len({film.patient for film in films}),
        "made_by": "python -m benchmarks --only arteries --keep-recall",
        "date": datetime.now(UTC).date().isoformat(),
    }
    path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")


def _read_boxed(data: Path) -> list[BoxedFilm]:
    manifest = data / FOLDER / "positives.csv"
    if not manifest.is_file():
        return []
    boxed = []
    for entry in read_manifest(manifest):
        mm = float(entry["spacing_mm_guess"])
        path = manifest.parent / entry["file"]
        film = PatientFilm(patient=entry["patient"], path=path, anatomy=entry["anatomy"], spacing_mm=mm)
        boxed.append(BoxedFilm(film=film, boxes=parse_boxes(entry["boxes"]), pixel_mm=mm))
    return boxed


def _omit_spacing(boxed: BoxedFilm) -> BoxedFilm:
    return replace(boxed, film=replace(boxed.film, spacing_mm=None))


def _examine_all(films: Sequence[BoxedFilm], name: str) -> list[MarkedFilm]:
    marked = []
    for number, boxed in enumerate(films, start=1):
        progress(f"calcified film {number} of {len(films)}, {name}")
        marked.append(examine_boxed(boxed))
    return marked


def examine_boxed(boxed: BoxedFilm) -> MarkedFilm:
    """Examine a film and look into its boxes."""
    record, examined = examine_image(boxed.film.read(), "img-1")
    vessels = examined.mask == VESSEL
    lines = [_gather_points(finding) for finding in record.findings_of("vessel")]
    return MarkedFilm(
        patient=boxed.film.patient,
        name=boxed.film.path.stem,
        shares=tuple(share_of_length_marked(vessels, box) for box in boxed.boxes),
        outside=count_outside(lines, boxed.boxes, ROUND_BOX_MM / boxed.pixel_mm),
    )


def _gather_points(finding: FindingRecord) -> Floats:
    """A finding's centre line and outline, (N, 2)."""
    return np.array([*finding.polyline, *finding.outline], dtype=float).reshape(-1, 2)


def _count(films: Sequence[MarkedFilm], name: str) -> list[Figure]:
    owners: list[str] = []
    found: list[bool] = []
    for film in films:
        owners += [film.patient] * len(film.shares)
        found += [share >= LEAST_MARKED for share in film.shares]
    patients = sorted({film.patient for film in films})
    with_one = {film.patient for film in films if film.found}
    has_one = [patient in with_one for patient in patients]
    outside = [film.outside for film in films]
    return [
        Figure(
            name=f"boxed arteries found, {name}",
            reached=share_by_patient(found, owners),
            of=len(found),
            goal=ALL_FOUND,
        ),
        Figure(
            name=f"patients with an artery found, {name}",
            reached=share_by_patient(has_one, patients),
            of=len(patients),
            goal=EACH_PATIENT,
        ),
        Figure(
            name=f"false vessels a film, {name}",
            reached=mean_by_patient(outside, [film.patient for film in films]),
            of=len(films),
        ),
    ]


def _list_films(marked: dict[str, list[MarkedFilm]]) -> Table:
    """Each film in a row: arteries found and their marked shares, by what it was shown with."""
    rows: list[tuple[Cell, ...]] = []
    for same in zip(*marked.values(), strict=True):
        row: list[Cell] = [same[0].patient, same[0].name]
        for film in same:
            shares = " ".join(f"{share:.2f}" for share in film.shares)
            row += [f"{film.found} of {len(film.shares)}", shares, film.outside]
        rows.append(tuple(row))
    columns = ["patient", "film"]
    for name in marked:
        columns += [f"found, {name}", "share of length", "false"]
    return Table("The same film by film", tuple(columns), tuple(rows), "Shares in the order of the boxes.")


def _list_patients(marked: dict[str, list[MarkedFilm]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for patient in sorted({film.patient for film in chain.from_iterable(marked.values())}):
        row: list[Cell] = [patient]
        for films in marked.values():
            own = [film for film in films if film.patient == patient]
            row += [len(own), f"{sum(film.found for film in own)} of {sum(len(film.shares) for film in own)}"]
            row.append(sum(film.outside for film in own))
        rows.append(tuple(row))
    columns = ["patient"]
    for name in marked:
        columns += ["films", f"found, {name}", "false"]
    return Table("The same by patient", tuple(columns), tuple(rows))
