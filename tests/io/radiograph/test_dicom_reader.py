"""DICOM films: which way round, how linear, what they say about themselves."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcinet.errors import Unreadable
from calcinet.image import Image
from calcinet.io import read, read_all


def test_scouts_and_stated_films_are_accepted_with_a_remark(dicom):
    """A CT localizer and a secondary capture are films when the caller says so."""
    scout = read(dicom(Modality="CT", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]), modality="DX")
    stated = read(dicom(Modality="OT"), modality="DX")

    assert "scout view" in scout.cautions[0]
    assert "does not call itself a radiograph" in stated.cautions[0]
    with pytest.raises(Unreadable, match="magnetic"):
        read(dicom(Modality="MR"), modality="DX")


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": 12}, "12 to 1"),
        ({"BurnedInAnnotation": "YES"}, "burned into"),
    ],
)
def test_doubtful_elements_become_sentences(dicom, tags, words):
    """The film is examined, and the reader told."""
    image = read(dicom(**tags))

    assert any(words in caution for caution in image.cautions)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    keep=st.floats(0.001, 1),
    in_header=st.booleans(),
)
def test_damaged_bytes_give_an_image_or_a_sentence(tmp_path, dicom, flips, keep, in_header):
    """Any byte may be wrong, the file may end anywhere: never a traceback, never a warning."""
    original = (tmp_path / "film.dcm").read_bytes() if (tmp_path / "film.dcm").exists() else dicom().read_bytes()
    data = bytearray(original)
    reach = 1500 if in_header else len(data) - 1
    for where, value in flips:
        data[int(where * reach)] = value
    path = tmp_path / "damaged"
    path.write_bytes(data[: max(1, int(keep * len(data)))])

    result = read_all([path])[0]

    assert isinstance(result, Image) or (result.code and result.reason)


def test_real_calf_is_read(shared_data):
    """MONOCHROME1 of 10 bits without spacing; its collimated border is white, the bone brighter than the air."""
    image = read(shared_data / "xray" / "wg04_RG3_extremity_CR_fuji_10bit_lossless.dcm")

    assert (image.pixels.shape, image.modality) == ((1, 1760, 1760), "CR")
    assert (image.spacing_mm, image.spacing_basis) == (None, "none")
    assert (image.anatomy, image.laterality, image.view) == ("lower leg", "R", "AP")
    assert (image.plane.min(), image.plane.max()) == (0, 1023)
    assert np.median(image.plane[:, 20]) > 1000
    assert not any("polarity" in caution for caution in image.cautions)
