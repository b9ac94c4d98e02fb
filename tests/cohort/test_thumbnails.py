"""Which films have a small picture, and what is on it."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from calcinet.api import examine_with_images
from calcinet.cohort.examining import deserves_picture
from calcinet.cohort.thumbnails import LONGEST_PX, draw_thumbnail
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.record import ImageRecord


def examine(content: bytes):
    """A film, examined."""
    record, images = examine_with_images([content])
    (image,) = record.images
    return image, images[image.id]


@pytest.fixture(scope="module")
def marked(make_film):
    """A small film of a leg with calcified arteries."""
    return examine(make_film(0))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A hand without calcium."""
    film = limb(random_spec(5, net=False, vessels=False, anatomy="hand")).image
    return examine(Path(write_radiograph(tmp_path_factory.mktemp("film") / "film", film)).read_bytes())


def decode(picture: bytes):
    """Blue, green and red of a JPEG."""
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels.astype(int)


def test_a_film_without_a_mark_is_drawn_whole_and_grey(bare, marked):
    """Marks alone have colours."""
    plain, coloured = decode(draw_thumbnail(*bare)), decode(draw_thumbnail(*marked))

    assert not bare[0].findings
    assert max(plain.shape) == LONGEST_PX
    assert np.ptp(plain, axis=2).max() <= 4  # grey, as JPEG keeps it
    assert np.ptp(coloured, axis=2).max() > 50


def test_a_film_into_which_a_name_may_be_burned_is_not_drawn_without_a_mark(bare, marked):
    """Round its first mark alone, where it has one."""
    said = {"export_signs": ("it was saved as a picture",)}

    assert draw_thumbnail(marked[0].model_copy(update=said), marked[1]) is not None
    assert draw_thumbnail(bare[0].model_copy(update=said), bare[1]) is None


@pytest.mark.parametrize(("score", "deserves"), [(None, False), (0.49, False), (0.5, True), (0.97, True)])
def test_a_film_that_is_nearly_like_a_net_deserves_a_picture_without_a_mark(score, deserves):
    image = ImageRecord.model_construct(id="img-1", findings=(), net_score=score)

    assert deserves_picture(image) == deserves
