"""Sentences about a film say what was found, and nothing that was not."""

import pytest

from calcinet.measure.radiograph.visibility import Visibility
from calcinet.protocols.radiograph.sentences import caution_finer_vessels, describe_radiograph, state_visibility
from calcinet.protocols.summary import summarise_images
from calcinet.record import FindingRecord, ImageRecord, NotMeasured, VesselCourse


def _seen(mm):
    return Visibility(resolvable_mm=mm, noise=2.0, blur_fwhm_mm=0.3, pixel_mm=0.2, contrast_per_mm=50.0)


VESSEL = FindingRecord(id="f1", kind="vessel", calibre_mm=2.14, calibre_class="medium")


NET = FindingRecord(id="f2", kind="net", probability=0.93, area_mm2=1240.0)


def film(findings, resolvable_mm, courses=()) -> ImageRecord:
    missing = () if resolvable_mm else (NotMeasured(measure="resolvable_mm", because="the pixel size is unknown"),)
    return ImageRecord(
        id="img-1",
        modality="DX",
        resolvable_mm=resolvable_mm,
        findings=tuple(findings),
        courses=tuple(courses),
        not_measured=missing,
    )


@pytest.mark.parametrize(
    ("mm", "words"),
    [(0.08, "No calcified vessel of 0.08 mm"), (0.2, "finer arterioles would be missed"), (0.5, "not assessable")],
)
def test_a_film_without_findings_says_what_it_could_have_shown(mm, words):
    """The three steps of what a negative means: to 0.1 mm, to 0.3 mm, beyond."""
    assert words in state_visibility(_seen(mm), [])


@pytest.mark.parametrize(("mm", "words"), [(0.08, "0.08 mm wide."), (0.2, "would be missed"), (0.5, "not assessable")])
def test_a_film_with_findings_says_it_too(mm, words):
    """Findings do not make a film sharper."""
    assert words in state_visibility(_seen(mm), [VESSEL])


def test_marks_finer_than_the_film_could_show_are_doubted():
    """A vessel of 0.3 mm on a film whose finest line is 0.5 mm, and none on one whose finest is 0.2 mm."""
    thin = VESSEL.model_copy(update={"calibre_mm": 0.3, "calibre_class": "arteriole"})

    (caution,) = caution_finer_vessels(_seen(0.5), [VESSEL, thin])
    assert "vessels finer than the limit of detection, 0.50 mm, are marked" in caution
    assert "not assessable" in state_visibility(_seen(0.5), [VESSEL, thin])
    assert not caution_finer_vessels(_seen(0.2), [thin])
    assert not caution_finer_vessels(None, [thin])
    assert not caution_finer_vessels(_seen(0.5), [NET])


def test_without_a_pixel_size_nothing_is_promised():
    """Unknown is said, not left out."""
    assert (
        state_visibility(None, [], "no pixel size") == "The limit of detection of this film is unknown: no pixel size."
    )


def test_findings_become_sentences():
    """1240 mm2 are 12.4 cm2; one vessel has one width."""
    assert describe_radiograph(film([VESSEL, NET], 0.2)) == [
        "Reticular (net-like) calcification marked over 12.4 cm² (probability 0.93).",
        "1 calcified vessel marked, 2.1 mm wide (medium).",
    ]


def test_vessels_are_counted_by_their_courses():
    """Three stretches, two of them of one vessel; where each is a vessel of its own nothing is said of stretches."""
    three = [VESSEL.model_copy(update={"id": name}) for name in ("f1", "f2", "f3")]
    whole = {"side": None, "length_mm": None, "calcified_mm": None, "calcified_percent": 100.0}
    alone, pair = (
        VesselCourse(findings=ids, gaps=gaps, length_px=9.0, calcified_px=9.0, **whole)
        for ids, gaps in ((("f1",), ()), (("f2", "f3"), (((0, 0), (0, 1)),)))
    )

    _, linked = describe_radiograph(film(three, 0.2, [alone, pair]))
    _, joined = describe_radiograph(film(three[1:], 0.2, [pair]))
    _, without_courses = describe_radiograph(film(three, 0.2))
    _, single = describe_radiograph(film(three[:1], 0.2, [alone]))

    assert linked.startswith("2 calcified vessels marked in 3 stretches, 2.1 mm")
    assert joined.startswith("1 calcified vessel marked in 2 stretches, 2.1 mm")
    assert without_courses.startswith("3 calcified vessels marked, 2.1 mm")
    assert single == "1 calcified vessel marked, 2.1 mm wide (medium)."


def test_a_normal_film_is_a_result():
    """Both negatives are said, and go no further than the film."""
    assert describe_radiograph(film([], 0.2)) == [
        "No net-like calcification with lines of 0.20 mm or wider was marked.",
        "No calcified vessel with lines of 0.20 mm or wider was marked.",
    ]
    assert all("not assessable" in sentence for sentence in describe_radiograph(film([], 0.5)))
    assert all("unknown" in sentence for sentence in describe_radiograph(film([], None)))


def test_no_sentence_diagnoses():
    """It measures and says how sure it is; it never says that a patient has a disease."""
    image = film([VESSEL, NET], 0.2)
    sentences = (*describe_radiograph(image), *summarise_images([image]).sentences)
    everything = " ".join([*sentences, state_visibility(_seen(0.2), [VESSEL])])

    assert "diagnos" not in everything.lower()
