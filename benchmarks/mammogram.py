"""What calcinet finds on mammograms: of phantoms, of calcium put into real ones, and where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import Estimate, Indices, Overlap, bootstrap, clopper_pearson, pooled
from benchmarks.tables import Cell, Table, progress
from calcinet.errors import NotMeasurable
from calcinet.findings.mammogram.breast import find_breast
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.phantoms.implant import Implant, add_growths, local_noise
from calcinet.phantoms.mammogram import breast, grade_of, grow_arteries, random_arteries, random_breast
from calcinet.phantoms.truth import VESSEL
from calcinet.protocols import examine_image
from calcinet.record import ImageRecord

ACCEPTANCE_SEEDS: Final = tuple(range(5000, 5040))
"""Forty phantoms to judge by; nothing is trained on them or set by them. Their grades go round."""

HELD_OUT: Final = ("P121", "P137", "P143", "P152", "P191", "P84", "P99")
"""Mammograms of the source that the detector of the breast was not trained on, without calcified arteries."""

CALCIFIED: Final = "P165"
"""One more that it was not trained on: an artery of it is calcified."""

ENLARGED: Final = (1, 2, 4)
"""Real mammograms are used as they are and enlarged: they were made small for publication."""

IMPLANT_SEED: Final = 6000
ROUNDS: Final = 1
"""Each real mammogram gets other arteries so many times at either size."""

FIELD_MM: Final = 240.0
"""What a real mammogram is taken to measure, for the width of the arteries that are put in."""

IN_TEXTURE: Final = (3.5, 9.0)
"""Contrast of walls that are put in, over the deviation of the detail about them."""

TEXTURE_MM: Final = 1.4
"""Detail of a real mammogram that is finer than this is what hides calcium on it: three pixels of the films used."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedBreast:
    """One mammogram whose truth is known."""

    vessel: Overlap
    grade: int | None
    """None where the truth has no grade."""
    graded: int
    length_px: float
    """Calcified length that was marked."""
    length_mm: float | None
    height_px: int
    true_mm: float | None = None
    """Calcified length, as `phantoms.definitions` says it."""
    interval_mm: tuple[float, float] | None = None


def mammogram_tables(data: Path, seeds: Sequence[int] = ACCEPTANCE_SEEDS) -> list[Table]:
    """Phantoms, and the real mammograms of `data` where they are there."""
    phantoms = []
    for number, seed in enumerate(seeds, start=1):
        progress(f"mammogram phantom {number} of {len(seeds)}")
        phantoms.append(judge(seed))
    tables = [_phantom_table(phantoms), _grade_table(phantoms)]
    films = held_out(data)
    if not films:
        progress(f"real mammograms skipped: none in {data}; name the folder with --data")
        return tables
    implants = {size: [one for film in films for one in _implanted(film, size)] for size in ENLARGED}
    return [*tables, _implant_table(implants), _real_table(data)]


def held_out(data: Path) -> list[Path]:
    """The mammograms without calcium that the detector was not trained on."""
    return [path for name in HELD_OUT for path in sorted((data / "backgrounds" / "breast").glob(f"*{name}_*.jpg"))]


def judge(seed: int) -> JudgedBreast:
    """Make the phantom of a seed, examine it, and compare."""
    phantom = breast(random_breast(seed, grade=seed % 4))
    pixel_mm = phantom.image.require_spacing_mm()[1:]
    true_mm = sum(vessel.calcified_length_mm(pixel_mm) for vessel in phantom.truth.vessels)
    film = judged(phantom.image, phantom.truth.mask, grade_of(phantom.spec.arteries))
    return replace(film, true_mm=true_mm)


def judged(image: Image, truth: NDArray[np.uint8] | None, grade: int | None) -> JudgedBreast:
    """Examine a mammogram and compare with its label map; without one nothing is true."""
    record, examined = examine_image(image, "img-1")
    true = np.zeros(image.plane.shape, np.bool_) if truth is None else truth == VESSEL
    rows = np.flatnonzero(find_breast(image).regions[Tissue.SOFT].any(axis=1))
    return JudgedBreast(
        vessel=Overlap.of_pixels(examined.mask == VESSEL, true),
        grade=grade,
        graded=record.breast.grade if record.breast is not None else 0,
        length_px=marked_px(record),
        length_mm=record.measures.get("bac.length_mm"),
        height_px=len(rows),
        interval_mm=record.intervals95.get("bac.length_mm"),
    )


