"""The examination in a few sentences: what was found on each image."""

from collections.abc import Mapping, Sequence
from typing import Final

from calcinet.clinical.films import UNKNOWN
from calcinet.record import ImageRecord, Summary
from calcinet.text import Text, counted, say, sentences

SIDES: Final[Mapping[str, str]] = {"L": say("left"), "R": say("right"), "B": say("both sides")}


def summarise_images(images: Sequence[ImageRecord]) -> Summary:
    """What was found on each image, and how many were refused."""
    summarised, refused = [], 0
    for image in images:
        if image.refused is None:
            summarised.append(_summarise_image(image))
        else:
            refused += 1
    if refused and not summarised:
        return Summary(sentences=(say("No image could be examined."),))
    if refused:
        summarised.append(
            counted(
                refused,
                "{count} image was refused; the reasons stand beside.",
                "{count} images were refused; the reasons stand beside.",
            )
        )
    return Summary(sentences=tuple(summarised))


def _summarise_image(image: ImageRecord) -> Text:
    from calcinet.protocols.modalities import protocol_of

    site = [image.anatomy]
    if image.anatomy == UNKNOWN:
        site = [say("body part not known")]
    if image.laterality is not None:
        site.append(SIDES[image.laterality])
    found = sentences(*protocol_of(image).describe(image))
    return say("Image {number} ({place:, }): {found}", number=image.number, place=site, found=found)
