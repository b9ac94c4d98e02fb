"""One image of a study, read again."""

import numpy as np
import pytest

from calcinet.errors import Unreadable
from calcinet.io import read_all, write_radiograph
from calcinet.io.study_image import StudyImage
from calcinet.phantoms.radiograph.limb import limb, random_spec


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A file that is no image, and a film."""
    folder = tmp_path_factory.mktemp("study")
    write_radiograph(folder / "film.dcm", limb(random_spec(1, anatomy="hand")).image)
    (folder / "broken.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"nothing")
    return read_all([folder])


def test_pixels_and_header_are_those_of_the_study(study):
    film = StudyImage(study, 1)

    assert np.array_equal(film.read_image().plane, study[1].plane)
    assert film.read_header().SOPInstanceUID == study.source_header(1).SOPInstanceUID
    assert len(film.read_slice_headers()) == len(study.source_headers(1))


def test_a_refused_image_says_why(study):
    with pytest.raises(Unreadable) as refusal:
        StudyImage(study, 0).read_image()

    assert str(refusal.value) == study[0].reason
    assert refusal.value.code == study[0].code
