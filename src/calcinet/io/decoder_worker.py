"""Decode packed pixels in a process of its own, with little memory and time: requests on stdin, pixels on stdout.

Run as a script with the most bytes that it may take. Decoders crash, hang and fill the memory on damaged bytes, and
print what they find in them; here they take nothing else with them, and nobody reads it.

A request is the length of a JSON text (4 bytes, lowest first), the text, and a file of the size that stands in it; an
answer is the same with pixels. An answer without pixels says what was found instead ("refused"), with its numbers.
"""

import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[Any]
Facts = dict[str, Any]
Asked = dict[str, Any]

LENGTH_BYTES = 4
"""Before each text, its length."""

START_SECONDS = 6
"""Time of the processor that the smallest picture may take. Our choice: twenty times what it takes to load decoders."""

SECONDS_A_MEGAPIXEL = 1
"""More for each million pixels. Our choice: ten times what JPEG 2000 takes."""

ADDRESSES_BYTES = 8 * 2**30
"""Room for libraries, which is not memory that is used. Our choice."""

PADDING = 2
"""A strip of a TIFF may unpack to so many times its own size before it counts as a trick. Our choice: the last strip of
some writers is as long as the others."""

SLACK_BYTES = 65536
"""And to so much more."""

MODEST_BYTES = 64 * 2**20
"""What unpacks to no more than this is harmless, however small its file. Our choice."""

GREY_MODES = ("L", "LA", "I", "I;16", "I;16B", "F", "RGB", "RGBA")
"""Modes of Pillow whose samples are used as they are; the others are converted."""

MODES_ON_WHITE = ("RGBA", "LA", "PA", "P")
"""Modes of photographs that may be transparent."""

BYTES_OF_MODE = {"1": 1, "L": 1, "P": 1, "LA": 2, "PA": 2, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Bytes of a pixel in memory; other modes have four, or are deeper PNG files (see `is_deep_colour_png`)."""

PNG_DEPTH = 24
"""Byte of a PNG file that holds the bits of a sample (PNG 11.2.2)."""

PNG_COLOUR_TYPE = 25
"""Byte of a PNG file that holds its colour type."""

PNG_SEVERAL_CHANNELS = (2, 4, 6)
"""Colour types of a PNG file with more than one channel: colour, grey with opacity, colour with opacity."""


class Refused(Exception):
    """What was found is no single picture of a possible size; `facts` are its numbers."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why)
        self.facts = {"refused": why, **facts}


def decode_dicom(data: bytes, asked: Asked) -> tuple[Samples, Facts]:
    """Stored values of a DICOM file, by the plug-in of pydicom that is asked for."""
    from pydicom import dcmread
    from pydicom.pixels.utils import pixel_array

    allow_time(asked["pixels"])
    film = dcmread(BytesIO(data), force=True)
    if asked["twelve_bits"]:
        return decode_twelve_bits(film), {}
    return np.asarray(pixel_array(film, raw=True, decoding_plugin=asked["plugin"], **asked["options"])), {}


def decode_twelve_bits(film: Any) -> Samples:
    """Stored values of a 12-bit JPEG Extended film, which pydicom does not hand to GDCM."""
    import gdcm

    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((film.Columns, film.Rows, 1))
    image.SetPixelFormat(
        gdcm.PixelFormat(1, film.BitsAllocated, film.BitsStored, film.HighBit, film.PixelRepresentation)
    )
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(gdcm.PhotometricInterpretation.MONOCHROME2))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGExtendedProcess2_4))
    image.SetDataElement(wrap_frame(film))
    stored = np.frombuffer(image.GetBuffer().encode("utf-8", "surrogateescape"), np.uint16)
    return stored.reshape(film.Rows, film.Columns)


def wrap_frame(film: Any) -> Any:
    """The first packed frame as the Pixel Data element of GDCM."""
    import gdcm
    from pydicom.encaps import generate_frames

    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(next(generate_frames(film.PixelData, number_of_frames=1)))
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    return element


