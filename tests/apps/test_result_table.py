"""Many images on a terminal."""

import pytest

from calcinet.apps.examination import describe_result
from calcinet.apps.result_table import OF_ONE_IMAGE, leave_out_images
from calcinet.protocols.summary import summarise_images
from calcinet.record import ImageRecord, Refusal
from tests.support import handmade


@pytest.fixture
def record():
    """The hand-made examination, its examined image four times and a refused one."""
    whole = handmade.examination()
    images = [whole.examined[0].model_copy(update={"id": f"img-{number}"}) for number in range(1, 5)]
    refused = ImageRecord(
        id="img-5", refused=Refusal(reason="the film is blank: expected a limb; take it again", code="c")
    )
    images.append(refused)
    return whole.model_copy(update={"images": tuple(images), "summary": summarise_images(images)})


def test_many_images_get_a_row_each(record, tmp_path):
    """Counts of the record, what was refused in few words, and no sentence of a single image."""
    image = record.examined[0]
    counts = [sum(finding.kind == kind for finding in image.findings) for kind in ("vessel", "net", "focus")]
    lines = describe_result(record, tmp_path)
    row = lines[1].split()

    assert [line.split()[0] for line in lines[:6]] == ["image", "img-1", "img-2", "img-3", "img-4", "img-5"]
    assert row[-len([c for c in counts if c]) - 1 : -1] == [str(count) for count in counts if count]
    assert row[-1] == f"{image.resolvable_mm:.2f}"
    assert "refused: the film is blank" in lines[5]
    assert "expected" not in lines[5]
    assert lines[6:] == ["", "1 image was refused; the reasons stand beside.", f"Record: {tmp_path / 'record.json'}"]


def test_few_images_keep_their_sentences(record, tmp_path):
    few = record.model_copy(update={"images": record.images[:2]})

    assert describe_result(few, tmp_path)[0].startswith("img-1: ")


def test_the_table_speaks_chinese(record, tmp_path):
    """Wide letters take two columns each, and the numbers stand under their heads."""
    head, row = describe_result(record, tmp_path, "zh-Hant")[:2]

    assert head.startswith("影像")
    assert row.startswith("img-1")


def test_sentences_of_single_images_are_known_by_their_message():
    """That of the summary, and no other."""
    images = handmade.examination().examined
    told = summarise_images(images).sentences

    assert [sentence.message for sentence in told] == [OF_ONE_IMAGE] * len(images)
    assert leave_out_images([*told, "else"]) == ["else"]
