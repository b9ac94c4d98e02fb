"""Constants of nature and of mathematics that several rooms compute with.

Thresholds and choices are not here: each is kept where it decides, and a phantom never shares a finder's.
"""

from typing import Final

FWHM_PER_SIGMA: Final = 2.3548
"""Full width at half maximum of a Gaussian over its standard deviation, 2 sqrt(2 ln 2)."""

TECHNETIUM_99M_HALF_LIFE_H: Final = 6.0067
"""Half-life of technetium-99m in hours."""

WATER_ATTENUATION_140_KEV_PER_MM: Final = 0.0153
"""Linear attenuation coefficient of water for photons of 140 keV, as tabulated (0.153 per cm)."""

HOUNSFIELD: Final = "[hnsf'U]"
"""UCUM code of Hounsfield units."""

COUNTS: Final = "{counts}"
"""UCUM annotation of counts of a gamma camera."""

NORMAL_95: Final = 1.959964
"""97.5 % quantile of the standard normal distribution: 95 % are within this many standard deviations of the mean."""
