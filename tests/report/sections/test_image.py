"""One image on paper: the same blocks for every modality, in one order."""

from calcinet.record import NotMeasured
from calcinet.report.blocks import Heading, Table
from calcinet.report.language import translator
from calcinet.report.sections.image import image_section, unmeasured

ENGLISH = translator("en")


def test_quantities_that_share_a_reason_stand_together(record):
    """Said once, not once a quantity."""
    image = record.images[0]
    because = "pixel spacing unknown"
    missing = tuple(
        NotMeasured(measure=name, because=because) for name in ("calcified_area_mm2", "calcified_length_mm")
    )
    measures = {"calcified_area_mm2": None, "calcified_length_mm": None}
    image = image.model_copy(update={"not_measured": missing, "measures": measures, "intervals95": {}})
    told = unmeasured(image, record.model_copy(update={"images": (image,)}), ENGLISH)

    assert told == [("Calcified area; Calcified length", because)]


def test_paper_goes_through_the_same_blocks(ct_image, ct_case):
    section = image_section(ct_image, ct_case, ENGLISH)
    headings = [block.text for block in section.blocks if isinstance(block, Heading)]

    assert section.title == "Both sides lower leg, CT"
    assert headings[:4] == [
        *("Calcium by side, level and compartment", "Calcified arteries", "Findings", "Dense, but not counted"),
    ]
    assert "Cautions" in headings


def test_paper_of_a_film_lists_findings_measures_cautions_and_reasons(record):
    """DX, 600 rows and 400 columns of 0.2 mm; three findings; six measures, of which one is missing."""
    section = image_section(record.images[0], record, ENGLISH)
    findings, measures = [block for block in section.blocks if isinstance(block, Table)]

    assert section.blocks[0].text == "img-1 · DX · 600 × 400 pixels · 0.2 mm per pixel · at the detector"
    assert [block.text for block in section.blocks if isinstance(block, Heading)] == [
        *("Findings", "Measures", "Cautions", "Not measured, and why"),
    ]
    assert [row[0].lead for row in findings.rows] == ["1", "2", "3"]
    assert len(measures.rows) == 5


def test_film_without_findings_has_no_table_of_them(record):
    normal = record.images[0].model_copy(update={"findings": ()})
    headings = [block.text for block in image_section(normal, record, ENGLISH).blocks if isinstance(block, Heading)]

    assert "Findings" not in headings
