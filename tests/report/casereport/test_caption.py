"""A caption says what the arrows point at."""

from calcinet.record import FindingRecord
from calcinet.report.casereport.caption import MOST_ARROWS, caption
from calcinet.report.language import translator

_ = translator("en")


def captioned(image, *findings) -> str:
    text = caption(image.model_copy(update={"findings": findings, "statements": ("It shows 0.2 mm.",)}), _)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_vessel_has_its_calibre_and_a_net_its_area(record):
    vessel = FindingRecord(id="f1", kind="vessel", calibre_mm=1.0, calibre_interval_mm=(0.84, 1.16), probability=0.8)
    net = FindingRecord(id="f2", kind="net", area_mm2=310.0)

    assert captioned(record.images[0], vessel, net) == (
        "Left lower leg, AP: arrow 2, net-like calcification, 3.10 cm²; arrow 1, calcified vessel, 1.00 mm, "
        "95 % interval 0.84 to 1.16 mm, probability 80 %. It shows 0.2 mm."
    )


def test_net_has_the_interval_of_its_area(record):
    """310 mm² are 3.1 cm²."""
    net = FindingRecord(id="f2", kind="net", area_mm2=310.0, area_interval_mm2=(200.0, 480.0))

    assert "3.10 cm², 95 % interval 2.00 to 4.80 cm²" in captioned(record.images[0], net)


def test_size_that_was_not_measured_is_left_out(record):
    assert "arrow 1, calcified vessel. It" in captioned(record.images[0], FindingRecord(id="f1", kind="vessel"))


def test_film_without_findings_says_so(record):
    assert captioned(record.images[0]) == "Left lower leg, AP: no calcium is marked. It shows 0.2 mm."


def test_crowded_film_names_its_first_findings(record):
    """Nine vessels: eight arrows."""
    vessels = [FindingRecord(id=f"f{n}", kind="vessel", length_mm=float(n)) for n in range(1, MOST_ARROWS + 2)]
    text = captioned(record.images[0], *vessels)

    assert text.count("arrow") == MOST_ARROWS
    assert "arrow 1," not in text