def decode_tiff(data: bytes, asked: Asked) -> tuple[Samples, Facts]:
    """TIFF of any depth; what tifffile has no codec for goes to Pillow."""
    import tifffile
    from tifffile import _imagecodecs

    _imagecodecs.zlib_decode = inflate_strip
    _imagecodecs.lzma_decode = refuse_lzma
    with tifffile.TiffFile(BytesIO(data)) as file:
        if len(file.pages) > 1:
            raise Refused("pages", count=len(file.pages))
        page = file.pages.first
        require_size(page.imagelength, page.imagewidth, asked)
        photometric = getattr(page.photometric, "name", "")
        require_inflation(page.nbytes, data, asked)
        if photometric not in ("MINISWHITE", "MINISBLACK", "RGB"):
            return decode_picture(data, asked)
        try:
            samples = page.asarray()
        except ValueError:  # a codec that is not installed
            return decode_picture(data, asked)
    return np.squeeze(samples), {"inverted": photometric == "MINISWHITE"}


def inflate_strip(data: bytes, /, *, out: Any = None) -> bytes:
    """Unpack a strip of a TIFF, of which tifffile says how many bytes it should hold, or gives the room for them."""
    expected = MODEST_BYTES
    if isinstance(out, int):
        expected = out
    elif out is not None:
        expected = memoryview(out).nbytes
    packed = zlib.decompressobj()
    plain = packed.decompress(data, PADDING * expected + SLACK_BYTES)
    if packed.unconsumed_tail:
        raise Refused("inflation")
    return plain


def refuse_lzma(data: bytes, /, *, out: Any = None) -> bytes:
    """Refuse a packing of TIFF that no maker of films uses and that nothing bounds."""
    del data, out
    raise Refused("inflation")


def decode_picture(data: bytes, asked: Asked) -> tuple[Samples, Facts]:
    """PNG, JPEG, and what of TIFF only Pillow reads."""
    import PIL.Image
    import PIL.ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = None  # the size is asked for here
    with PIL.Image.open(BytesIO(data), formats=("PNG", "JPEG", "TIFF")) as picture:
        require_size(picture.height, picture.width, asked)
        if getattr(picture, "n_frames", 1) > 1:
            raise Refused("moving")
        is_deep = is_deep_colour_png(data)
        width = 8 if is_deep else BYTES_OF_MODE.get(picture.mode, 4)
        if picture.format != "JPEG":
            require_inflation(width * picture.height * picture.width, data, asked)
        if is_deep:
            import cv2

            picture.verify()
            return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)), {}
        picture.load()
        return np.asarray(convert_mode(PIL.ImageOps.exif_transpose(picture))), {}


def decode_photograph(data: bytes, asked: Asked) -> tuple[Samples, Facts]:
    """A clinical photograph, JPEG or PNG whatever its name says: upright, no longer than a side, RGB on white."""
    import PIL.Image
    import PIL.ImageOps

    PIL.Image.MAX_IMAGE_PIXELS = None  # the size is asked for here
    with PIL.Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
        require_size(picture.height, picture.width, asked)
        picture.draft("RGB", (2 * asked["side"], 2 * asked["side"]))
        picture.load()
        upright = PIL.ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):  # 16 bits a sample
        upright = upright.point(lambda sample: sample * (1 / 256)).convert("L")
    upright.thumbnail((asked["side"], asked["side"]))
    return np.asarray(lay_on_white(upright).convert("RGB")), {}


def lay_on_white(picture: Any) -> Any:
    """The same with white where it may be transparent."""
    import PIL.Image

    if picture.mode not in MODES_ON_WHITE:
        return picture
    layer = picture.convert("RGBA")
    white = PIL.Image.new("RGBA", layer.size, "white")
    white.alpha_composite(layer)
    return white


def convert_mode(picture: Any) -> Any:
    """Palettes and other modes as colours, which keep what is transparent."""
    if picture.mode in GREY_MODES:
        return picture
    if "transparency" in picture.info or picture.mode == "PA":
        return picture.convert("RGBA")
    return picture.convert("RGB")


