"""What page and paper say beside the films, and what they cite."""

from calcinet.record import ScintigramRecord
from calcinet.references import references
from calcinet.report.content import collect_content
from calcinet.report.language import translator
from calcinet.report.sections.scintigram.labels import CITES

_ = translator("en")


def test_references_are_known_and_numbered_from_one(patient):
    content = collect_content(patient, _)

    assert set(content.references) <= set(references())
    assert len(set(content.references)) == len(content.references)
    assert list(content.citations) == list(content.references)
    assert sorted(content.citations.values()) == list(range(1, len(content.references) + 1))


def test_first_page_is_cited_first(patient):
    content = collect_content(patient, _)

    assert content.references[0] == (*content.summary.urgent, content.summary.suspicion)[0].cites[0]


def test_films_alone_have_another_title_and_no_summary(record, patient):
    assert collect_content(record, _).title == "Calcium outside bone"
    assert collect_content(record, _).lead_image is None
    assert collect_content(patient, _).title.startswith("Calciphylaxis")
    assert collect_content(patient, _).lead_image == "img-1"


def test_bone_scan_cites_its_own_references(record):
    """Those of its page; a film has none of them."""
    scan = ScintigramRecord(views=("anterior",), whole_body=True, counts=1.0)
    scanned = record.images[0].model_copy(update={"scintigram": scan})
    content = collect_content(record.model_copy(update={"images": (scanned,)}), _)

    assert content.references[: len(dict.fromkeys(CITES))] == tuple(dict.fromkeys(CITES))
