"""Editions of the results of one study: what was sent is named by what takes its place, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydicom import dcmread

from calcinet.apps.node.register import Register
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.editions import find_succession, note_edition, say_edition
from calcinet.report.documents import Wanted
from calcinet.report.write import write_examination
from tests.support import handmade

STUDY = "0123456789abcdef"
WANTED = Wanted(("json", "sr", "encapsulated-pdf"), when=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))


@pytest.fixture
def data(tmp_path):
    folder = DataFolder(tmp_path)
    folder.make()
    return folder


def write(data, film: int):
    """Write the results of the hand-made film as if its pixels were others, and give the report and the paper."""
    record = handmade.examination()
    image = record.images[0].model_copy(update={"sha256": f"{film:064d}"})
    record = record.model_copy(update={"images": (image,)})
    film_image = handmade.limb()
    wanted = replace(WANTED, succession=find_succession(data, STUDY, record, WANTED))
    result = data.study(STUDY).result
    shown = {"img-1": handmade.examined(film_image.plane, film_image.mask, handmade.header())}
    write_examination(record, shown, result, wanted, force=True)
    note_edition(data, STUDY, record, wanted)
    return dcmread(result / "report.sr.dcm"), dcmread(result / "report.pdf.dcm"), wanted.succession


def post(data, *objects):
    for made in objects:
        Register(data.register).note_posted(STUDY, str(made.SOPInstanceUID), "dicom://PACS@127.0.0.1:104")


def list_replaced(made):
    return [
        one.ReferencedSOPInstanceUID
        for study in made.get("PredecessorDocumentsSequence", ())
        for series in study.ReferencedSeriesSequence
        for one in series.ReferencedSOPSequence
    ]


def test_what_was_sent_is_replaced_by_name_and_what_was_not_is_not(data):
    """The second was never sent: the third is edition 2, and replaces the first; made again, it is the same."""
    first, paper, alone = write(data, 1)
    post(data, first, paper)
    second, _, _ = write(data, 2)
    third, third_paper, succession = write(data, 3)
    again, _, same = write(data, 3)

    assert (alone.number, say_edition(alone), list_replaced(first)) == (1, [], [])
    assert first.SeriesDescription == "calcinet measurements (research)"
    assert third.SeriesDescription == "calcinet measurements (research), edition 2"
    assert succession == same
    assert list_replaced(second) == list_replaced(third) == list_replaced(again) == [first.SOPInstanceUID]
    assert list_replaced(third_paper) == [paper.SOPInstanceUID]
    assert again.SOPInstanceUID == third.SOPInstanceUID != first.SOPInstanceUID


def test_nothing_is_replaced_where_nothing_was_sent(data):
    write(data, 1)
    second, _, succession = write(data, 2)

    assert (list_replaced(second), succession.number) == ([], 1)
