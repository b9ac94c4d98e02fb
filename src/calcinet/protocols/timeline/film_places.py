"""Marks of films as they lie on the first film of their place: which are the same vessel, net or focus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.geometry.line_strips import STEP_MM, correlate_strips, sharpen, spread_strip
from calcinet.geometry.registration import Registration, register
from calcinet.image import Image
from calcinet.measure.radiograph.repeatability import REPEATABILITY as OF_SUMS
from calcinet.protocols.timeline.compared import list_pairs, may_be_the_detectors
from calcinet.protocols.timeline.imaged import Series
from calcinet.protocols.timeline.laid_places import LaidPlaces
from calcinet.protocols.timeline.matching import MatchedMark
from calcinet.protocols.timeline.visits import Place, Visit
from calcinet.record import FindingRecord, ImageRecord
from calcinet.text import say

GRID_MM: Final = 2.0
"""The same of an area, which has more of them."""


SUMMED: Final[Mapping[str, tuple[str, ...]]] = {
    "vessel": ("calcified_area_mm2", "calcified_length_mm"),
    "net": ("net.area_cm2", "net.mesh_mm"),
}
"""Measures of a whole film that the marks of a kind make up."""

LEAST_AGAIN: Final = 0.5
"""Share of what one of two films shows of a kind that is marked on the other, too, where sums are compared. Our choice:
growth leaves what was there, and loss leaves less of it; where neither film has half of its marks on the other, the
detector marked other stretches."""

ELSEWHERE: Final = say(
    "less than half of what is marked on either film is marked on the other, so that the difference may be the "
    "detector's: look at both films"
)

ALIKE: Final = 0.6
"""Correlation of two strips along a line from which they are the same. Our choice: of stretches of generated arteries
that one of two films had marked, 89 % of 784 had it where the calcium was still there; of places beside them 14 %.
Of 49 whose calcium was gone 67 % had it, too, for bone looks the same: what is alike is not known to be there."""

WINDOW_MM: Final = 15.0
"""Length of which that is asked. Our choice."""

LEAST_MM: Final = 8
"""A shorter stretch is not looked at. Our choice: more than its smoothing."""

LOOKS_ALIKE: Final = say(
    "what is marked on one film alone looks the same on the other, so that the difference may be the detector's: look "
    "at both films"
)

NO_SIZE: Final = say("the size of a pixel is not known on both; give the original DICOM files")


@dataclass(frozen=True, slots=True, eq=False)
class FilmPlace:
    """A film of a place; its points are in mm of the first one, shape (N, 2), rows and columns."""

    image: ImageRecord
    baseline: ImageRecord
    laid: Registration | None
    """None of the baseline itself."""
    plane: Pixels | None = None
    """Its pixels; without them nothing is looked at."""

    def place(self, finding: FindingRecord) -> Floats:
        """Points along a centre line or over an outlined area."""
        points = fill_points(finding, _require_size(self.image))
        if self.laid is None or not len(points):
            return points
        return self.laid.go_back(points / _require_size(self.image)) * _require_size(self.baseline)

    def shows(self, points: Floats) -> Mask:
        """Whether points lie in the field of this film."""
        own = points / _require_size(self.baseline)
        if self.laid is not None:
            own = self.laid.follow(own)
        return np.asarray(((own >= 0) & (own <= np.array(self.image.shape) - 1)).all(axis=1))

    def measure(self, finding: FindingRecord) -> float | None:
        """Length of a vessel in mm, area of a net or a focus in mm2."""
        if finding.kind == "vessel":
            return finding.length_mm
        return finding.area_mm2

    def find_alike(self, points: Floats, marked_on: "FilmPlace") -> Mask:
        """Whether a stretch that is marked on another film looks the same on this one, in windows of `WINDOW_MM`."""
        alike = np.zeros(len(points), bool)
        if self.plane is None or marked_on.plane is None or len(points) < LEAST_MM:
            return alike
        places = spread_strip(points)
        own, other = (sharpen(film.read_strip(places)) for film in (self, marked_on))
        windows = max(1, round(len(points) / WINDOW_MM))
        for part in np.array_split(np.arange(len(points)), windows):
            alike[part] = correlate_strips(own[part], other[part]) >= ALIKE
        return alike

    def read_strip(self, places: Floats) -> Floats:
        """Grey values (N, K) at places (N, K, 2) in mm of the first film."""
        own = places.reshape(-1, 2) / _require_size(self.baseline)
        if self.laid is not None:
            own = self.laid.follow(own)
        values = ndimage.map_coordinates(np.asarray(self.plane, np.float32), own.T, order=1, mode="nearest")
        return np.asarray(values, np.float64).reshape(places.shape[:2])

    def describe_fit(self) -> dict[str, float]:
        """Correlation, overlap, turn and shift."""
        if self.laid is None:
            return {}
        return {
            "correlation": self.laid.correlation,
            "overlap": self.laid.overlap,
            "angle_deg": self.laid.angle_deg,
            "shift_mm": self.laid.shift_mm,
        }


def place_film(baseline: ImageRecord, image: Image) -> FilmPlace:
    """The first film of a place.

    Raises
    ------
    NotMeasurable
        If its pixels have no size.
    """
    _require_size(baseline)
    return FilmPlace(baseline, baseline, None, image.plane)


def lay_film(first: FilmPlace, first_image: Image, later: ImageRecord, image: Image) -> FilmPlace:
    """A later film of the place.

    Raises
    ------
    NotMeasurable
        If it does not fit on the first one, or its pixels have no size.
    """
    sizes = [tuple(_require_size(one).tolist()) for one in (first.image, later)]
    return FilmPlace(later, first.image, register(first_image.plane, image.plane, *sizes), image.plane)


def note_other_marks(
    found: LaidPlaces,
    place: Place,
    series: Series,
    marks: Sequence[MatchedMark],
    placed: Sequence[FilmPlace],
    visits: Sequence[Visit],
) -> None:
    """Note the sums of two films that are of other marks, or whose difference may be the detector's."""
    del placed, visits
    error = OF_SUMS["calcified_length_mm"]
    for earlier, later in list_pairs(len(series)):
        records = series[earlier][0], series[later][0]
        vessels = [mark for mark in marks if mark.kind == "vessel"]
        if may_be_the_detectors(*_add_lengths(vessels, earlier), *_add_lengths(vessels, later), error):
            found.note_elsewhere(place, SUMMED["vessel"], records, LOOKS_ALIKE)
        for kind, measures in SUMMED.items():
            if _is_elsewhere([mark for mark in marks if mark.kind == kind], earlier, later):
                found.note_elsewhere(place, measures, records, ELSEWHERE)


