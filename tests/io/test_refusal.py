"""Each kind of bad input, and the sentence it gets."""

import struct
import warnings
import zlib

import numpy as np
import pytest
from pydicom import dcmread
from scipy import ndimage as ndi

from calcinet.errors import Unreadable
from calcinet.io import Refusal, read, read_all
from calcinet.io.radiograph.document_rejection import require_single_film

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def refused(path) -> Refusal:
    """The refusal of one path, whose sentence is long enough to help and names no file."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (result,) = read_all([path])
    assert isinstance(result, Refusal)
    assert len(result.reason) > 40
    assert path.stem not in result.reason + result.source
    return result


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty", "0 bytes"),
        (b"Dear colleague, thank you for this patient", "not-an-image", "found no image"),
        (b"%PDF-1.7 " + bytes(300), "unsupported-format", "PDF"),
        (b"GIF89a" + bytes(300), "unsupported-format", "GIF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "truncated", "PNG"),
        (bytes(128) + b"DICM", "truncated", "DICOM file that is damaged"),
    ],
)
def test_what_is_no_film_is_named(tmp_path, content, code, words):
    """An explicit path is answered, whatever it is."""
    path = tmp_path / "smith.xyz"
    path.write_bytes(content)

    result = refused(path)

    assert result.code == code
    assert words in result.reason


@pytest.mark.parametrize("name", ["smith.png", "smith.jpg", "smith.tif"])
def test_cut_off_picture_is_refused(picture, grey, name):
    """Half of the file is half of the film."""
    path = picture(grey, name)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])

    assert refused(path).code == "truncated"


@pytest.mark.parametrize("keep", [0.97, 0.5])
def test_cut_off_dicom_is_refused(dicom, keep):
    """Its pixels no longer fill rows times columns."""
    path = dicom("smith.dcm")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])

    assert refused(path).code == "truncated"


def test_cut_off_compressed_dicom_is_refused(dicom):
    """An encapsulated stream without its end."""
    from pydicom.uid import RLELossless

    path = dicom("smith.dcm")
    dataset = dcmread(path)
    dataset.compress(RLELossless)
    dataset.save_as(path)
    path.write_bytes(path.read_bytes()[:-2000])

    assert refused(path).code == "truncated"


def test_colour_photograph_is_refused(picture, grey):
    """Skin has hues; a film has none."""
    hues = np.stack([np.roll(grey, shift, axis=1) for shift in (0, 60, 120)], axis=2)

    assert refused(picture(hues, "smith.png")).code == "colour"


def test_colour_dicom_is_refused(dicom, grey):
    """Stored in three samples that disagree; three that agree are a grey film."""
    colour = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}
    bits = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}
    same = np.repeat(grey[..., None], 3, axis=2)
    hues = same.copy()
    hues[50:100, :, 0] = 255

    assert refused(dicom("smith.dcm", pixels=hues, **colour, **bits)).code == "colour"
    assert np.array_equal(read(dicom(pixels=same, **colour, **bits)).plane, grey)


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


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_one_pixel_is_refused(picture, suffix):
    """1 x 1 shows nothing."""
    result = refused(picture(np.zeros((1, 1), np.uint8), f"smith.{suffix}"))

    assert result.code == "too-small"
    assert "1 x 1" in result.reason


def test_thirty_thousand_square_is_refused_unopened(tmp_path):
    """The PNG header states the size; there are no pixels behind it, and none are asked for."""
    path = tmp_path / "smith.png"
    size = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(bytes(10))), (b"IEND", b"")]
    body = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(body))

    result = refused(path)

    assert result.code == "too-many-pixels"
    assert "at most 100 million" in result.reason


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ({"Rows": 30_000, "Columns": 30_000}, "too-many-pixels"),
        ({"Rows": 1, "Columns": 1}, "too-small"),
        ({"NumberOfFrames": 12}, "multi-frame"),
        ({"PixelData": None}, "truncated"),
        ({"Rows": 351}, "truncated"),
    ],
)
def test_dicom_of_impossible_shape_is_refused(dicom, tags, code):
    """Told from the header, before anything is decoded."""
    assert refused(dicom("smith.dcm", **tags)).code == code


@pytest.mark.parametrize(
    ("pixels", "code"),
    [
        (np.full((100, 100), 7, np.uint8), "constant"),
        (np.eye(100, dtype=np.uint8) * 255, "saturated"),
        (np.pad(np.arange(100, dtype=np.uint8).reshape(10, 10), 200), "saturated"),
        (np.tile(np.arange(8, dtype=np.uint8) * 30, (100, 20)), "few-greys"),
    ],
)
def test_film_that_holds_nothing_is_refused(picture, dicom, pixels, code):
    """Blank, nearly all black or white, or a drawing of a few greys; as picture and as DICOM."""
    assert refused(picture(pixels, "smith.png")).code == code
    assert refused(dicom("smith.dcm", pixels=pixels.astype(np.uint16))).code == code


def test_permissions_are_answered(tmp_path, monkeypatch, picture, grey):
    """A file that cannot be opened is a sentence, not a traceback."""
    path = picture(grey, "smith.png")

    def closed(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", closed)

    assert refused(path).code == "cannot-open"