def marked_px(record: ImageRecord) -> float:
    """Calcified length of all arteries in pixels of the picture."""
    return sum(finding.length_px or 0.0 for finding in record.findings if finding.kind == "vessel")


def real_mammogram(path: Path, enlarged: int = 1) -> Image:
    """A picture of a mammogram without a pixel size."""
    plane = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if plane is None:
        raise FileNotFoundError(path.name)
    grey = plane.astype(np.float32)
    if enlarged > 1:
        grey = cv2.resize(grey, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC).astype(np.float32)
    return Image(grey[np.newaxis], None, "1", modality="MG", anatomy="breast", view=_view(path))


def _view(path: Path) -> str:
    return "MLO" if "MLO" in path.stem else "CC"


def with_arteries(film: Image, grade: int, seed: int, pixel_mm: float) -> Implant:
    """The film with arteries of a grade in its breast, their contrast counted in its texture."""
    rng = np.random.default_rng([seed, 77])
    regions = find_breast(film).regions
    per_mm = 1.0 if regions.depth_unit == "mm" else 1 / pixel_mm
    where = regions[Tissue.SOFT] & (regions.depth > 3 * per_mm)
    over_noise = float(np.median(texture(film.plane, pixel_mm)[where] / local_noise(film.plane)[where]))
    specs = [
        replace(one, contrast_in_noise=float(rng.uniform(*IN_TEXTURE)) * over_noise, length_mm=max(one.length_mm, 50.0))
        for one in random_arteries(grade, rng)
    ]
    grown = grow_arteries(specs, where, rng, pixel_mm=pixel_mm, blur_px=0.7)
    return add_growths(film.plane, [one for one in grown if one.deposit.footprint.any()])


def texture(plane: NDArray[np.float32], pixel_mm: float) -> NDArray[np.float32]:
    """Local deviation of detail finer than `TEXTURE_MM`: noise and strands of tissue alike."""
    size = TEXTURE_MM / pixel_mm
    fine = plane - cv2.GaussianBlur(plane, (0, 0), size)
    spread = np.sqrt(cv2.GaussianBlur(fine**2, (0, 0), 4 * size))
    return np.asarray(np.maximum(spread, 0.5), np.float32)


def _implanted(path: Path, enlarged: int) -> list[JudgedBreast]:
    progress(f"arteries put into a real mammogram, enlarged {enlarged} times")
    film = real_mammogram(path, enlarged)
    number = HELD_OUT.index(next(name for name in HELD_OUT if f"{name}_" in path.name))
    found = []
    for turn in range(ROUNDS):
        grade = 2 + (number + turn) % 2
        seed = IMPLANT_SEED + 10 * number + turn
        made = with_arteries(film, grade, seed, FIELD_MM / max(film.plane.shape))
        found.append(judged(replace(film, pixels=made.film[np.newaxis]), made.mask, grade))
    return found


def _dice(films: Sequence[JudgedBreast]) -> Estimate:
    return bootstrap(lambda at: pooled(films[i].vessel for i in at).dice, len(films))


def _mean_dice(films: Sequence[JudgedBreast]) -> Estimate:
    dice = np.array([film.vessel.dice for film in films if film.vessel.true])
    return bootstrap(lambda at: float(dice[at].mean()), len(dice))


def _right(films: Sequence[JudgedBreast]) -> Estimate:
    return clopper_pearson(sum(film.grade == film.graded for film in films), len(films))


def _median(values: Sequence[float]) -> Estimate:
    array = np.array(values)

    def of(at: Indices) -> float:
        return float(np.median(array[at]))

    return bootstrap(of, len(array))


def _length_ratio(films: Sequence[JudgedBreast]) -> Estimate:
    found = np.array([film.length_mm or 0.0 for film in films])
    true = np.array([film.true_mm or 0.0 for film in films])
    return bootstrap(lambda at: float(found[at].sum() / max(true[at].sum(), 1e-9)), len(films))


