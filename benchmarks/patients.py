"""Real films with the patient whom each shows, and figures whose intervals resample patients."""

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Estimate, Indices, bootstrap, clopper_pearson
from benchmarks.films import limbs
from benchmarks.tables import progress
from calcinet.image import Image
from calcinet.io import read
from calcinet.training.film_split import list_films

OPEN_LIMB_MM: Final = 0.149
"""Pixel of the open limb films. Our choice: a cassette of 43 cm over their 2880 rows."""

CALF_MM: Final = 0.4
"""Pixel of the calves where one is given. Our choice: a calf and foot of some 40 cm over their 1000 rows."""

TAIL: Final = 0.025
"""Probability beyond each end of an interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientFilm:
    """A film on disk."""

    patient: str
    path: Path
    anatomy: str
    spacing_mm: float | None
    """As it is given to the reader; None: the film is examined without a spacing."""

    def read(self) -> Image:
        """The film; raises as `io.read` does."""
        return read(self.path, spacing_mm=self.spacing_mm, modality="DX")


def open_limbs(data: Path) -> list[PatientFilm]:
    """Open films of limbs whose patients are held out for measuring; none where they are not there."""
    folder = data / "limbs_open"
    if not _has_manifest(folder / "manifest.csv"):
        return []
    return [
        PatientFilm(patient=patient, path=path, anatomy=path.parent.name, spacing_mm=OPEN_LIMB_MM)
        for patient, path in list_films(folder, "measure")
    ]


def measured_limbs(data: Path) -> list[PatientFilm]:
    """Limb films kept for measuring alone, each of another patient; none where they are not there."""
    films = []
    for group in limbs(data):
        for path in group.paths:
            anatomy = group.name.removeprefix("limb: ")
            films.append(PatientFilm(patient=path.name, path=path, anatomy=anatomy, spacing_mm=None))
    return films


def calves(data: Path, spacing_mm: float | None = None) -> list[PatientFilm]:
    """Films of calves kept for measuring alone, each counted as another patient; none where they are not there."""
    folder = data / "calves_measure_only"
    if not _has_manifest(folder / "manifest.csv"):
        return []
    return [
        PatientFilm(patient=entry["file"], path=folder / entry["file"], anatomy=entry["anatomy"], spacing_mm=spacing_mm)
        for entry in read_manifest(folder / "manifest.csv")
    ]


def first_of_each_patient(films: Sequence[PatientFilm]) -> list[PatientFilm]:
    """One film of each patient, in their order."""
    first: dict[str, PatientFilm] = {}
    for film in films:
        first.setdefault(film.patient, film)
    return list(first.values())


def is_turned(image: Image) -> bool:
    """Whether the reader took black for white and turned the film over."""
    return any("polarity was inverted" in caution for caution in image.cautions)


def read_upright(film: PatientFilm) -> Image:
    """An open film as it is on disk, its bones bright, where the reader turned it over too."""
    image = film.read()
    if not is_turned(image):
        return image
    pixels = image.pixels.max() + image.pixels.min() - image.pixels
    return replace(image, pixels=pixels, cautions=tuple(text for text in image.cautions if "polarity" not in text))


def read_manifest(path: Path) -> list[dict[str, str]]:
    """The lines of a table of films, by the names of its columns."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def by_patient(statistic: Callable[[Indices], float], patients: Sequence[str]) -> Estimate:
    """Percentile interval of a statistic over resampled patients; its count is that of patients.

    Parameters
    ----------
    statistic
        Takes the indices of films (or of what else is counted), some of them several times.
    patients
        Whom each film shows.
    """
    _, numbers = np.unique(np.array(patients, dtype=str), return_inverse=True)
    films_of = [np.flatnonzero(numbers == number) for number in range(int(numbers.max(initial=-1)) + 1)]
    if not films_of:
        return Estimate(math.nan, math.nan, math.nan, 0)
    return bootstrap(lambda drawn: statistic(np.concatenate([films_of[one] for one in drawn])), len(films_of))


def share_by_patient(hits: Sequence[bool] | NDArray[np.bool_], patients: Sequence[str]) -> Estimate:
    """Share of what was hit, patients resampled; where none or all was, with the exact interval of so many patients."""
    hit = np.array(hits, dtype=float)
    found = by_patient(lambda at: float(hit[at].mean()), patients)
    if hit.size and found.value in (0.0, 1.0):
        exact = clopper_pearson(int(found.value) * found.count, found.count)
        return Estimate(found.value, exact.low, exact.high, found.count)
    return found


def mean_by_patient(counts: Sequence[float] | NDArray[np.float64], patients: Sequence[str]) -> Estimate:
    """Mean count a film, patients resampled; where nothing was counted, up to Poisson's limit for so many patients."""
    count = np.array(counts, dtype=float)
    found = by_patient(lambda at: float(count[at].mean()), patients)
    if count.size and not count.any():
        return Estimate(0.0, 0.0, -math.log(TAIL) / found.count, found.count)
    return found


def percentile_by_patient(values: Sequence[float], percent: float, patients: Sequence[str]) -> Estimate:
    """Percentile of a value over films, patients resampled."""
    value = np.array(values, dtype=float)
    return by_patient(lambda at: float(np.percentile(value[at], percent)), patients)


def _has_manifest(path: Path) -> bool:
    if not path.is_file():
        progress(f"films skipped: no {path.parent.name}/{path.name}; name the folder of films with --data")
    return path.is_file()
