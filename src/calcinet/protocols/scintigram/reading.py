"""A bone scan of the record -> what of it can be weighed."""

from dataclasses import replace

from calcinet.evidence.readings import Reading
from calcinet.record import ImageRecord


def read_scintigram(image: ImageRecord, reading: Reading) -> Reading:
    """Whether soft tissue was measured; the program's own grade is not validated and is no reading of uptake."""
    measured = image.scintigram is not None and image.scintigram.grade is not None
    return replace(reading, by_program=True, measured=measured)