def _lengths_held(films: Sequence[JudgedBreast]) -> Estimate:
    held = 0
    for film in films:
        low, high = film.interval_mm or (np.inf, -np.inf)
        held += low <= (film.true_mm or 0.0) <= high
    return clopper_pearson(held, len(films))


def _phantom_table(films: Sequence[JudgedBreast]) -> Table:
    clean = [film.length_mm or 0.0 for film in films if film.grade == 0]
    coarse = [film for film in films if film.grade is not None and film.grade >= 2]
    rows: list[tuple[Cell, ...]] = [
        ("arteries, Dice of all pixels", _dice(films)),
        ("arteries, mean Dice of films of grade 2 and 3", _mean_dice(coarse)),
        ("grade right", _right(films)),
        ("false length on films of grade 0, median, mm", _median(clean)),
        (
            "false length on films of grade 0, mean, mm",
            bootstrap(lambda at: float(np.array(clean)[at].mean()), len(clean)),
        ),
        ("films of grade 0 with at most 2 mm marked", clopper_pearson(sum(mm <= 2 for mm in clean), len(clean))),
        ("calcified length, sum found / sum true", _length_ratio(films)),
        ("intervals of the length that hold the truth", _lengths_held(films)),
        ("grade 1, found as such", _right([film for film in films if film.grade == 1])),
    ]
    note = (
        f"{len(films)} phantoms of 0.1 mm, grades 0 to 3 by turns, with ducts, ligaments, veins, clusters, clips, "
        "wires, letters and scratches at random; nothing was trained on them."
    )
    return Table("Arteries on phantoms of mammograms", ("measure", "calcinet"), tuple(rows), note)


def _grade_table(films: Sequence[JudgedBreast]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"grade {true}", *(sum(f.grade == true and f.graded == found for f in films) for found in range(4)))
        for true in range(4)
    )
    return Table("Grade on phantoms of mammograms", ("true", *(f"found {grade}" for grade in range(4))), rows)


def _implant_table(implants: dict[int, list[JudgedBreast]]) -> Table:
    every = [film for films in implants.values() for film in films]
    groups = [*((f"enlarged {size} times" if size > 1 else "as they are", f) for size, f in implants.items())]
    rows = tuple(
        (name, len(films), _dice(films), _mean_dice(films), _right(films)) for name, films in [*groups, ("all", every)]
    )
    note = (
        f"{len(HELD_OUT)} real mammograms of 512 pixels that the detector was not trained on, with arteries of 1 to "
        f"3.2 mm (the picture taken for {FIELD_MM:g} mm), contrast {IN_TEXTURE[0]:g} to {IN_TEXTURE[1]:g} times the "
        "deviation of the detail about them; intervals over pictures with calcium, of which several share a mammogram."
    )
    columns = ("mammograms", "pictures", "Dice of all pixels", "mean Dice", "grade right")
    return Table("Arteries put into real mammograms", columns, rows, note)


def _real_table(data: Path) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for size in ENLARGED:
        shares, grades = [], []
        for path in held_out(data):
            try:
                film = judged(real_mammogram(path, size), None, None)
            except NotMeasurable:
                continue
            shares.append(100 * film.length_px / film.height_px)
            grades.append(film.graded)
        name = "without calcified arteries" + (f", enlarged {size} times" if size > 1 else "")
        rows.append((name, len(shares), _median(shares), max(shares), " ".join(map(str, sorted(grades)))))
        for path in sorted((data / "backgrounds" / "breast").glob(f"*{CALCIFIED}_*.jpg")):
            film = judged(real_mammogram(path, size), None, None)
            share = 100 * film.length_px / film.height_px
            name = "one calcified artery" + (f", enlarged {size} times" if size > 1 else "")
            rows.append((name, 1, share, share, str(film.graded)))
    note = "Marked length in percent of the rows that the breast covers; none of these taught the detector."
    columns = ("real mammograms", "pictures", "median %", "highest %", "grades")
    return Table("Marks on real mammograms", columns, tuple(rows), note)
