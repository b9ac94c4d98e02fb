"""Changes of the fields of a NIfTI header, packed or plain."""

import gzip
import zlib
from random import Random
from typing import Any, Final

import numpy as np
from nibabel.nifti1 import Nifti1Header
from nibabel.nifti2 import Nifti2Header

GZIP: Final = b"\x1f\x8b"

MOST_BYTES: Final = 2**20
"""What a packed file unpacks to, to be changed. Our choice."""

VALUES: Final = (
    *(
        0,
        1,
        -1,
        2,
        3,
        4,
        5,
        7,
        8,
        16,
        64,
        127,
        128,
        255,
        256,
        512,
        768,
        1024,
        32767,
        -32768,
        65535,
        2**31 - 1,
        -(2**31),
    ),
    *(2**62, 0.5, -0.5, 1e-30, 1e30, float("nan"), float("inf"), float("-inf"), 352.0, 348.0),
)
"""What is put into a field, as far as it fits."""


def mutate_nifti(data: bytes, random: Random) -> bytes:
    """A NIfTI file with one to three fields of its header changed."""
    if data.startswith(GZIP):
        try:
            plain = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data, MOST_BYTES)
        except zlib.error:
            return data
        packed = gzip.compress(_change_fields(plain, random), mtime=0)
        return packed[: random.randrange(len(packed))] if random.random() < 0.1 else packed
    return _change_fields(data, random)


def _change_fields(data: bytes, random: Random) -> bytes:
    kind: Any = Nifti2Header if data[4:8] == b"n+2\0" else Nifti1Header
    layout = kind.template_dtype
    if len(data) < layout.itemsize:
        return data
    header = np.frombuffer(data[: layout.itemsize], layout).copy()
    for _ in range(random.choice((1, 1, 2, 3))):
        name = random.choice(layout.names)
        values = header[name].reshape(-1)
        if values.dtype.kind == "S":
            continue
        with np.errstate(all="ignore"):
            values[random.randrange(values.size)] = np.float64(random.choice(VALUES)).astype(values.dtype)
        header[name] = values.reshape(header[name].shape)
    return header.tobytes() + data[layout.itemsize :]
