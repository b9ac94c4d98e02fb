"""The examination in a few sentences."""

from calcinet.protocols.summary import summarise_images
from calcinet.record import ImageRecord, NotMeasured, Refusal


def test_refused_images_are_counted():
    """One examined, one refused."""
    gone = ImageRecord(id="img-2", refused=Refusal(reason="not an image", code="not-an-image"))
    fine = ImageRecord(
        id="img-1",
        anatomy="hand",
        resolvable_mm=None,
        not_measured=(NotMeasured(measure="resolvable_mm", because="-"),),
    )

    sentences = summarise_images([fine, gone]).sentences

    assert sentences[0].startswith("Image 1 (hand): ")
    assert "1 image was refused" in sentences[1]
    assert summarise_images([gone]).sentences == ("No image could be examined.",)


def test_an_examination_without_images_says_nothing():
    assert summarise_images([]).sentences == ()


def test_every_image_is_named_with_its_site_and_side():
    """The anatomy in the words of the file, then the side."""
    knee = ImageRecord(id="img-7", modality="DX", anatomy="knee", laterality="R", resolvable_mm=0.2)

    assert summarise_images([knee]).sentences[0].startswith("Image 7 (knee, right): No net-like calcification")
