"""Mammograms with arteries whose calcium is exactly known, and with all that is taken for it."""

from calcinet.phantoms.mammogram.arteries import ArterySpec, grade_of, grow_arteries
from calcinet.phantoms.mammogram.film import breast
from calcinet.phantoms.mammogram.random_spec import random_arteries, random_breast
from calcinet.phantoms.mammogram.spec import BreastSpec

__all__ = ["ArterySpec", "BreastSpec", "breast", "grade_of", "grow_arteries", "random_arteries", "random_breast"]
