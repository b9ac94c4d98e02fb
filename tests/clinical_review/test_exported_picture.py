"""A film that a telephone sent: its pixels are not the detector's, and nobody can know it from the picture."""

import calcinet
from tests.support.reviewed import CASES, require_cases

PHONE = CASES / "use" / "06-phone-export-of-phantom-32.jpg"
"""A net of 17.5 cm2 with lines of 0.40 mm; 1333 rows shrunk to 1080, so that 0.15 mm are 0.185 mm."""


def test_the_detectors_pitch_of_an_exported_picture_makes_no_firm_negative():
    """The net is marked whatever the size; what hangs on the size says so, and the original is asked for."""
    if not PHONE.exists():
        require_cases()
    record = calcinet.examine(PHONE, spacing_mm=0.15, anatomy="lower leg")
    (film,) = record.examined

    assert film.findings_of("net")
    assert film.spacing_basis == "assumed"
    assert "if the pixels are 0.15 mm" in record.summary.sentences[0]
    assert not any("or wider was marked" in sentence for sentence in record.summary.sentences)
    assert "original DICOM file" in film.statements[0]