def is_deep_colour_png(data: bytes) -> bool:
    """Whether a PNG has 16 bits in several channels, of which Pillow would keep 8."""
    return data.startswith(b"\x89PNG") and data[PNG_DEPTH] == 16 and data[PNG_COLOUR_TYPE] in PNG_SEVERAL_CHANNELS


def require_size(rows: int, columns: int, asked: Asked) -> None:
    """Refuse, before anything is decoded, what is too small, where that is asked, or too large."""
    if min(rows, columns) < asked.get("least", 1) or rows * columns > asked["most"]:
        raise Refused("size", rows=int(rows), columns=int(columns))
    allow_time(rows * columns)


def require_inflation(unpacked: int, data: bytes, asked: Asked) -> None:
    """Refuse a file that claims many times more than noise can be packed to."""
    if unpacked > MODEST_BYTES and unpacked > asked["inflation"] * len(data):
        raise Refused("inflation")


TASKS: dict[str, Callable[[bytes, Asked], tuple[Samples, Facts]]] = {
    "DICOM": decode_dicom,
    "TIFF": decode_tiff,
    "PNG": decode_picture,
    "JPEG": decode_picture,
    "photograph": decode_photograph,
}
"""What decodes each kind of file."""


def answer(data: bytes, asked: Asked, noise: int) -> tuple[Samples | None, Facts]:
    """Pixels and facts of one request; every way of failing is a fact."""
    try:
        allow_time(0)
        samples, facts = TASKS[asked["task"]](data, asked)
    except Refused as refusal:
        return None, refusal.facts
    except MemoryError:
        return None, {"refused": "memory"}
    except Exception:  # damaged bytes fail in as many ways as there are codecs
        return None, {"refused": "damaged"}
    finally:
        heard = hear(noise)
    if asked["task"] == "DICOM" and b"Corrupt JPEG data" in heard:  # the decoder went on past damaged data
        return None, {"refused": "damaged"}
    if samples.dtype.kind not in "biuf":
        return None, {"refused": "damaged"}
    return samples, facts


def hear(noise: int) -> bytes:
    """What decoders have printed since the last time, as far as it was kept."""
    try:
        return os.read(noise, SLACK_BYTES)
    except BlockingIOError:
        return b""


def limit_memory(most: int) -> None:
    """Take no more memory than `most` bytes where the system sees to it; write no file, leave no core."""
    try:
        import resource
    except ImportError:
        return
    for kind, number in (
        ("RLIMIT_DATA", most),
        ("RLIMIT_AS", most + ADDRESSES_BYTES),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        hard = resource.getrlimit(getattr(resource, kind))[1]
        if hard != resource.RLIM_INFINITY:
            number = min(number, hard)
        resource.setrlimit(getattr(resource, kind), (number, number))


def allow_time(pixels: int) -> None:
    """Let the system end the process when it takes too long over so many pixels, where the system can."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = START_SECONDS + SECONDS_A_MEGAPIXEL * min(pixels, 10**9) // 10**6
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


@contextmanager
def keep_channels() -> Iterator[tuple[BinaryIO, int]]:
    """Where answers go, and what decoders print: it goes into a pipe that drops what it has no room for."""
    noise, printed = os.pipe()
    os.set_blocking(noise, False)
    os.set_blocking(printed, False)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        yield answers, noise


def main() -> None:
    """Answer every request on stdin, in order, until there are no more."""
    limit_memory(int(sys.argv[1]))
    with keep_channels() as (answers, noise):
        while length := sys.stdin.buffer.read(LENGTH_BYTES):
            asked = json.loads(sys.stdin.buffer.read(int.from_bytes(length, "little")))
            data = sys.stdin.buffer.read(asked["size"])
            samples, facts = answer(data, asked, noise)
            del data
            pixels: Any = b""
            if samples is not None:
                facts |= {"dtype": samples.dtype.str, "shape": samples.shape}
                pixels = np.ascontiguousarray(samples).reshape(-1).view(np.uint8)
            text = json.dumps(facts).encode()
            answers.write(len(text).to_bytes(LENGTH_BYTES, "little") + text)
            answers.write(pixels)
            answers.flush()
            del samples, pixels


if __name__ == "__main__":
    main()