def _add_lengths(marks: Sequence[MatchedMark], film: int) -> tuple[float, float]:
    """Length that is marked on a film in mm, and that which another has marked and that looks the same on it."""
    return sum(mark.sizes[film] or 0.0 for mark in marks), sum(mark.alike[film] for mark in marks)


def _is_elsewhere(marks: Sequence[MatchedMark], earlier: int, later: int) -> bool:
    """Whether neither of two films has `LEAST_AGAIN` of its marks on the other."""
    sizes = np.array([(mark.sizes[earlier] or 0.0, mark.sizes[later] or 0.0) for mark in marks]).reshape(-1, 2)
    whole = sizes.sum(axis=0)
    again = sizes[(sizes > 0).all(axis=1)].sum(axis=0)
    return bool((whole > 0).all() and (again < LEAST_AGAIN * whole).all())


def _require_size(image: ImageRecord) -> Floats:
    """Rows and columns of a pixel in mm."""
    if image.spacing_mm is None or not image.size_known:
        raise NotMeasurable(NO_SIZE)
    return np.array(image.spacing_mm, np.float64)


def fill_points(finding: FindingRecord, pixel_mm: Floats) -> Floats:
    """Points (N, 2) in mm along a centre line or over an outlined area of a picture."""
    line = np.asarray(finding.polyline or finding.outline, np.float64).reshape(-1, 2) * pixel_mm
    if finding.polyline or len(line) < 3:
        return walk(line)
    low = line.min(axis=0)
    rows, columns = (np.ceil((line.max(axis=0) - low) / GRID_MM).astype(int) + 1).tolist()
    canvas = np.zeros((rows, columns), np.uint8)
    corners = np.rint((line - low) / GRID_MM).astype(np.int32)[:, ::-1]
    cv2.fillPoly(canvas, [corners.reshape(-1, 1, 2)], color=(1,))
    return np.asarray(np.argwhere(canvas) * GRID_MM + low, np.float64)


def walk(line: Floats) -> Floats:
    """The points of a line, in mm, with further ones between them."""
    parts = [line[:1]]
    for start, end in pairwise(line):
        steps = max(1, int(np.ceil(np.linalg.norm(end - start) / STEP_MM)))
        parts.append(start + (end - start) * (np.arange(1, steps + 1) / steps)[:, None])
    return np.asarray(np.concatenate(parts), np.float64)
