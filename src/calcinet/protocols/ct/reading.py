"""A CT of the record -> what of it can be weighed."""

from dataclasses import replace

from calcinet.evidence.readings import Reading
from calcinet.protocols.calcium_reading import Classes, name_classes, read_calcium
from calcinet.record import ImageRecord


def read_ct(image: ImageRecord, reading: Reading) -> Reading:
    """What a CT shows of nets, vessels and other calcium, and whether contrast agent was given."""
    contrast = None
    if image.ct is not None:
        contrast = image.ct.contrast
    calcium = read_calcium(image, reading, _name_classes(image, contrast))
    return replace(calcium, contrast=contrast)


def _name_classes(image: ImageRecord, contrast: bool | None) -> Classes:
    """Classes of the vessels: arteries under the fascia are medium at least, and contrast agent hides some."""
    classes = name_classes(image)
    compartments = {finding.compartment for finding in image.findings}
    if "artery" in compartments:
        return (*classes, "medium")
    if contrast:
        return None
    return classes
