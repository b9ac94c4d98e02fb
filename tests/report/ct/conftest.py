"""The hand-made CT of two legs, and its record."""

import pytest

import handmade_ct
from calcinet.record import ImageRecord, Record
from calcinet.report.marks import Film


@pytest.fixture(scope="session")
def ct() -> handmade_ct.Ct:
    return handmade_ct.Ct(handmade_ct.slices())


@pytest.fixture(scope="session")
def ct_image() -> ImageRecord:
    return handmade_ct.examined_image()


@pytest.fixture(scope="session")
def ct_case() -> Record:
    return handmade_ct.examination()


@pytest.fixture(scope="session")
def film(ct, ct_image) -> Film:
    return Film.of(ct_image, ct)
