"""What is known of an image before anything is looked for on it."""

from calcinet.image import Image
from calcinet.record import ImageRecord


def header_of(image: Image, image_id: str) -> ImageRecord:
    """Identity, kind and site; shape and spacing are those of its picture. Not validated: the rest is still to come."""
    if image.modality == "CT":
        slices, _, width = image.pixels.shape
        shape = (slices, width)
        spacing_mm = None if image.spacing_mm is None else (image.spacing_mm[0], image.spacing_mm[2])
    else:
        shape, spacing_mm = image.picture.shape, image.pixel_mm
    return ImageRecord.model_construct(
        id=image_id,
        source=image.source,
        sha256=image.sha256,
        modality=image.modality,
        anatomy=image.anatomy,
        laterality=image.laterality,
        view=image.view,
        shape=shape,
        spacing_mm=spacing_mm,
        spacing_basis=image.spacing_basis,
        magnification=image.magnification,
    )


def nothing_to_examine(image: Image, header: ImageRecord, reason: str) -> ImageRecord:
    """The same image, refused because it shows no body."""
    refused = {"reason": reason, "code": "no-tissue"}
    known = header.model_dump(exclude_defaults=True)
    return ImageRecord.model_validate({**known, "cautions": image.cautions, "refused": refused})
