"""Grey pictures that are no film."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage as ndi

from calcinet.errors import Unreadable
from calcinet.io import Refusal, read, read_all
from calcinet.io.radiograph.document_rejection import require_single_film
from tests.support.refusals import refused

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


@pytest.mark.parametrize(("down", "across"), [(2, 2), (3, 4), (1, 5)])
def test_sheet_of_pictures_is_refused(picture, grey, down, across):
    """Tiles apart by straight rules of one grey."""
    tile = np.pad(grey[40:300:2, 20:220:2], 4, constant_values=250)
    sheet = np.pad(np.tile(tile, (down, across)), 4, constant_values=250)

    result = refused(picture(sheet, "smith.png"))

    assert result.code == "sheet"
    assert f"{down} x {across}" in result.reason


def test_printed_ct_sheet_is_refused(picture, ct_hu):
    """Twelve slices in soft-tissue window on one page."""
    shown = (np.clip((ct_hu[10:106:8] + 160) / 400, 0, 1) * 255).astype(np.uint8)
    tiles = np.pad(shown, ((0, 0), (3, 3), (3, 3)), constant_values=255)
    sheet = np.vstack([np.hstack(tiles[row : row + 4]) for row in (0, 4, 8)])

    assert refused(picture(sheet, "smith.png")).code == "sheet"


def test_two_projections_on_one_plate_are_no_sheet(picture, grey):
    """Front and side view beside each other are common, and examined."""
    plate = np.hstack([grey, np.full((len(grey), 9), 255, np.uint8), grey])

    assert read(picture(plate, "plate.png")).plane.shape == plate.shape


def write_on(ground, lines):
    """Lines of words, white or black as the ground asks."""
    page = Image.fromarray(ground)
    ink = 255
    if ground.mean() > 128:
        ink = 0
    for line in range(lines):
        ImageDraw.Draw(page).text(
            (20, 12 + 26 * line), "Post-test probability of the disease", ink, ImageFont.load_default(20)
        )
    return np.array(page)


@pytest.mark.parametrize("paper", [255, 240])
def test_a_page_of_print_is_refused(picture, grey, paper):
    """A report with a film on it, printed or captured."""
    page = write_on(np.full((1100, 800), paper, np.uint8), 20)
    page[700 : 700 + len(grey[::2]), 500 : 500 + len(grey[0, ::2])] = grey[::2, ::2]

    assert refused(picture(page, "smith.png")).code == "page"


def test_a_film_with_some_lines_of_print_is_no_page(picture, grey):
    """Name, date, technique, and a black ground round the limb."""
    film = write_on(np.pad(grey, 300), 12)

    assert read(picture(film, "film.png")).plane.shape == film.shape


def test_screenshot_is_refused(picture, grey):
    """A grey tool bar above, a darker list of studies beside the film."""
    screen = np.pad(grey, ((0, 0), (90, 0)), constant_values=60)
    screen = np.pad(screen, ((40, 0), (0, 0)), constant_values=214)
    screen[10:20, 10:60:3] = 20

    assert refused(picture(screen, "smith.png")).code == "screenshot"


@pytest.mark.parametrize(
    "tags",
    [
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": "OT"},
        {"SOPClassUID": SECONDARY_CAPTURE, "Modality": "CR"},
        {"Modality": "OT"},
    ],
)
def test_dicom_that_may_be_any_picture_is_looked_at_as_one(dicom, grey, tags):
    """Four tiles captured as DICOM are a sheet, whatever the caller calls them; one film in the same guise is read."""
    tile = np.pad(grey[40:300:2, 20:220:2], 4, constant_values=250)
    sheet = np.pad(np.tile(tile, (2, 2)), 4, constant_values=250).astype(np.uint16)

    (result,) = read_all([dicom("smith.dcm", pixels=sheet, **tags)], modality="DX")

    assert isinstance(result, Refusal)
    assert result.code == "sheet"
    assert read(dicom("film.dcm", **tags), modality="DX").modality == "DX"


@pytest.mark.parametrize("window", [(-160, 240), (-500, 1300)])
def test_ct_slices_given_as_pictures_are_refused(ct_hu, window):
    """Most axial slices of a trunk that is wholly in the field are told; 8 of 9 at least."""
    low, high = window
    slices = ndi.zoom(ct_hu[12:110:11].astype(np.float32), (1, 4, 4), order=1)
    shown = np.clip((slices - low) / (high - low), 0, 1)
    codes = [code_of_plane(plane) for plane in shown]

    assert codes.count("ct-slice") >= len(codes) - 1


def test_generated_section_is_refused(picture):
    """An ellipse of fat and muscle with a ring of bone, in air of one grey."""
    down, across = np.mgrid[-1:1:256j, -1:1:256j]
    radius = np.hypot(down / 0.8, across / 0.7)
    section = np.select([radius < 0.12, radius < 0.2, radius < 0.85, radius < 1], [120, 250, 140, 80], 0)
    noise = np.random.default_rng(1).normal(0, 6, section.shape)
    pixels = np.where(radius < 1, np.clip(section + noise, 30, 255), 0).astype(np.uint8)

    assert refused(picture(pixels, "smith.png")).code == "ct-slice"


def code_of_plane(plane):
    try:
        require_single_film(plane)
    except Unreadable as error:
        return error.code
    return "film"


@pytest.mark.parametrize("shape", [(64, 40_000), (40_000, 64), (70, 9000)])
def test_a_strip_is_looked_at_however_long_it_is(shape):
    """Bright in its middle, all else of one grey, so that sections are looked for: its small copy has one row."""
    strip = np.zeros(shape, np.float32)
    strip[tuple(slice(side // 4, side // 2) for side in shape)] = np.random.default_rng(0).uniform(0.5, 1.0)
    strip += np.random.default_rng(1).uniform(0, 0.2, shape) * (strip > 0)

    assert code_of_plane(strip) == "film"
