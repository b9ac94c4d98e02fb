"""The hand-made examination, for tests of what is drawn and written from it."""

import pytest

from calcinet.examined import ExaminedImage
from calcinet.record import Record
from tests.support import handmade


@pytest.fixture(scope="session")
def pixels() -> ExaminedImage:
    return handmade.limb()


@pytest.fixture(scope="session")
def record() -> Record:
    return handmade.examination()
