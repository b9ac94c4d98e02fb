"""Sums done on paper, invariants, refusals, and cylinders whose score an independent loop works out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcinet.errors import BadInput, NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.agatston import agatston_score
from calcinet.phantoms.ct.cylinders import cylinders


def ct(pixels, spacing=(3.0, 1.0, 1.0)):
    return Image(np.asarray(pixels, np.float32), spacing, "[hnsf'U]", modality="CT")


def everywhere(image):
    return np.ones(image.pixels.shape, bool)


def test_sum_on_paper():
    """Slice 1: three pixels, peak 250, weight 2, 6. Slice 2: one pixel of 130, 1, and two of 400, 4 x 2 = 8. 15 in all.

    Pixels of 1 mm2, slices of 3 mm; the pixel of 129 HU does not count.
    """
    image = ct(
        [
            [[0, 150, 250, 0], [0, 140, 0, 129], [0, 0, 0, 0]],
            [[130, 0, 0, 0], [0, 0, 400, 390], [0, 0, 0, 0]],
        ]
    )
    found = agatston_score(image, everywhere(image), contrast=False, kvp=120)

    assert (found.score, found.lesion_area_mm2, found.lesion_count) == (15.0, 6.0, 3)
    assert found.cautions == ()


def test_lesions_that_touch_at_a_corner_are_two():
    """Weights 1 and 4: together they would be 8, apart they are 5."""
    image = ct([[[150, 0], [0, 500]]])

    assert agatston_score(image, everywhere(image), contrast=False).score == 5.0


def test_a_lesion_spans_no_slices():
    """The peak of one slice does not weigh the other: 1 + 4, not 4 + 4."""
    image = ct([[[150]], [[450]]])

    assert agatston_score(image, everywhere(image), contrast=False).score == 5.0


def test_patch_below_a_square_millimetre_is_noise():
    """Pixels of 0.5 x 0.5 mm: three are 0.75 mm2 and do not count, four are 1 mm2 and do."""
    image = ct([[[200, 200, 200, 0, 0], [0] * 5]], (3.0, 0.5, 0.5))
    assert agatston_score(image, everywhere(image), contrast=False).score == 0

    image = ct([[[200, 200, 200, 200, 0], [0] * 5]], (3.0, 0.5, 0.5))
    assert agatston_score(image, everywhere(image), contrast=False).score == 2.0


def test_other_increments_are_scaled_and_said():
    """Twice as many slices of half the distance score the same."""
    thick = ct(np.full((2, 2, 2), 250.0))
    thin = ct(np.full((4, 2, 2), 250.0), (1.5, 1.0, 1.0))
    scores = [agatston_score(image, everywhere(image), contrast=False) for image in (thick, thin)]

    assert scores[0].score == scores[1].score == 16.0
    assert scores[0].cautions == ()
    assert "1.5 mm apart" in scores[1].cautions[0]


def test_slices_that_were_made_up_are_not_scored():
    """Three slices of 4 pixels and weight 4, standing for 3, 0 and 6 mm: 16 + 0 + 32; without that, 4.5 mm each: 72."""
    image = ct(np.full((3, 2, 2), 450.0), (4.5, 1.0, 1.0))
    shared = replace(image, scored_mm=(3.0, 0.0, 6.0))
    found = agatston_score(shared, everywhere(image), contrast=False)

    assert (found.score, found.lesion_area_mm2, found.lesion_count) == (48.0, 8.0, 2)
    assert "3 to 6 mm" in found.cautions[0]
    assert agatston_score(image, everywhere(image), contrast=False).score == 72.0


def test_what_was_not_acquired_at_all_scores_nothing():
    image = replace(ct([[[450]]]), scored_mm=(0.0,))

    assert agatston_score(image, everywhere(image), contrast=False).score == 0.0


def test_what_is_not_known_is_said():
    image = ct([[[0]]])
    said = agatston_score(image, everywhere(image), kvp=80).cautions

    assert any("80 kV" in each for each in said)
    assert any("not known" in each for each in said)


def test_no_calcium_is_a_score_of_nothing():
    image = ct(np.zeros((2, 3, 3)))

    assert agatston_score(image, everywhere(image), contrast=False).score == 0.0


def test_contrast_is_refused():
    image = ct([[[300]]])
    with pytest.raises(NotMeasurable, match="contrast agent present"):
        agatston_score(image, everywhere(image), contrast=True)


def test_pixels_that_are_not_hounsfield_units_are_refused():
    image = Image(np.zeros((1, 2, 2), np.float32), (3.0, 1.0, 1.0), "1")
    with pytest.raises(NotMeasurable, match="needs pixels in"):
        agatston_score(image, everywhere(image))


def test_image_without_a_spacing_is_refused():
    image = Image(np.zeros((1, 2, 2), np.float32), None, "[hnsf'U]")
    with pytest.raises(NotMeasurable, match="size of a pixel"):
        agatston_score(image, everywhere(image))


def test_candidates_of_another_shape_are_refused():
    with pytest.raises(BadInput, match="must match"):
        agatston_score(ct([[[0]]]), np.ones((2, 2, 2), bool))


rows = st.lists(st.sampled_from([0, 129, 130, 210, 305, 700]), min_size=5, max_size=5)
slices = st.lists(st.lists(rows, min_size=4, max_size=4), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(slices)
def test_order_mirror_and_margin_do_not_matter(pixels):
    """Slices reversed, rows mirrored, a margin of tissue added: the same lesions."""
    image = ct(pixels)
    expected = agatston_score(image, everywhere(image), contrast=False).score
    others = [image.pixels[::-1], image.pixels[:, ::-1], image.pixels.transpose(0, 2, 1), np.pad(image.pixels, 2)]

    assert [agatston_score(ct(o), np.ones(o.shape, bool), contrast=False).score for o in others] == [expected] * 4


def by_hand(image, where) -> float:
    """The score by walking from pixel to pixel, with none of the code under test."""
    dz, dy, dx = image.spacing_mm
    score = 0.0
    for hu, inside in zip(image.pixels, where, strict=True):
        open_ = {(int(r), int(c)) for r, c in np.argwhere(inside & (hu >= 130))}
        while open_:
            lesion, edge = [], [open_.pop()]
            while edge:
                r, c = edge.pop()
                lesion.append((r, c))
                beside = {(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)} & open_
                open_ -= beside
                edge += beside
            area, peak = len(lesion) * dy * dx, max(hu[at] for at in lesion)
            weight = 4 if peak >= 400 else 3 if peak >= 300 else 2 if peak >= 200 else 1
            score += area * weight * dz / 3 if area >= 1 - 1e-9 else 0
    return score


@pytest.mark.parametrize("spacing", [(3.0, 0.5, 0.5), (1.0, 0.4, 0.4), (0.75, 0.7, 0.5)])
def test_cylinders_score_what_an_independent_loop_says(spacing):
    image, inserts = cylinders(spacing, blur_mm=0.4, noise_hu=12)
    scores = [(agatston_score(image, one.where, contrast=False).score, by_hand(image, one.where)) for one in inserts]

    assert [found for found, _ in scores] == pytest.approx([hand for _, hand in scores], rel=1e-9)
    assert max(hand for _, hand in scores) > 50


def test_the_interval_narrows_with_the_number_of_lesions():
    """One lesion of one slice errs by a fifth: 95 % within a factor of exp(1.96 x 0.2) = 1.48; many, by far less."""
    one = np.zeros((1, 8, 8), np.float32)
    one[0, 2:6, 2:6] = 450
    many = np.repeat(one, 100, axis=0)
    alone = agatston_score(Image(one, (3.0, 0.5, 0.5), "[hnsf'U]"), np.ones(one.shape, bool))
    several = agatston_score(Image(many, (3.0, 0.5, 0.5), "[hnsf'U]"), np.ones(many.shape, bool))

    assert alone.interval == (pytest.approx(16 / 1.48, rel=0.01), pytest.approx(16 * 1.48, rel=0.01))
    assert several.interval[1] / several.score < 1.1


def test_a_score_of_nothing_has_no_interval():
    image = Image(np.zeros((2, 8, 8), np.float32), (3.0, 0.5, 0.5), "[hnsf'U]")

    assert agatston_score(image, np.ones(image.pixels.shape, bool)).interval is None
