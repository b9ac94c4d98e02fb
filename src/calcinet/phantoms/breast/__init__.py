"""Mammograms with arteries whose calcium is exactly known, and with all that is taken for it."""

from calcinet.phantoms.breast.arteries import ArterySpec, grade_of, grow_arteries
from calcinet.phantoms.breast.film import breast
from calcinet.phantoms.breast.spec import BreastSpec
from calcinet.phantoms.breast.variety import random_arteries, random_breast

__all__ = ["ArterySpec", "BreastSpec", "breast", "grade_of", "grow_arteries", "random_arteries", "random_breast"]
