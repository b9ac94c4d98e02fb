"""Activity of the tracer by the header of a scintigram."""

from typing import Final

from pydicom.dataset import Dataset

from calcinet.io.dicom.header import number
from calcinet.text import say

PLAUSIBLE_MBQ: Final = (35.0, 2000.0)
"""Activity for a bone scan, in MBq. Our choice: from the least that is given to a child to twice what is given to an
adult; 20 to 30 are mCi."""

BQ_PER_MBQ: Final = 1e6
"""PS3.3 C.8.4.10 has MBq; PET files, and after them some of planar scans, have Bq in the same element."""


def dose_mbq(drug: Dataset) -> tuple[float | None, tuple[str, ...]]:
    """Activity given in MBq, with a remark where it is told in Bq, or is none of a bone scan."""
    dose = number(drug, "RadionuclideTotalDose")
    if dose is None:
        return None, ()
    if _is_plausible(dose):
        return dose, ()
    if _is_plausible(dose / BQ_PER_MBQ):
        return dose / BQ_PER_MBQ, (say("the dose in the file is too large for MBq and was taken as Bq"),)
    low, high = PLAUSIBLE_MBQ
    remark = say(
        "the dose in the file, {dose:g}, is none of a bone scan in MBq ({low:g} to {high:g}): it was not used",
        dose=dose,
        low=low,
        high=high,
    )
    return None, (remark,)


def _is_plausible(dose: float) -> bool:
    return PLAUSIBLE_MBQ[0] <= dose <= PLAUSIBLE_MBQ[1]
