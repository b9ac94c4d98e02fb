"""Clinical photographs: files from anywhere, of which nothing but the pixels is kept."""

import os
import struct
import zlib
from io import BytesIO

import numpy as np
import PIL.Image
import pytest

from calcinet.errors import BadInput
from calcinet.io.case.photographs import LONGEST_SIDE_PX, read_photographs, renew
from calcinet.io.decoder import end_all


def picture(size=(64, 48), mode="RGB"):
    rows, columns = np.mgrid[: size[1], : size[0]]
    red = np.stack([rows * 3 % 256, columns * 3 % 256, rows * 0], axis=-1).astype(np.uint8)
    return PIL.Image.fromarray(red).convert(mode)


def coded(image, kind="JPEG", **options):
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def case(tmp_path, *names):
    entries = ", ".join(f"{{file: {name}}}" for name in names)
    path = tmp_path / "case.yaml"
    path.write_text(
        f"lesions:\n  - {{site: leg, kind: ulcer}}\n  - site: thigh\n    kind: ulcer\n    photographs: [{entries}]\n",
        encoding="utf-8",
    )
    return path


def test_photographs_are_numbered_over_all_lesions(tmp_path):
    (tmp_path / "a.jpg").write_bytes(coded(picture()))
    (tmp_path / "b.png").write_bytes(coded(picture(), "PNG"))
    read = read_photographs(case(tmp_path, "a.jpg", "b.png"))

    assert list(read) == ["photo-1", "photo-2"]
    assert {PIL.Image.open(BytesIO(data)).format for data in read.values()} == {"JPEG"}


def test_no_metadata_survives():
    """Neither camera, place, comment, profile nor an embedded small picture."""
    exif = PIL.Image.Exif()
    exif[0x010F] = "CAMERA-OF-CHAN"
    exif[0x8298] = "CHAN TAI MAN"
    exif.get_ifd(0x8825)[2] = (22.0, 18.0, 0.0)
    data = coded(picture(), exif=exif, comment=b"CHAN TAI MAN", icc_profile=b"CHAN" * 40, xmp=b"<x>CHAN</x>")
    assert b"CHAN" in data

    new = renew(data)

    assert b"CHAN" not in new
    assert b"Exif" not in new
    kept = PIL.Image.open(BytesIO(new))
    assert not kept.getexif()
    assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_text_of_a_png_does_not_survive():
    notes = PIL.PngImagePlugin.PngInfo()
    notes.add_text("Patient", "CHAN TAI MAN")
    data = coded(picture(), "PNG", pnginfo=notes)

    assert b"CHAN" in data
    assert b"CHAN" not in renew(data)


def test_a_photograph_is_turned_upright():
    """Orientation 6: the camera was held on its side."""
    exif = PIL.Image.Exif()
    exif[0x0112] = 6

    assert PIL.Image.open(BytesIO(renew(coded(picture((64, 48)), exif=exif)))).size == (48, 64)


def test_a_large_photograph_is_scaled_down():
    made = PIL.Image.open(BytesIO(renew(coded(picture((4000, 3000))))))

    assert made.size == (LONGEST_SIDE_PX, LONGEST_SIDE_PX * 3 // 4)


@pytest.mark.parametrize("mode", ["L", "RGBA", "LA", "P", "1", "I;16"])
def test_every_usual_mode_of_png_becomes_colour(mode):
    image = PIL.Image.fromarray(np.full((8, 8), 30000, np.uint16)) if mode == "I;16" else picture(mode=mode)
    made = PIL.Image.open(BytesIO(renew(coded(image, "PNG"))))

    assert made.mode == "RGB"
    if mode == "I;16":
        assert abs(made.getpixel((4, 4))[0] - 30000 / 256) < 4


def test_what_is_transparent_becomes_white():
    clear = PIL.Image.new("RGBA", (8, 8), (0, 0, 0, 0))

    assert PIL.Image.open(BytesIO(renew(coded(clear, "PNG")))).getpixel((4, 4)) == (255, 255, 255)


def bomb(side):
    """A PNG whose header says `side` by `side` pixels, a few bytes long."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [8_000, 12_000, 30_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side):
    with pytest.raises(BadInput, match="more than 60 million pixels"):
        renew(bomb(side))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        coded(picture((200, 200)))[:900],
        coded(picture(), "GIF"),
        coded(picture(), "TIFF"),
        coded(picture(), "WEBP"),
        bomb(50),
    ],
)
def test_what_is_no_whole_jpeg_or_png_is_refused(data):
    with pytest.raises(BadInput, match="expected a whole JPEG or PNG picture"):
        renew(data)


def test_a_decoder_is_held_to_its_memory(monkeypatch):
    """Sound, 7000 x 7000 in colours: 147 MB, in a process that is allowed 120 MiB in all."""
    data = coded(PIL.Image.new("RGB", (7000, 7000)), "PNG", compress_level=1)
    end_all()
    monkeypatch.setenv("CALCINET_MAX_DECODER_BYTES", str(120 * 2**20))
    try:
        with pytest.raises(BadInput, match="the photograph cannot be read"):
            renew(data)
    finally:
        end_all()


def test_the_line_is_named_and_the_file_is_not(tmp_path):
    """A file may be called as the patient is."""
    (tmp_path / "chan-tai-man.jpg").write_bytes(b"no picture")

    with pytest.raises(BadInput) as refused:
        read_photographs(case(tmp_path, "chan-tai-man.jpg"))

    assert str(refused.value).startswith("line 5, lesions.1.photographs.0.file: the photograph cannot be read")
    assert "chan" not in str(refused.value)


@pytest.mark.parametrize("name", ["missing.jpg", "folder", "pipe"])
def test_what_is_no_file_is_refused(tmp_path, name):
    """A pipe would wait for ever."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(BadInput, match="there is no such photograph"):
        read_photographs(case(tmp_path, name))


@pytest.mark.parametrize("name", ["../secret.jpg", "link.jpg", "/etc/hostname"])
def test_a_file_outside_the_folder_is_refused(tmp_path, name):
    """A case from elsewhere must not pull pictures of this machine into a report."""
    (tmp_path / "secret.jpg").write_bytes(coded(picture()))
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")

    with pytest.raises(BadInput, match="outside the folder of the case file"):
        read_photographs(case(inside, name))


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setenv("CALCINET_MAX_PHOTOGRAPH_BYTES", "10")
    (tmp_path / "a.jpg").write_bytes(coded(picture()))

    with pytest.raises(BadInput, match="save it smaller"):
        read_photographs(case(tmp_path, "a.jpg"))
