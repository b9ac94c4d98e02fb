"""STOW-RS: what each answer means, object by object."""

import pytest
from pydicom.dataset import Dataset

from calcinet.delivery.outcome import Busy, Refused, Unreachable
from calcinet.delivery.stow import outcome_of, require_stored


@pytest.mark.parametrize(("status", "what"), [(400, Refused), (409, Refused), (401, Unreachable), (503, Unreachable)])
def test_answer_of_http(status, what):
    assert isinstance(outcome_of(status), what)


def test_answer_of_stow_is_read_object_by_object():
    """A request may succeed and its object fail."""
    stored, failed, busy = Dataset(), Dataset(), Dataset()
    stored.ReferencedSOPSequence = [Dataset()]
    for answer, reason in ((failed, 0xA900), (busy, 0xA700)):
        item = Dataset()
        item.FailureReason = reason
        answer.FailedSOPSequence = [item]

    require_stored(stored)
    with pytest.raises(Refused):
        require_stored(failed)
    with pytest.raises(Busy):
        require_stored(busy)
    with pytest.raises(Unreachable):
        require_stored(Dataset())
