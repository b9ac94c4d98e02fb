"""What is held of the pixel size of a film: known, assumed, or contradicted by the limb that it shows."""

from dataclasses import dataclass, replace

from calcinet.errors import NotMeasurable
from calcinet.findings.radiograph.tissue_map import find_regions
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.measure.radiograph.limb_width import contradicts_anatomy, expected_width_mm, limb_width, width_mm
from calcinet.protocols.size_condition import describe_condition
from calcinet.text import Text, say


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SizedFilm:
    """A film as it is searched, and on what its lengths in mm hang."""

    searched: Image
    """Without a pixel size where none is known: neither marks nor limits then hang on the one given."""
    regions: Regions
    """Of the film as it is searched."""
    hold_if: Text | None = None
    """Condition of every number in mm; None where the pixel size is known, or there is none."""
    doubts: tuple[Text, ...] = ()
    """Sentences on a pixel size that what is shown contradicts."""


def settle_size(image: Image) -> SizedFilm:
    """Find the regions of a film, and whether its pixel size can be built on.

    A size that makes the limb too narrow or too wide for its kind is doubted, wherever it comes from.

    Raises
    ------
    NotMeasurable
        If the film shows no tissue.
    """
    if image.pixel_mm is None:
        return SizedFilm(searched=image, regions=find_regions(image))
    assumed = image.spacing_basis == "assumed"
    searched = image
    if assumed:
        searched = _leave_size_out(image)
    regions = find_regions(searched)
    doubts = doubt_size(image, image.pixel_mm, regions)
    if doubts and not assumed:
        searched = _leave_size_out(image)
        regions = find_regions(searched)
    if doubts or assumed:
        condition = describe_condition(image.pixel_mm)
        return SizedFilm(searched=searched, regions=regions, hold_if=condition, doubts=doubts)
    return SizedFilm(searched=image, regions=regions)


def _leave_size_out(image: Image) -> Image:
    return replace(image, spacing_mm=None, spacing_basis="assumed")


def doubt_size(image: Image, pixel_mm: tuple[float, float], regions: Regions) -> tuple[Text, ...]:
    """Ask about a pixel size that does not fit the limb shown; nothing where no skin is seen."""
    try:
        width = limb_width(regions)
    except NotMeasurable:
        return ()
    if not contradicts_anatomy(width, pixel_mm, image.anatomy):
        return ()
    low, high = expected_width_mm(image.anatomy)
    question = say(
        "the pixel size does not fit the picture: with it the limb shown would be {width:.0f} mm wide, where {low:.0f} "
        "to {high:.0f} mm can be; is it that of another picture, or was this one shrunk or cut?",
        width=width_mm(width, pixel_mm),
        low=low,
        high=high,
    )
    return (question,)
