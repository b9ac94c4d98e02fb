"""The hand-made examination, for tests of what is drawn and written from it."""

import pytest

from calcinet.record import Record
from tests.support import handmade


@pytest.fixture(scope="session")
def pixels() -> handmade.Pixels:
    return handmade.limb()


@pytest.fixture(scope="session")
def record() -> Record:
    return handmade.examination()
