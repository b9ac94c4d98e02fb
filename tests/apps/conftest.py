"""The hand-made examination, for tests of what is drawn and written from it."""

import pytest

import handmade
from calcinet.record import Record


@pytest.fixture(scope="session")
def pixels() -> handmade.Pixels:
    return handmade.limb()


@pytest.fixture(scope="session")
def record() -> Record:
    return handmade.examination()
