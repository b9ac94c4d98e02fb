"""What a program gives in place of a file."""

from io import BytesIO

import numpy as np
import PIL.Image
import pydicom
import pytest

from calcinet.errors import BadInput, Unreadable
from calcinet.image import Image
from calcinet.io import Refusal, read_all
from calcinet.io.given_objects import GivenImage, check_given, take_given

ROWS, COLUMNS = 96, 80


def limb_greys() -> np.ndarray:
    """Air, and a limb that grows denser to its middle."""
    across = np.linspace(-1, 1, COLUMNS)
    down = np.linspace(0, 1, ROWS)[:, None]
    return np.clip(1 - (across * 1.6) ** 2, 0, None) * 3000 + 40 * down


@pytest.fixture
def film(tmp_path):
    """A DICOM film on disk, and its data set."""
    from calcinet.io import write_radiograph

    path = tmp_path / "film.dcm"
    write_radiograph(path, Image.from_array(limb_greys(), modality="DX", spacing_mm=0.2))
    return path


def test_a_data_set_is_the_file_that_it_was_read_from(film):
    """To the last bit of its hash and its pixels."""
    (of_file,), (of_dataset,) = read_all([film]), read_all([pydicom.dcmread(film)])

    assert of_dataset.sha256 == of_file.sha256
    assert np.array_equal(of_dataset.pixels, of_file.pixels)
    assert of_dataset.spacing_mm == (1.0, 0.2, 0.2)


def test_a_data_set_without_meta_header_is_read_and_stays_as_it_is(film):
    """As one is that came over a network, or was made by a program."""
    dataset = pydicom.dcmread(film)
    del dataset.file_meta
    (image,) = read_all([dataset])

    assert np.array_equal(image.pixels, read_all([film])[0].pixels)
    assert not hasattr(dataset, "file_meta")


def test_a_data_set_that_is_no_image_is_refused_alone(film):
    """Its neighbour is read."""
    refusal, image = read_all([pydicom.Dataset(), film])

    assert isinstance(refusal, Refusal)
    assert isinstance(image, Image)


def test_a_picture_is_read_as_its_file(tmp_path):
    """Grey values as they are; turned as its camera says; a JPEG keeps its caution."""
    grey = (limb_greys() / 3100 * 255).astype(np.uint8)
    (image,) = read_all([PIL.Image.fromarray(grey)])
    exif = PIL.Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    stream = BytesIO()
    PIL.Image.fromarray(grey).save(stream, "JPEG", exif=exif)
    (lossy,) = read_all([PIL.Image.open(stream)])

    assert np.array_equal(image.plane, grey)
    assert lossy.plane.shape == (COLUMNS, ROWS)
    assert any("JPEG" in caution for caution in lossy.cautions)


def test_a_picture_that_no_file_keeps_is_refused():
    """Fractions have no place in a PNG."""
    (refusal,) = read_all([PIL.Image.fromarray(limb_greys().astype(np.float32))])

    assert refusal.code == "unsupported-format"


def test_an_image_is_examined_as_it_is_and_in_its_place(film):
    """Between two files, and its detector's pitch leaves the enlargement of a limb open."""
    given = Image.from_array(limb_greys() * 2, modality="CR", spacing_mm=(0.2, 0.25), anatomy="Lower  leg")
    first, second, third = read_all([given, film, given])

    assert (first.modality, first.anatomy, first.spacing_mm) == ("CR", "lower leg", (1.0, 0.2, 0.25))
    assert first.magnification_interval == (1.0, 1.15)
    assert second.modality == "DX"
    assert third.code == "duplicate"


def test_options_that_an_image_says_itself_are_refused():
    """Neither silently wins."""
    with pytest.raises(BadInput, match="from_array"):
        read_all([Image.from_array(limb_greys(), modality="DX")], spacing_mm=0.2)


@pytest.mark.parametrize("wrong", [5, memoryview(b"film"), None, {"a": 1}, 2.5])
def test_what_is_no_image_is_refused_by_its_place(wrong):
    with pytest.raises(BadInput, match="number 2 of 3 is of type"):
        take_given(wrong, 2, 3)


def test_the_content_of_a_file_is_read_as_the_file_is(film):
    """Pixel by pixel, by the same hash."""
    (given,), (known,) = read_all([film.read_bytes()]), read_all([film])

    assert (given.sha256, given.spacing_mm) == (known.sha256, known.spacing_mm)
    np.testing.assert_array_equal(given.pixels, known.pixels)


def test_content_of_a_file_has_the_bounds_of_one(film, monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_FILE_BYTES", "1000")
    (given,) = read_all([film.read_bytes()])

    assert given.code == "too-large"


def test_an_array_says_what_to_do():
    with pytest.raises(BadInput, match="from_array"):
        take_given(limb_greys(), 1, 1)


def test_a_path_is_left_to_who_opens_it(film):
    assert take_given(film, 1, 1) is None
    assert take_given("film.dcm", 1, 1) is None
    assert isinstance(take_given(Image.from_array(limb_greys(), modality="DX"), 1, 1), GivenImage)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (np.full((ROWS, COLUMNS), 7.0), "constant"),
        (limb_greys()[:40], "too-small"),
        (np.round(limb_greys() / 1000), "few-greys"),
    ],
)
def test_a_film_that_holds_nothing_is_refused_as_its_file_would_be(values, code):
    with pytest.raises(Unreadable) as refused:
        check_given(Image.from_array(values, modality="DX"))

    assert refused.value.code == code


def test_a_ct_must_be_in_hounsfield_units():
    """Grey values from 0 to 255 are not."""
    grey = np.stack([limb_greys() / 3100 * 255] * 4)

    with pytest.raises(Unreadable) as refused:
        check_given(Image.from_array(grey, modality="CT", spacing_mm=(1, 1, 1)))

    assert refused.value.code == "ct-not-hu"


def test_padding_of_a_ct_becomes_air_and_the_callers_volume_stays():
    """-2000 outside the round field; air is -1024 then."""
    generator = np.random.default_rng(1)
    body = np.abs(np.linspace(-1, 1, COLUMNS)) < 0.6
    hu = np.where(body, 20.0, -1000.0) + generator.normal(0, 20, (3, ROWS, COLUMNS))
    hu[:, 20:30, 30:50] = -100 + generator.normal(0, 10, (3, 10, 20))
    hu[:, :8, :8] = -2000
    image = Image.from_array(hu, modality="CT", spacing_mm=(2, 0.7, 0.7))
    checked = check_given(image)

    assert checked.pixels[0, 0, 0] == -1024
    assert image.pixels[0, 0, 0] == -2000
    assert checked.pixels[1, 50, 40] == image.pixels[1, 50, 40]


def test_a_pixel_that_no_detector_has_is_refused():
    """Microns in the place of millimetres."""
    with pytest.raises(BadInput, match="mm per pixel"):
        check_given(Image.from_array(limb_greys(), modality="DX", spacing_mm=150))
