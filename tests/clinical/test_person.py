"""Who the patient is, the kidneys, dialysis."""

import pytest
from pydantic import ValidationError

from calcinet.clinical.person import Dialysis, Kidney


@pytest.mark.parametrize(
    ("fields", "on_dialysis", "on_haemodialysis"),
    [
        ({}, None, None),
        ({"stage": "5D"}, True, None),
        ({"stage": "4"}, False, False),
        ({"dialysis": [{"kind": "peritoneal"}]}, True, False),
        ({"dialysis": [{"kind": "HD"}]}, True, True),
        ({"dialysis": [{"kind": "hdf", "stop": "2025-01-01"}]}, False, False),
        ({"dialysis": [{"kind": "pd", "stop": "2025-01-01"}, {"kind": "hdf"}]}, True, True),
    ],
)
def test_dialysis_goes_on_until_it_is_stopped(fields, on_dialysis, on_haemodialysis):
    """Stage 5D without its kind leaves haemodialysis unknown."""
    kidney = Kidney.model_validate(fields)

    assert kidney.on_dialysis is on_dialysis
    assert kidney.on_haemodialysis is on_haemodialysis


def test_dialysis_does_not_stop_before_it_starts():
    with pytest.raises(ValidationError):
        Dialysis(kind="peritoneal", start="2025-02-01", stop="2025-01-31")


def test_normal_kidneys_are_not_dialysed():
    with pytest.raises(ValidationError, match="stage is normal, but dialysis goes on"):
        Kidney(stage="normal", dialysis=[{"kind": "peritoneal"}])
