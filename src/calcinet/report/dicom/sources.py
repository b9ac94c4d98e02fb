"""Which examined images came from DICOM objects, and the headers that objects made from them refer to."""

from collections.abc import Mapping

from calcinet.examined import ExaminedImage
from calcinet.record import Record
from calcinet.report.dicom.anonymous import anonymous_header
from calcinet.report.dicom.slices import matching_slices
from calcinet.report.dicom.source_reference import SourcedImage


def find_sources(
    record: Record, pixels: Mapping[str, ExaminedImage], *, anonymous: bool = False
) -> dict[str, SourcedImage]:
    """Join the examined images that came from DICOM objects with their headers, by id.

    Parameters
    ----------
    record
        What was found.
    pixels
        Of every examined image, by id.
    anonymous
        Whether the headers are stripped of who the patient is.
    """
    sources = {}
    for image in record.examined:
        examined = pixels[image.id]
        slices = matching_slices(image, examined)
        header = slices[0] if slices else examined.source_header
        if header is None:
            continue
        if anonymous:
            header, slices = anonymous_header(header), tuple(anonymous_header(each) for each in slices)
        sources[image.id] = SourcedImage(record=image, pixels=examined, header=header, slice_headers=slices)
    return sources
