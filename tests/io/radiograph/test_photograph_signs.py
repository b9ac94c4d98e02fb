"""Grey photographs of screens and light boxes, told from films."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as Picture
from PIL.ExifTags import IFD, Base

from benchmarks.photographed import Shot, encode_jpeg, photograph
from calcinet.errors import Unreadable
from calcinet.io import Refusal, read, read_all
from calcinet.io.radiograph.photograph_signs import check_photograph, list_signs, measure_stray_tint
from tests.support.refusals import refused

SHOT = Shot(screen_rows=700, sensor_rows=900, sent_rows=900, seed=4)
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


@pytest.fixture(scope="module")
def shots(grey):
    """What a telephone makes of the film, each once."""
    return {
        "screen": photograph(grey, SHOT),
        "close": photograph(grey, replace(SHOT, fill=1.3, tilt=0.02, glare=0.0)),
        "light box": photograph(grey, replace(SHOT, shown="light box", roll_deg=-2.0)),
    }


@pytest.mark.parametrize("kind", ["screen", "close", "light box"])
def test_grey_photograph_is_refused(tmp_path, shots, kind):
    """With its frame, so close that only the grid is seen, and before a lamp that has no grid."""
    path = tmp_path / "smith.jpg"
    path.write_bytes(encode_jpeg(shots[kind], 85))

    refusal = refused(path)

    assert refusal.code == "photograph"
    assert "the film itself" in refusal.reason
    assert "smith" not in refusal.reason


def test_plain_drawing_of_a_photograph_is_refused(tmp_path, grey):
    """No model of a camera: a film in a black frame before a wall, at a slant, with beats across it."""
    down, across = np.mgrid[:1000, :750].astype(np.float32)
    corners = np.array([(110, 130), (640, 90), (660, 900), (90, 880)], np.float32)
    edges = np.array([(0, 0), (249, 0), (249, 349), (0, 349)], np.float32)
    scene = np.full((1000, 750), 130, np.float32)
    cv2.fillConvexPoly(scene, ((corners - 375) * 1.08 + 375).astype(np.int32), (18,))
    film = cv2.warpPerspective(grey, cv2.getPerspectiveTransform(edges, corners), (750, 1000))
    inside = cv2.fillConvexPoly(np.zeros(scene.shape, np.uint8), corners.astype(np.int32), (1,)) > 0
    beats = 8 * np.sin((across + 0.2 * down) / 2.1)
    shown = np.where(inside, 20 + 0.8 * film + beats, scene) + np.random.default_rng(0).normal(0, 3, scene.shape)
    path = tmp_path / "smith.png"
    Picture.fromarray(np.clip(shown, 0, 255).astype(np.uint8)).save(path)

    assert refused(path).code == "photograph"


def test_screen_captured_as_dicom_is_refused(dicom, shots):
    """A secondary capture may be any picture; a film of a radiograph's class is what it says."""
    pixels = shots["close"].astype(np.uint16)

    (result,) = read_all([dicom(pixels=pixels, SOPClassUID=SECONDARY_CAPTURE)], modality="DX")

    assert isinstance(result, Refusal)
    assert result.code == "photograph"


def test_camera_in_the_file_is_enough(tmp_path, grey):
    """Pixels without any sign, and the focal length of a telephone."""
    exif = Picture.Exif()
    exif.get_ifd(IFD.Exif).update({Base.FocalLength: 4.25})
    Picture.fromarray(grey).save(tmp_path / "smith.jpg", exif=exif)

    refusal = refused(tmp_path / "smith.jpg")

    assert refusal.code == "photograph"
    assert "camera" in refusal.reason


def test_maker_alone_is_a_caution(tmp_path, grey):
    """It may be a scanner's: the film is examined, and the reader is told."""
    exif = Picture.Exif()
    exif[Base.Make] = "Smith Optical"
    Picture.fromarray(grey).save(tmp_path / "smith.jpg", exif=exif)

    (caution,) = (text for text in read(tmp_path / "smith.jpg").cautions if "photograph" in text)

    assert "give the original file" in caution
    assert "Smith" not in caution


def test_film_in_light_that_lies_straight_is_a_caution(grey):
    """A scanner leaves light around a film, too, but square."""
    scanned = np.full((700, 520), 205, np.float32)
    scanned[50:650, 60:460] = cv2.resize(grey, (400, 600)) * 0.7
    scanned += np.random.default_rng(2).normal(0, 2, scanned.shape)

    (caution,) = check_photograph(scanned)

    assert "a frame with light around it" in caution


def test_film_says_nothing(picture, grey):
    """Neither the film, nor the same enlarged, nor as JPEG."""
    large = cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)

    assert list_signs(grey) == []
    assert list_signs(large) == []
    assert not any("photograph" in text for text in read(picture(large, "smith.jpg", quality=80)).cautions)


def test_rest_of_colour_is_measured(grey):
    """Columns red and blue in turn over the left half: half the pixels; a film tinted as a whole has none."""
    colours = np.repeat(grey[..., np.newaxis], 3, axis=2).astype(np.int16)
    tinted = np.clip(colours + np.array([0, 3, 9]), 0, 255).astype(np.uint8)
    colours[:, 0:125:2] += (7, 0, -7)
    colours[:, 1:125:2] += (-7, 0, 7)
    stray = np.clip(colours, 0, 255).astype(np.uint8)

    assert measure_stray_tint(grey) == 0
    assert measure_stray_tint(tinted) < 0.02
    assert 0.3 < measure_stray_tint(stray) < 0.55
    with pytest.raises(Unreadable):
        check_photograph(photograph(grey, replace(SHOT, fill=1.3)), stray)
