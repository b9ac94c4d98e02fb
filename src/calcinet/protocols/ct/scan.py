"""A CT with all that was found on it, and its part of the record: scores and arteries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Mask
from calcinet.errors import NotMeasurable
from calcinet.findings.ct.finder import CtCalcium
from calcinet.image import Image
from calcinet.measure.ct.agatston import agatston_score
from calcinet.protocols.ct.finding_records import Measured
from calcinet.protocols.ct.sentences import contrast_words
from calcinet.record import CtArtery, CtRecord, CtScore

ARTERY: Final = "artery"
LEVELS: Final = ("trunk", "thigh", "lower leg", "foot", "unknown")
COMPARTMENTS: Final = (ARTERY, "muscle", "subcutis", "skin", "bone overlap", "unknown")
"""In the order of the table."""


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A CT and all that was found on it."""

    image: Image
    found: CtCalcium
    measured: Sequence[Measured]

    @property
    def contrast(self) -> bool | None:
        """Whether blood holds contrast agent: what the picture shows goes before what the header says."""
        return True if self.found.pool is not None else self.image.acquisition.contrast

    @property
    def blood_is_marked(self) -> bool:
        """Whether contrast agent was given that the threshold does not stand above: marks may be blood."""
        return self.contrast is True and self.found.pool is None

    @property
    def flat(self) -> bool:
        """Whether there is one slice alone, which has no volume."""
        return len(self.image.pixels) == 1

    def where(self, chosen: Callable[[Measured], bool]) -> Mask:
        """Voxels of some findings, shape of the volume."""
        out = np.zeros(self.found.anatomy.grid.shape, dtype=bool)
        for one in self.measured:
            if chosen(one):
                out[one.lesion.part.box] |= one.lesion.part.mask
        return out

    def sum_mm3(self, *compartments: str) -> float:
        """Volume of the calcium of some compartments."""
        return sum((m.record.volume_mm3 or 0.0 for m in self.measured if m.record.compartment in compartments), 0.0)


def ct_part(scan: Scan) -> CtRecord:
    """How it was taken, and what it showed part by part."""
    image, taken = scan.image, scan.image.acquisition
    assert image.spacing_mm is not None
    slices, height, width = image.pixels.shape
    return CtRecord(
        shape=(slices, height, width),
        spacing_mm=image.spacing_mm,
        kvp=taken.kvp,
        kernel=taken.kernel,
        slice_thickness_mm=taken.slice_thickness_mm,
        series=taken.why,
        contrast=scan.contrast,
        contrast_basis=contrast_words(taken.contrast, scan.found.pool),
        threshold_hu=scan.found.threshold_hu,
        noise_hu=scan.found.muscle.noise_hu,
        scores=_scores(scan),
        arteries=() if scan.blood_is_marked else _arteries(scan),
        left_out={str(name): count for name, count in scan.found.left_out.items()},
    )


def _scores(scan: Scan) -> tuple[CtScore, ...]:
    """Calcium by side, level and compartment; the Agatston score where arteries are scored at all."""
    groups: dict[tuple[str | None, str, str], list[Measured]] = {}
    for one in scan.measured:
        key = one.record.side, one.record.level or "unknown", one.record.compartment
        groups.setdefault(key, []).append(one)
    order = sorted(groups, key=lambda k: (k[0] or "", LEVELS.index(k[1]), COMPARTMENTS.index(k[2])))
    return tuple(_score(scan, key, groups[key]) for key in order)


def _score(scan: Scan, key: tuple[str | None, str, str], members: Sequence[Measured]) -> CtScore:
    side, level, compartment = key
    untold = scan.flat or scan.blood_is_marked
    return CtScore.model_validate(
        {
            "side": side,
            "level": level,
            "compartment": compartment,
            "lesions": len(members),
            "volume_mm3": None if untold else sum(m.record.volume_mm3 or 0.0 for m in members),
            "agatston": _group_agatston(scan, members) if compartment == ARTERY else None,
        }
    )


def _group_agatston(scan: Scan, members: Sequence[Measured]) -> float | None:
    """Score of some lesions, in the box that holds them."""
    boxes = [m.lesion.part.box for m in members]
    low = [min(box[k].start for box in boxes) for k in range(3)]
    high = [max(box[k].stop for box in boxes) for k in range(3)]
    where = np.zeros([b - a for a, b in zip(low, high, strict=True)], dtype=bool)
    for m in members:
        inner = tuple(slice(at.start - a, at.stop - a) for at, a in zip(m.lesion.part.box, low, strict=True))
        where[inner] |= m.lesion.part.mask
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    cut = Image(scan.image.pixels[box], scan.image.spacing_mm, scan.image.unit, modality="CT")
    try:
        return agatston_score(cut, where, contrast=scan.contrast).score
    except NotMeasurable:
        return None


def _arteries(scan: Scan) -> tuple[CtArtery, ...]:
    return tuple(
        CtArtery(
            side=scan.measured[path.members[0]].record.side,
            findings=tuple(scan.measured[n].record.id for n in path.members),
            length_mm=path.length_mm,
            calcified_mm=path.calcified_mm,
            calcified_percent=100 * path.calcified_share,
        )
        for path in scan.found.paths
    )
