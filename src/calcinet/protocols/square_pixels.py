"""A film whose pixels are not square is examined on square ones; marks and points are brought back to its own grid.

The network learned on square pixels and knows a vessel by its shape. Lengths in mm stay as they are; those in pixels
count pixels of the film's mean side, so that an area in pixels is the number of the film's pixels.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Pixels
from calcinet.examined import ExaminedImage
from calcinet.image import Image
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.corrections import NOTHING, Corrections, carry_corrections
from calcinet.protocols.groundwork import Groundwork
from calcinet.protocols.size_condition import describe_condition
from calcinet.record import FindingRecord, ImageRecord
from calcinet.record.base import Point
from calcinet.record.courses import VesselCourse
from calcinet.text import say

Examine = Callable[[Image, str, CalibreClasses, Corrections, Groundwork | None], tuple[ImageRecord, ExaminedImage]]

ENLARGED_AT_MOST: Final = 2.0
"""The coarser side of a pixel is divided by no more than this. Our choice: half a pixel is the last that interpolation
gives, and a film does not grow beyond its double."""

CHECKED_TO: Final = 2.05
"""One side of a pixel over the other up to which marks and calibres of phantoms agreed with those of square pixels."""

LENGTHS_PX: Final = (
    *("length_px", "calcified_px", "calibre_px", "depth_px"),
    *("calcified_length_px", "net.mesh_px", "bac.length_px"),
)

AREAS_PX: Final = ("area_px", "calcified_area_px", "bac.area_px")
"""Numbers in pixels, of findings, courses and images."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SquaredFilm:
    """A film on square pixels."""

    image: Image
    scale: tuple[float, float]
    """Pixels of the film in one square pixel, along rows and columns."""

    @property
    def area_px(self) -> float:
        """A square pixel, in pixels of the film."""
        return self.scale[0] * self.scale[1]

    def carry_points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        """Bring points (row, column), 0 at the middle of the first pixel, to the grid of the film."""
        rows, columns = self.scale
        return tuple(((row + 0.5) * rows - 0.5, (column + 0.5) * columns - 0.5) for row, column in points)

    def bring_points(self, points: Iterable[Point]) -> tuple[Point, ...]:
        """The other way: points of the grid of the film on square pixels."""
        rows, columns = self.scale
        return tuple(((row + 0.5) / rows - 0.5, (column + 0.5) / columns - 0.5) for row, column in points)

    def carry_numbers(self, numbers: dict[str, Any]) -> dict[str, Any]:
        """Bring the numbers in pixels to those of the film; others are left out."""
        carried = {}
        for names, factor in ((LENGTHS_PX, self.area_px**0.5), (AREAS_PX, self.area_px)):
            for name in names:
                if numbers.get(name) is not None:
                    carried[name] = numbers[name] * factor
        return carried


def on_square_pixels(examine: Examine) -> Examine:
    """The protocol of a film, for films of any pixels."""

    def examine_any(
        image: Image,
        image_id: str,
        classes: CalibreClasses,
        corrections: Corrections = NOTHING,
        groundwork: Groundwork | None = None,
    ) -> tuple[ImageRecord, ExaminedImage]:
        if not image.is_oblong:
            return examine(image, image_id, classes, corrections, groundwork)
        film = square_pixels(image)
        carried = carry_corrections(corrections, film.bring_points, film.area_px**0.5)
        record, examined = examine(film.image, image_id, classes, carried, groundwork)
        labels = resize_labels(examined.mask, image.plane.shape)
        return carry_record(record, image, film), ExaminedImage.of(image, labels, groundwork=examined.groundwork)

    return examine_any


def square_pixels(image: Image) -> SquaredFilm:
    """Resample a film to square pixels of its finer side.

    Parameters
    ----------
    image
        One slice with oblong pixels, with or without a size.
    """
    height, width = image.pixel_mm or (image.pixel_aspect, 1.0)
    side = max(min(height, width), max(height, width) / ENLARGED_AT_MOST)
    rows, columns = image.plane.shape
    new_rows, new_columns = max(1, round(rows * height / side)), max(1, round(columns * width / side))
    plane = _resize_axis(_resize_axis(image.plane, 0, new_rows), 1, new_columns)
    spacing_mm = None
    if image.spacing_mm is not None:
        spacing_mm = (image.spacing_mm[0], rows * height / new_rows, columns * width / new_columns)
    squared = replace(image, pixels=plane[np.newaxis], spacing_mm=spacing_mm, pixel_aspect=1.0)
    return SquaredFilm(image=squared, scale=(rows / new_rows, columns / new_columns))


def _resize_axis(plane: Pixels, axis: int, count: int) -> Pixels:
    """Pixels along one axis: means where they become fewer, cubic splines in between where they become more.

    Splines keep the noise between pixels nearly as strong as on them, and slopes where they are.
    """
    if plane.shape[axis] == count:
        return plane
    if count < plane.shape[axis]:
        size = (plane.shape[1], count) if axis == 0 else (count, plane.shape[0])
        return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
    zoom = [1.0, 1.0]
    zoom[axis] = count / plane.shape[axis]
    between = ndimage.zoom(plane, zoom, order=3, mode="nearest", grid_mode=True)
    return np.asarray(np.clip(between, plane.min(), plane.max()), dtype=np.float32)


def resize_labels(labels: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A label map at the middles of the pixels of another grid of the same field."""
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST_EXACT), dtype=np.uint8)


def carry_record(record: ImageRecord, image: Image, film: SquaredFilm) -> ImageRecord:
    """The record of a squared film, in pixels of the film as it was given."""
    update: dict[str, Any] = {
        "shape": image.plane.shape,
        "spacing_mm": image.pixel_mm,
        "findings": tuple(_carry_finding(finding, film) for finding in record.findings),
        "courses": tuple(_carry_course(course, film) for course in record.courses),
        "measures": record.measures | film.carry_numbers(record.measures),
        "cautions": (*record.cautions, *_warn_of_coarse_side(image)),
    }
    if record.lengths_hold_if is not None and image.pixel_mm is not None:
        update["lengths_hold_if"] = describe_condition(image.pixel_mm)
    if record.breast is not None:
        (nipple,) = film.carry_points([record.breast.nipple])
        update["breast"] = record.breast.model_copy(update={"nipple": nipple})
    return record.model_copy(update=update)


def _carry_finding(finding: FindingRecord, film: SquaredFilm) -> FindingRecord:
    points = {"polyline": film.carry_points(finding.polyline), "outline": film.carry_points(finding.outline)}
    return finding.model_copy(update=points | film.carry_numbers(vars(finding)))


def _carry_course(course: VesselCourse, film: SquaredFilm) -> VesselCourse:
    gaps = tuple(film.carry_points(gap) for gap in course.gaps)
    return course.model_copy(update={"gaps": gaps} | film.carry_numbers(vars(course)))


def _warn_of_coarse_side(image: Image) -> tuple[str, ...]:
    """Say that one direction is much coarser than the other; nothing where it is not."""
    ratio = max(image.height_over_width, 1 / image.height_over_width)
    if ratio < CHECKED_TO:
        return ()
    remark = say(
        "the pixels are {ratio:.2g} times as long as they are wide: the film was examined on square ones, but fine "
        "vessels are blurred along the long side, and their widths may come out too large",
        ratio=ratio,
    )
    return (remark,)
