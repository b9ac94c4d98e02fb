"""Fields of an image's record that are known before anything is looked for on it."""

from typing import Any

from calcinet.image import Image
from calcinet.record import ImageRecord, Refusal


def header_of(
    image: Image, image_id: str, picture_shape: tuple[int, ...], picture_mm: tuple[float, float] | None
) -> dict[str, Any]:
    """Identity, kind and site of an image, as fields of its `ImageRecord`.

    Parameters
    ----------
    image, image_id
        The image, and its id in the record.
    picture_shape, picture_mm
        Rows and columns of the picture that is shown of it, and their distance in mm, None where unknown.
    """
    return {
        "id": image_id,
        "source": image.source,
        "sha256": image.sha256,
        "modality": image.modality,
        "anatomy": image.anatomy,
        "laterality": image.laterality,
        "view": image.view,
        "shape": picture_shape,
        "spacing_mm": picture_mm,
        "spacing_basis": image.spacing_basis,
        "magnification": image.magnification,
        "export_signs": image.export_signs,
    }


def refuse_without_body(image: Image, header: dict[str, Any], reason: str) -> ImageRecord:
    """Record of an image that is refused because it shows no body."""
    return ImageRecord(**header, cautions=image.cautions, refused=Refusal(reason=reason, code="no-tissue"))
