"""Kernels by the names of their makers."""

import pytest

from calcinet.io.ct.kernels import is_sharp


@pytest.mark.parametrize(
    ("kernel", "sharp"),
    [
        *(("B20f", False), ("B50f", False), ("Br40d", False), ("I30f", False), ("B70s", True), ("Bl64", True)),
        *(("Hr60", True), ("STANDARD", False), ("SOFT", False), ("BONE", True), ("LUNG", True), ("EDGE", True)),
        *(("B", False), ("YA", True), ("FC03", False), ("FC18", False), ("FC30", True), ("FC52", True)),
        *(("", None), (None, None), ("own", None)),
    ],
)
def test_kernels_are_known_by_the_names_of_their_makers(kernel, sharp):
    assert is_sharp(kernel) is sharp
