import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.errors import BadInput, NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.burden import burden, depth_class
from calcinet.measure.result import rows

NO_CALCIUM = np.zeros((60, 100), dtype=np.uint8)


def film(spacing=(1.0, 1.0, 1.0)):
    return Image(np.zeros((1, 60, 100), dtype=np.float32), spacing, "1")


def limb(unit="mm", tissue=Tissue.SOFT):
    """A limb along the columns' direction, 100 px wide on 60 rows, the last one air, depth from its two sides."""
    column = np.arange(100)
    depth = np.tile(np.minimum(column + 0.5, 99.5 - column), (60, 1)).astype(np.float32)
    labels = np.full((60, 100), tissue, dtype=np.uint8)
    labels[59] = Tissue.AIR
    return Regions(labels=labels, depth=depth, depth_unit=unit)


def tall_limb():
    """60 rows of which columns 30 to 70 are limb: longer than wide, its axis runs down the rows."""
    labels = np.full((60, 100), Tissue.AIR, dtype=np.uint8)
    labels[:, 30:70] = Tissue.SOFT
    depth = np.where(labels == Tissue.SOFT, 5, 0).astype(np.float32)
    return Regions(labels=labels, depth=depth, depth_unit="mm")


def test_without_skin_in_view_depth_is_unknown_not_zero():
    """No air on the film: the whole is measured, its layers are not."""
    labels = NO_CALCIUM.copy()
    labels[30, [0, 40]] = 1
    soft = np.full((60, 100), Tissue.SOFT, dtype=np.uint8)
    everywhere = Regions(labels=soft, depth=np.zeros((60, 100), dtype=np.float32), depth_unit="mm")

    result = burden(film(), labels, everywhere)

    assert result.calcified_area_mm2 == 2
    assert (result.skin_area_mm2, result.subcutis_area_mm2, result.deep_area_mm2) == (None, None, None)


def test_areas_by_depth_add_up_to_the_whole():
    """One row of 10 columns at each depth: 1 px in the skin (0.5, 1.5 mm are 2), 4 in subcutis, 3 deep."""
    labels = NO_CALCIUM.copy()
    labels[30, [0, 1]] = 1
    labels[30, [2, 5, 9, 14]] = 2
    labels[30, [15, 40, 50]] = 3
    result = burden(film(), labels, limb())

    assert (result.skin_area_mm2, result.subcutis_area_mm2, result.deep_area_mm2) == (2, 4, 3)
    assert result.calcified_area_mm2 == 9
    assert result.soft_tissue_fraction == pytest.approx(9 / 5900)


def test_length_is_that_of_the_centre_lines():
    """3 rows and 4 columns make 5 mm at 1 mm pixels; two lines make 10."""
    line = np.array([[0.0, 0.0], [3.0, 4.0]])

    assert burden(film(), NO_CALCIUM, limb(), (line, line)).calcified_length_mm == pytest.approx(10)


def test_length_on_oblong_pixels_uses_each_its_own():
    """3 rows of 2 mm and 4 columns of 1 mm: sqrt(36 + 16)."""
    line = np.array([[0.0, 0.0], [3.0, 4.0]])
    result = burden(film((1.0, 2.0, 1.0)), NO_CALCIUM, limb(), (line,))

    assert result.calcified_length_mm == pytest.approx(np.sqrt(52))


def test_sides_are_told_by_the_axis_of_the_limb():
    """The limb's middle is column 49.5: 3 px before it, 1 px behind."""
    labels = NO_CALCIUM.copy()
    labels[[10, 20, 30], 35] = 1
    labels[40, 60] = 1
    result = burden(film(), labels, tall_limb())

    assert (result.first_side_area_mm2, result.second_side_area_mm2) == (3, 1)


def test_mirrored_film_swaps_the_sides():
    """Everything else stays."""
    labels = NO_CALCIUM.copy()
    labels[[10, 20, 30], 35] = 1
    plain, mirrored = burden(film(), labels, tall_limb()), burden(film(), labels[:, ::-1], tall_limb())

    assert mirrored.first_side_area_mm2 == plain.second_side_area_mm2
    assert mirrored.calcified_area_mm2 == plain.calcified_area_mm2


@given(mm=st.floats(0.05, 2))
def test_area_goes_with_the_square_of_the_pixel_and_length_with_the_pixel(mm):
    """A share has no unit and stays."""
    labels = NO_CALCIUM.copy()
    labels[30, 40:50] = 1
    line = (np.array([[30.0, 40.0], [30.0, 50.0]]),)
    result = burden(film((1.0, mm, mm)), labels, limb(), line)

    assert result.calcified_area_mm2 == pytest.approx(10 * mm**2)
    assert result.calcified_length_mm == pytest.approx(10 * mm)
    assert result.soft_tissue_fraction == pytest.approx(10 / 5900)


def test_nothing_found_where_it_was_looked_for_is_zero():
    """Every area and the length."""
    values = [row.value for row in rows(burden(film(), NO_CALCIUM, limb()))]

    assert values == [0] * 8


@pytest.mark.parametrize(("depth", "layer"), [(0, "skin"), (1.99, "skin"), (2, "subcutis"), (15, "deep")])
def test_layers_begin_where_they_are_said_to(depth, layer):
    """Skin to 2 mm, subcutis to 15 mm."""
    assert depth_class(depth) == layer


def test_film_without_spacing_is_refused():
    """Pixels have no area in mm2."""
    with pytest.raises(NotMeasurable, match="spacing"):
        burden(film(None), NO_CALCIUM, limb())


def test_film_without_soft_tissue_is_refused_not_called_free_of_calcium():
    """Zero is said only of what was looked at."""
    with pytest.raises(NotMeasurable, match="soft tissue"):
        burden(film(), NO_CALCIUM, limb(tissue=Tissue.AIR))


def test_depth_in_pixels_is_refused():
    """The layers are in mm."""
    with pytest.raises(NotMeasurable, match="pixels only"):
        burden(film(), NO_CALCIUM, limb(unit="{pixel}"))


def test_labels_of_another_shape_are_the_callers_fault():
    """They belong to this film."""
    with pytest.raises(BadInput, match="must match"):
        burden(film(), np.zeros((3, 3), dtype=np.uint8), limb())
