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
    slices: int = 1
    """Instances that the image consists of; of several, `instance` is the first."""

    @classmethod
    def of(cls, parent: Dataset, slices: int = 1) -> "Origin":
        """Read them from a header."""
        return cls(
            str(parent.StudyInstanceUID),
            str(parent.SeriesInstanceUID),
            str(parent.SOPInstanceUID),
            str(parent.SOPClassUID),
            slices,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sourced:
    """One examined image and the header of the DICOM object it came from."""

    image: ImageRecord
    parent: Dataset
    """Without pixels; as `calcinet.io.dicom.source_header` copies it. Of a CT that of its first slice."""
    slices: tuple[Dataset, ...] = ()
    """Headers of all slices of a CT, in the order of Z; none where an object cannot refer to its voxels."""

    @property
    def origin(self) -> Origin:
        """Its unique identifiers."""
        return Origin.of(self.parent, max(1, len(self.slices)))

    @property
    def instances(self) -> tuple[Dataset, ...]:
        """Headers of everything that an object made from it refers to."""
        return self.slices or (self.parent,)

    @property
    def measurable(self) -> bool:
        """Whether a segmentation and a structured report can say where something lies: a film, or a CT with slices."""
        return self.image.ct is None or bool(self.slices)


def shows_burned_in(parent: Dataset) -> bool:
    """Whether the film itself may name the patient, in letters that are part of its pixels."""
    return str(parent.get("BurnedInAnnotation") or "").upper() == "YES"
