"""C-STORE: what each status means, and which contexts are asked for."""

import pytest

from calcinet.delivery.dimse import check_status
from calcinet.delivery.outcome import Busy, Refused


@pytest.mark.parametrize(
    ("status", "what"),
    [(0x0000, None), (0xB000, None), (0xA700, Busy), (0x0110, Busy), (0xA900, Refused), (0xC001, Refused)],
)
def test_status_of_c_store(status, what):
    if what is None:
        check_status(status)
    else:
        with pytest.raises(what):
            check_status(status)
