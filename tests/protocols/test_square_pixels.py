"""Films of oblong pixels: examined on square ones, told and marked on their own."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from calcinet.examined import ExaminedImage
from calcinet.image import Image
from calcinet.mask_labels import VESSEL
from calcinet.measure.calibre.classes import DEFAULT_CLASSES
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.protocols import examine_image
from calcinet.protocols.square_pixels import on_square_pixels, square_pixels
from calcinet.record import FindingRecord, ImageRecord
from calcinet.record.courses import VesselCourse


def film(rows: int, columns: int, height: float, width: float, *, sized: bool = True) -> Image:
    """Grey levels that rise along rows and columns in mm."""
    row, column = np.mgrid[:rows, :columns].astype(np.float32)
    plane = 3 * (row + 0.5) * height + (column + 0.5) * width
    spacing_mm = (1.0, height, width) if sized else None
    aspect = 1.0 if sized else height / width
    basis = "detector" if sized else "none"
    return Image(plane[None].astype(np.float32), spacing_mm, "1", spacing_basis=basis, pixel_aspect=aspect)


@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize(
    ("height", "width", "shape"),
    [(0.2, 0.1, (80, 60)), (0.1, 0.2, (40, 120)), (0.25, 0.2, (50, 60)), (0.4, 0.1, (80, 30))],
)
def test_pixels_become_square_of_the_finer_side(height, width, shape, sized):
    """Of 40 x 60 pixels: 0.1, 0.1, 0.2 mm; at 4 to 1 the coarse side is but halved. A plane stays the same plane."""
    squared = square_pixels(film(40, 60, height, width, sized=sized))
    side = {80: 40 * height / 80, 40: 0.1, 50: 0.2}[shape[0]]
    row, column = np.mgrid[: shape[0], : shape[1]]
    expected = 3 * (row + 0.5) * side + (column + 0.5) * side

    assert squared.image.plane.shape == shape
    assert not squared.image.is_oblong
    assert squared.image.pixel_mm == (pytest.approx((side, side)) if sized else None)
    assert np.allclose(squared.image.plane[4:-4, 4:-4], expected[4:-4, 4:-4], atol=0.02)


def mark_one_vessel(image: Image, image_id, classes, corrections, groundwork) -> tuple[ImageRecord, ExaminedImage]:
    """A protocol that marks rows 8 to 15 and columns 16 to 55 of what it is given, and says so in its pixels."""
    mask = np.zeros(image.plane.shape, np.uint8)
    mask[8:16, 16:56] = VESSEL
    line = ((11.5, 16.0), (11.5, 55.0))
    outline = ((8.0, 16.0), (8.0, 55.0), (15.0, 55.0), (15.0, 16.0))
    vessel = FindingRecord(
        id="f1", kind="vessel", polyline=line, outline=outline, length_px=39.0, area_px=320.0, calibre_px=8.0
    )
    course = VesselCourse(
        side=None,
        findings=("f1",),
        length_mm=None,
        calcified_mm=None,
        calcified_percent=100.0,
        length_px=39.0,
        calcified_px=39.0,
    )
    measures = {"calcified_area_px": 320.0, "marked_percent": 5.0}
    record = ImageRecord(
        id=image_id,
        shape=image.plane.shape,
        spacing_mm=image.pixel_mm,
        resolvable_mm=0.5,
        findings=(vessel,),
        courses=(course,),
        measures=measures,
    )
    return record, ExaminedImage.of(image, mask)


@pytest.mark.parametrize("sized", [True, False])
def test_marks_points_and_numbers_are_brought_back_to_the_pixels_of_the_film(sized):
    """Pixels of 0.2 x 0.1 mm: a film row holds two square rows, so rows halve and columns stay.

    The middle of square row 8 is 8.5 squares from the edge, 4.25 rows: 3.75 counted from the middle of the first.
    """
    given = film(40, 60, 0.2, 0.1, sized=sized)
    record, examined = on_square_pixels(mark_one_vessel)(given, "img-1", DEFAULT_CLASSES)
    (vessel,), (course,) = record.findings, record.courses
    mask = np.zeros((40, 60), np.uint8)
    mask[4:8, 16:56] = VESSEL

    assert record.shape == (40, 60)
    assert record.spacing_mm == ((0.2, 0.1) if sized else None)
    assert np.array_equal(examined.mask, mask)
    assert np.array_equal(examined.plane, given.plane)
    assert vessel.outline[0] == pytest.approx((3.75, 16.0))
    assert vessel.polyline == (pytest.approx((5.5, 16.0)), pytest.approx((5.5, 55.0)))
    assert vessel.area_px == record.measures["calcified_area_px"] == pytest.approx(mask.astype(bool).sum())
    assert vessel.length_px == course.length_px == course.calcified_px == pytest.approx(39 / 2**0.5)
    assert vessel.calibre_px == pytest.approx(8 / 2**0.5)
    assert record.measures["marked_percent"] == 5.0


def test_a_film_of_square_pixels_is_examined_as_it_is():
    given = film(40, 60, 0.2, 0.2)

    assert on_square_pixels(mark_one_vessel)(given, "img-1", DEFAULT_CLASSES)[0].findings[0].length_px == 39.0


@pytest.mark.parametrize(("height", "said"), [(0.28, False), (0.4, False), (0.5, True), (0.08, True)])
def test_a_pixel_much_longer_than_wide_is_cautioned(height, said):
    """1.4, 2, 2.5 times 0.2 mm, and 2.5 times less."""
    record, _ = on_square_pixels(mark_one_vessel)(film(40, 60, height, 0.2), "img-1", DEFAULT_CLASSES)

    assert any("blurred along the long side" in caution for caution in record.cautions) is said


def taken_with_oblong_pixels(image: Image, ratio: float) -> Image:
    """The film as a detector of wider pixels sees it: means along its rows."""
    rows, columns = image.plane.shape
    fewer = round(columns / ratio)
    plane = cv2.resize(image.plane, (fewer, rows), interpolation=cv2.INTER_AREA)
    assert image.pixel_mm is not None
    height, width = image.pixel_mm
    return replace(image, pixels=plane[None], spacing_mm=(1.0, height, width * columns / fewer))


def in_mm(points, spacing_mm) -> np.ndarray:
    return (np.array(points) + 0.5) * spacing_mm


def test_oblong_pixels_show_the_same_arteries_in_the_same_places():
    """One phantom, with square pixels of 0.2 mm and with pixels of 0.2 x 0.28 mm.

    Taken as they are, a fifth of the arteries would be missed.

    Arteries whose calibre was measured on the square film (as they were put in: 0.66, 1.49 and 2.71 mm) have it inside
    the interval on the oblong one; centre lines lie within half a millimetre; together they are as long to a tenth.
    """
    square = limb(random_spec(12, net=True, vessels=True, anatomy="lower leg")).image
    oblong = taken_with_oblong_pixels(square, 1.4)
    (known, _), (found, examined) = (examine_image(image, "img-1") for image in (square, oblong))
    lines = [(vessel, in_mm(vessel.polyline, found.spacing_mm)) for vessel in found.findings_of("vessel")]
    agreeing = 0
    for vessel in known.findings_of("vessel"):
        own = in_mm(vessel.polyline, known.spacing_mm)
        away = [np.median(np.hypot(*(own[:, None] - line[None]).T).min(axis=0)) for _, line in lines]
        nearest, _ = lines[int(np.argmin(away))]
        if vessel.calibre_mm and nearest.calibre_mm and min(away) < 0.5:
            low, high = nearest.calibre_interval_mm
            agreeing += low <= vessel.calibre_mm <= high
    lengths = [record.measures["calcified_length_mm"] for record in (known, found)]
    for _, line in lines:
        pixels = np.rint(line / found.spacing_mm - 0.5).astype(int)
        rows, columns = np.clip(pixels, 0, np.array(examined.shape) - 1).T
        near = cv2.dilate((examined.mask == VESSEL).astype(np.uint8), np.ones((31, 31), np.uint8))
        assert near[rows, columns].mean() > 0.9

    assert found.shape == oblong.plane.shape == examined.shape
    assert agreeing >= 3
    assert lengths[1] == pytest.approx(lengths[0], rel=0.1)
    assert len(found.findings_of("net")) == len(known.findings_of("net")) == 1
    assert not any("square" in caution for caution in found.cautions)
