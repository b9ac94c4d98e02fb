"""From path lengths to a finished radiograph: Beer-Lambert, scatter, blur, quanta, and a vendor's processing."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Pixels

SKIN_PER_MM: Final = 0.0220
FAT_PER_MM: Final = 0.0190
MUSCLE_PER_MM: Final = 0.0220
CORTEX_PER_MM: Final = 0.0600
TRABECULA_PER_MM: Final = 0.0300
CALCIUM_PER_MM: Final = 0.1250
METAL_PER_MM: Final = 1.0
"""Effective linear attenuation. Our nominal choice for a filtered limb beam of 50 to 60 keV effective energy:
water is 0.21 per cm there, fat about a tenth less, cortical bone (1.9 g/ml) about three times as much, and dense
hydroxyapatite (3.2 g/ml) six times as much; marrow with trabeculae lies between muscle and cortex. Hardening of the
beam is left out."""

ELECTRONIC_QUANTA: Final = 6.0
"""Noise of the electronics in quanta per pixel. Our choice: it matters only where the film is nearly unexposed."""

SCATTER_SPREAD_MM: Final = 12.0
"""Standard deviation of the scatter glow. Our choice: far wider than any vessel."""

GREY_LEVELS: Final = 4095.0
"""12-bit film."""

LEAST_VARIANCE: Final = 1e-4
"""In image units squared. Our choice: so that contrast over noise is a number where a film is saturated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How the film is exposed."""

    pixel_mm: float
    photons: float
    """Detected quanta per mm2 in the open beam."""

    blur_mm: float
    scatter: float

    @property
    def quanta(self) -> float:
        """Quanta per pixel in the open beam."""
        return self.photons * self.pixel_mm**2

    @property
    def blur_px(self) -> float:
        """Standard deviation of the blur in pixels."""
        return self.blur_mm / self.pixel_mm

    @property
    def noise_kept(self) -> float:
        """Fraction of the white noise's standard deviation that is left after the blur."""
        if self.blur_px < 0.05:
            return 1.0
        x = np.arange(-12, 13)
        kernel = np.exp(-0.5 * (x / self.blur_px) ** 2)
        return float(np.sum((kernel / kernel.sum()) ** 2))


def blur(plane: Pixels, sigma_px: float) -> Pixels:
    """Gaussian blur; wide ones are done on a coarser grid."""
    if sigma_px < 0.05:
        return plane
    step = int(sigma_px // 4)
    if step < 2:
        return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma_px, borderType=cv2.BORDER_REPLICATE), np.float32)
    rows, columns = plane.shape
    small = cv2.resize(plane, (max(1, columns // step), max(1, rows // step)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / step, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32)


def local_sd(noise: Pixels, window_px: float) -> Pixels:
    """Standard deviation of noise about each pixel, in a bell of that width; never quite 0. Shape of `noise`."""
    return np.sqrt(np.maximum(blur(noise**2, window_px), LEAST_VARIANCE)).astype(np.float32)


def transmit(attenuation: Pixels, exposure: Exposure) -> Pixels:
    """Noiseless quanta per pixel behind `attenuation` (dimensionless), before the detector's blur."""
    primary: Pixels = np.exp(-attenuation, dtype=np.float32)
    glow = blur(primary, SCATTER_SPREAD_MM / exposure.pixel_mm)
    dark = np.float32(1.0) - glow  # the open beam scatters nothing
    scattered = exposure.scatter / (1 - exposure.scatter) * glow * np.minimum(dark * 2, 1.0)
    return np.asarray(exposure.quanta * (primary + scattered), np.float32)


def detect(quanta: Pixels, exposure: Exposure, rng: np.random.Generator | None) -> Pixels:
    """Read the quanta out: Poisson counting (normal approximation), blur, electronics. No `rng`, no noise."""
    if rng is None:
        return blur(quanta, exposure.blur_px)
    counting = np.sqrt(quanta) * rng.standard_normal(quanta.shape, dtype=np.float32)
    read = blur(np.asarray(quanta + counting, np.float32), exposure.blur_px)
    return read + np.float32(ELECTRONIC_QUANTA) * rng.standard_normal(quanta.shape, dtype=np.float32)


def logarithm(read: Pixels, exposure: Exposure) -> Pixels:
    """Attenuation as the detector saw it, dimensionless."""
    return np.asarray(-np.log(np.maximum(read, 1.0) / exposure.quanta), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Processing:
    """A vendor's processing: edge enhancement on several scales, compression of the wide range, an S-shaped table."""

    pixel_mm: float
    strength: float
    low: float
    """Attenuation that becomes black."""

    high: float
    """Attenuation that becomes white."""

    def __call__(self, attenuation: Pixels) -> Pixels:
        """Grey values 0 to 4095, rising with attenuation."""
        clipped = np.clip(attenuation, self.low - 1.0, self.high + 1.0)
        fine = clipped - blur(clipped, 0.4 / self.pixel_mm)
        middle = clipped - blur(clipped, 2.0 / self.pixel_mm)
        wide = blur(clipped, 15.0 / self.pixel_mm)
        mean = 0.5 * (self.low + self.high)
        enhanced = clipped + self.strength * (0.8 * fine + 0.5 * middle - 0.35 * (wide - mean))
        t = np.clip((enhanced - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(GREY_LEVELS * (0.6 * t + 0.4 * t * t * (3 - 2 * t)), np.float32)
