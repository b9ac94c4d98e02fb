"""Bundles of FHIR R4, and what of R5 differs little, as hospital servers write them."""
