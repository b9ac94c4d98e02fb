"""An outbox of its own for each test of the delivery."""

import pytest

from calcinet.delivery import Outbox


@pytest.fixture
def box(tmp_path) -> Outbox:
    return Outbox(tmp_path / "outbox")
