"""Changes of the pieces of a picture: chunks of PNG with their sum mended, segments of JPEG, entries of TIFF."""

import struct
import zlib
from random import Random
from typing import Final, Literal

from fuzz.mutators import write_number

PNG: Final = b"\x89PNG\r\n\x1a\n"

TIFF: Final = (b"II*\0", b"MM\0*")

JPEG: Final = b"\xff\xd8"

EDGES: Final = (0, 1, 2, 3, 4, 8, 16, 32, 63, 64, 127, 255, 256, 32768, 65535, 65536, 2**31 - 1, 2**32 - 1)
"""Numbers of 8 to 32 bits at their edges."""

TIFF_ENTRY_BYTES: Final = 12
"""Of an entry of a directory of TIFF (TIFF 6.0, 2)."""

TIFF_TAGS: Final = (7, 17, 256, 257, 258, 259, 262, 273, 277, 278, 279, 282, 296, 317, 338, 339)
"""What describes the samples of a TIFF, and two kinds of packing."""

Chunk = tuple[bytes, bytes]
"""Type and content of a chunk of PNG."""


def mutate_picture(data: bytes, random: Random) -> bytes:
    """A picture with one of its pieces changed."""
    if data.startswith(PNG):
        return _mutate_png(data, random)
    if data.startswith(TIFF):
        return _mutate_tiff(data, random)
    if data.startswith(JPEG):
        return _mutate_jpeg(data, random)
    return data


def _mutate_png(data: bytes, random: Random) -> bytes:
    chunks = _read_chunks(data)
    if not chunks:
        return data
    number = random.randrange(len(chunks))
    kind, content = chunks[number]
    changed: tuple[list[Chunk], ...] = (
        [],
        [chunks[number]] * 2,
        [(random.choice((b"tRNS", b"PLTE", b"gAMA", b"pHYs", b"eXIf", b"acTL", b"iCCP", b"zTXt", b"IDAT")), content)],
        [(kind, _put_number(content, random))],
        [(kind, _put_number(content, random))],
        [(kind, content[: random.randrange(len(content) + 1)])],
        [
            chunks[number],
            (b"pHYs", struct.pack(">IIB", random.choice(EDGES), random.choice(EDGES), random.randrange(3))),
        ],
    )
    chunks[number : number + 1] = random.choice(changed)
    return PNG + b"".join(map(_write_chunk, chunks))


def _read_chunks(data: bytes) -> list[Chunk]:
    chunks = []
    at = len(PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        chunks.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + length]))
        at += 12 + length
    return chunks


def _write_chunk(chunk: Chunk) -> bytes:
    kind, content = chunk
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _mutate_jpeg(data: bytes, random: Random) -> bytes:
    """A segment of the header left out, twice, or with a number changed."""
    segments = []
    at = len(JPEG)
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segments.append((at, end))
        at = end
    if not segments:
        return data
    start, end = random.choice(segments)
    segment = data[start:end]
    changed = (b"", segment * 2, segment[:2] + _put_number(segment[2:], random), segment[:4] + segment[5:])
    return data[:start] + random.choice(changed) + data[end:]


def _mutate_tiff(data: bytes, random: Random) -> bytes:
    """An entry of the first directory with its tag, type, count or value changed."""
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    start = int.from_bytes(data[4:8], order)
    count = int.from_bytes(data[start : start + 2], order)
    at = start + 2 + TIFF_ENTRY_BYTES * random.randrange(max(count, 1))
    if at + TIFF_ENTRY_BYTES > len(data):
        return data
    part, size = random.choice(((0, 2), (2, 2), (4, 4), (8, 4), (8, 2)))
    written = write_number(random.choice((*EDGES, *TIFF_TAGS)), size, order)
    return data[: at + part] + written + data[at + part + size :]


def _put_number(content: bytes, random: Random) -> bytes:
    """The content with a number at its edge somewhere in its first bytes."""
    size = random.choice((1, 2, 4))
    if len(content) < size:
        return content
    at = random.randrange(min(len(content) - size + 1, 64))
    return content[:at] + write_number(random.choice(EDGES), size, "big") + content[at + size :]
