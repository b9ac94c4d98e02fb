"""Pictures of films: bits, alpha, palettes, colours."""

import numpy as np
import pytest
import tifffile
from PIL import Image as Picture

from calcinet.errors import Unreadable
from calcinet.io import read
from tests.support.refusals import refused


def test_sixteen_bits_are_kept(picture, film):
    """A PNG of 16 bits has more than 256 greys."""
    deep = ((film.plane - film.plane.min()) / np.ptp(film.plane) * 60000).astype(np.uint16)
    image = read(picture(deep))

    assert np.array_equal(image.plane, deep.astype(np.float32))


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
def test_tiff_of_sixteen_bits_in_either_sense(tmp_path, film, photometric):
    """MINISWHITE stores bone low; it comes out bright."""
    deep = ((film.plane - film.plane.min()) / np.ptp(film.plane) * 60000).astype(np.uint16)
    path = tmp_path / "film.tif"
    tifffile.imwrite(path, 60000 - deep if photometric == "miniswhite" else deep, photometric=photometric)

    assert np.corrcoef(read(path).plane.ravel(), deep.ravel())[0, 1] > 0.9999


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "P"])
def test_grey_stored_in_colour_is_grey(tmp_path, grey, mode):
    """The three channels agree, so one is taken; an opaque alpha says nothing."""
    path = tmp_path / "film.png"
    Picture.fromarray(grey).convert(mode).save(path)

    assert np.array_equal(read(path).plane, grey)


def test_sixteen_bit_colour_png_keeps_its_bits(tmp_path, film):
    """Three equal channels of 16 bits."""
    import cv2

    deep = ((film.plane - film.plane.min()) / np.ptp(film.plane) * 60000).astype(np.uint16)
    cv2.imwrite(str(tmp_path / "film.png"), np.repeat(deep[..., None], 3, axis=2))

    assert np.array_equal(read(tmp_path / "film.png").plane, deep)


def test_transparent_parts_are_air(picture, grey):
    """White under a transparent mask would be bone."""
    alpha = np.full_like(grey, 255)
    alpha[:30] = 0
    painted = np.where(alpha > 0, grey, 255).astype(np.uint8)
    image = read(picture(np.dstack([painted, painted, painted, alpha])))

    assert (image.plane[:30] == image.plane.min()).all()
    assert any("transparent" in caution for caution in image.cautions)


def test_jpeg_and_missing_header_are_remarked(picture, grey):
    """Both make fine lines doubtful; DX is assumed and no spacing."""
    image = read(picture(grey, "film.jpg", quality=95))

    assert (image.modality, image.spacing_mm, image.linear) == ("DX", None, False)
    assert sum(words in caution for words in ("JPEG", "without DICOM header") for caution in image.cautions) == 2


def test_caller_states_what_a_picture_cannot(picture, grey):
    """Spacing (rows, columns), modality and body part."""
    image = read(picture(grey), spacing_mm=(0.2, 0.1), modality="CR", anatomy="Lower  Leg")

    assert (image.spacing_mm, image.spacing_basis) == ((1.0, 0.2, 0.1), "assumed")
    assert (image.modality, image.anatomy) == ("CR", "lower leg")


def test_what_a_picture_is_taken_for_is_said(picture, grey):
    """Unless the caller says what it is, or shows it by the body part."""
    path = picture(grey)
    readings = [read(path), read(path, modality="DX"), read(path, modality="MG"), read(path, anatomy="breast")]

    assert [any("read as a radiograph" in caution for caution in image.cautions) for image in readings] == [
        *(True, False, False, False)
    ]


def test_coloured_arrow_is_tolerated_and_remarked(picture, grey):
    """300 red pixels of 87,500 are 0.3 %, under the 2 % of a colour picture."""
    painted = np.repeat(grey[..., None], 3, axis=2)
    painted[100:110, 100:130] = (255, 0, 0)

    assert any("coloured marks" in caution for caution in read(picture(painted)).cautions)


def test_several_pages_are_refused(tmp_path, grey):
    """Which page is meant, only the caller knows."""
    tifffile.imwrite(tmp_path / "film.tif", np.stack([grey, grey]), photometric="minisblack")

    with pytest.raises(Unreadable, match="found 2 pages"):
        read(tmp_path / "film.tif")


@pytest.mark.parametrize("name", ["smith.png", "smith.jpg", "smith.tif"])
def test_cut_off_picture_is_refused(picture, grey, name):
    """Half of the file is half of the film."""
    path = picture(grey, name)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])

    assert refused(path).code == "truncated"


def test_colour_photograph_is_refused(picture, grey):
    """Skin has hues; a film has none."""
    hues = np.stack([np.roll(grey, shift, axis=1) for shift in (0, 60, 120)], axis=2)

    assert refused(picture(hues, "smith.png")).code == "colour"
