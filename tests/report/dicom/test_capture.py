"""A marked picture as a secondary capture."""

from datetime import UTC, datetime

import numpy as np
import pytest

from calcinet.report.dicom.capture import secondary_capture
from calcinet.report.edition import Edition
from tests.support import handmade, handmade_ct

EDITION = Edition.of(handmade.examination(), when=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
PICTURE = np.random.default_rng(1).integers(0, 255, (20, 30, 3)).astype(np.uint8)


def test_the_picture_is_kept_to_the_pixel_and_nobody_can_measure_on_it():
    made = secondary_capture(PICTURE, handmade.sourced(), EDITION, number=3)

    assert np.array_equal(np.frombuffer(made.PixelData, np.uint8).reshape(20, 30, 3), PICTURE)
    assert "PixelSpacing" not in made
    assert made.InstanceNumber == 3
    assert made.ImageType == ["DERIVED", "SECONDARY", "OTHER"]


@pytest.mark.parametrize(("side", "stated"), [("L", "L"), ("B", ""), (None, "")])
def test_both_sides_have_no_word(side, stated):
    image = handmade.examined_image().model_copy(update={"laterality": side})

    assert secondary_capture(PICTURE, handmade.sourced(image), EDITION).Laterality == stated


def test_it_refers_to_the_film_or_to_every_slice():
    film = secondary_capture(PICTURE, handmade.sourced(), EDITION)
    ct = secondary_capture(PICTURE, handmade_ct.sourced(), EDITION)

    assert [item.ReferencedSOPInstanceUID for item in film.SourceImageSequence] == ["1.2.3.4"]
    assert len(ct.SourceImageSequence) == 80
    assert film.SourceImageSequence[0].PurposeOfReferenceCodeSequence[0].CodeValue == "121322"
