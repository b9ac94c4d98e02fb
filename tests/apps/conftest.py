"""The hand-made examination, for tests of what is drawn and written from it, and films that are examined fast."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from calcinet.examined import ExaminedImage
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import limb, random_spec
from calcinet.record import Record
from tests.support import handmade


@pytest.fixture(scope="session")
def pixels() -> ExaminedImage:
    return handmade.limb()


@pytest.fixture(scope="session")
def record() -> Record:
    return handmade.examination()


@pytest.fixture(scope="session")
def make_film(tmp_path_factory) -> Callable[[int], bytes]:
    """A small film of a leg with calcified arteries, cut out of a larger one at another place for each number."""
    folder = tmp_path_factory.mktemp("films")
    whole = limb(random_spec(3, net=True)).image

    def make(number: int) -> bytes:
        top = 300 + 9 * number
        part = replace(whole, pixels=whole.pixels[:, top : top + 320, :])
        return Path(write_radiograph(folder / f"{number}.dcm", part, uid_seed=str(number))).read_bytes()

    return make
