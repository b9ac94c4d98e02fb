"""What limits every measurement on a projection image: its noise and its blur."""

from dataclasses import dataclass
from typing import Final

from calcinet.errors import NotMeasurable
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.radiograph.noise_power import NoisePower, noise_power
from calcinet.measure.radiograph.sharpness import Sharpness, blur_sigma_px
from calcinet.text import say

NO_OPTICS: Final = say("too little soft tissue to measure the noise in")
"""Why a number is missing that needs the noise."""


@dataclass(frozen=True, slots=True)
class Optics:
    """Noise and blur of a projection image."""

    noise: NoisePower
    sharpness: Sharpness


def measure_optics(image: Image, regions: Regions) -> Optics | None:
    """Noise and blur of a projection image; None where it has too little soft tissue."""
    try:
        noise = noise_power(image.plane, regions[Tissue.SOFT], image.pixel_mm or (1.0, 1.0))
    except NotMeasurable:
        return None
    return Optics(noise, blur_sigma_px(image.plane, regions.labels != Tissue.BORDER))
