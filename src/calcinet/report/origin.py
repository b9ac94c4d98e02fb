"""Where an examined image stands in its archive: what objects made from it refer to."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from calcinet.record import ImageRecord


@dataclass(frozen=True, slots=True)
class Origin:
    """The unique identifiers of one image (PS3.3 C.12.1, C.7.2.1, C.7.3.1)."""

    study: str
    series: str
    instance: str
    sop_class: str

    @classmethod
    def of(cls, parent: Dataset) -> "Origin":
        """Read them from a header."""
        return cls(
            str(parent.StudyInstanceUID),
            str(parent.SeriesInstanceUID),
            str(parent.SOPInstanceUID),
            str(parent.SOPClassUID),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sourced:
    """One examined image and the header of the DICOM object it came from."""

    image: ImageRecord
    parent: Dataset
    """Without pixels; as `calcinet.io.parent.parent_of` gives it."""

    @property
    def origin(self) -> Origin:
        """Its unique identifiers."""
        return Origin.of(self.parent)


def shows_burned_in(parent: Dataset) -> bool:
    """Whether the film itself may name the patient, in letters that are part of its pixels."""
    return str(parent.get("BurnedInAnnotation") or "").upper() == "YES"
