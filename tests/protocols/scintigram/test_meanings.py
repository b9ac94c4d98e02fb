"""Every measure of a bone scan has a meaning."""

from calcinet.protocols.scintigram.meanings import MEANINGS
from calcinet.report.quantities.codes import quantity_code


def test_every_measure_has_a_meaning_and_a_code(ill):
    """Page, SR, FHIR and tables read these."""
    assert set(ill.measures) <= set(MEANINGS)
    assert len({str(quantity_code(name)) for name in MEANINGS}) == len(MEANINGS)
