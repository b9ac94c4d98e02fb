"""Where an examined image stands in its archive: what objects made from it refer to."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from calcinet.examined import ExaminedImage, ExaminedVolume
from calcinet.record import ImageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The unique identifiers of one image (PS3.3 C.12.1, C.7.2.1, C.7.3.1)."""

    study: str
    series: str
    instance: str
    sop_class: str
    slices: int = 1
    """Instances that the image consists of; of several, `instance` is the first."""

    @classmethod
    def of(cls, header: Dataset, slices: int = 1) -> "Origin":
        """Read them from a header."""
        return cls(
            study=str(header.StudyInstanceUID),
            series=str(header.SeriesInstanceUID),
            instance=str(header.SOPInstanceUID),
            sop_class=str(header.SOPClassUID),
            slices=slices,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SourcedImage:
    """One examined image that came from a DICOM object, and the headers that objects made from it refer to."""

    record: ImageRecord
    pixels: ExaminedImage
    header: Dataset
    """Without pixels; as `calcinet.io.dicom.source_header` copies it. Of a CT that of its first slice."""
    slice_headers: tuple[Dataset, ...] = ()
    """Headers of all slices of a CT, in the order of Z; none where an object cannot refer to its voxels."""

    @property
    def volume(self) -> ExaminedVolume | None:
        """Of a CT that was examined: what lies behind the picture."""
        if self.record.ct is None:
            return None
        return self.pixels.volume

    @property
    def origin(self) -> Origin:
        """Its unique identifiers."""
        return Origin.of(self.header, max(1, len(self.slice_headers)))

    @property
    def instances(self) -> tuple[Dataset, ...]:
        """Headers of everything that an object made from it refers to."""
        return self.slice_headers or (self.header,)

    @property
    def measurable(self) -> bool:
        """Whether a segmentation and a structured report can say where something lies: a film, or a CT with slices."""
        return self.record.ct is None or bool(self.slice_headers)

    @property
    def may_name_in_pixels(self) -> bool:
        """Whether letters that may be a name are part of the picture."""
        return shows_burned_in(self.header)


def shows_burned_in(header: Dataset) -> bool:
    """Whether the film itself may name the patient, in letters that are part of its pixels."""
    return str(header.get("BurnedInAnnotation") or "").upper() == "YES"
