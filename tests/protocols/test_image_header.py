"""What is known of an image before anything is looked for on it."""

import numpy as np

from calcinet.image import Image
from calcinet.protocols.image_header import header_of, refuse_without_body
from calcinet.record import ImageRecord

FILM = Image(
    np.zeros((1, 4, 6), np.float32),
    (1.0, 0.2, 0.3),
    "1",
    modality="CR",
    anatomy="hand",
    laterality="R",
    view="PA",
    cautions=("the file is old",),
)


def test_the_header_is_that_of_the_image_and_the_shape_that_of_its_picture():
    record = ImageRecord(**header_of(FILM, "img-3", (7, 9), (0.5, 0.6)), resolvable_mm=1.0)

    assert (record.id, record.modality, record.anatomy, record.laterality, record.view) == (
        *("img-3", "CR", "hand", "R", "PA"),
    )
    assert record.shape == (7, 9)
    assert record.spacing_mm == (0.5, 0.6)


def test_an_image_without_a_body_is_refused_with_its_cautions_and_no_numbers():
    record = refuse_without_body(FILM, header_of(FILM, "img-3", (4, 6), None), "nothing but air")

    assert record.refused is not None
    assert (record.refused.code, record.refused.reason) == ("no-tissue", "nothing but air")
    assert record.cautions == ("the file is old",)
    assert record.measures == {}
