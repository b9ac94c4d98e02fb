"""The Agatston score under its public name; it is measured in `calcinet.measure.ct.agatston`."""

from calcinet.measure.ct.agatston import AgatstonScore, agatston_score

__all__ = ["AgatstonScore", "agatston_score"]
