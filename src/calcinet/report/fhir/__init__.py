"""A record as a FHIR bundle: R4, valid as R4B too."""

from calcinet.report.fhir.bundle import to_bundle

__all__ = ["to_bundle"]
