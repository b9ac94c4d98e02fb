"""Sentences about a film say what was found, and nothing that was not."""

import pytest

from calcinet.measure.radiograph.visibility import Visibility
from calcinet.protocols.radiograph.sentences import describe_radiograph, state_finer_marks, state_visibility
from calcinet.protocols.summary import summarise_images
from calcinet.record import FindingRecord, ImageRecord, NotMeasured, VesselCourse
from calcinet.weights_manifest import ArteryRecall


def _seen(mm):
    return Visibility(
        resolvable_mm=mm, net_line_mm=mm / 2, noise=2.0, blur_fwhm_mm=0.3, pixel_mm=0.2, contrast_per_mm=50.0
    )


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

    (sentence,) = state_finer_marks(_seen(0.5), [VESSEL, thin])
    assert "1 vessel finer than the limit of a single line is marked, 0.30 mm wide" in sentence
    assert "not assessable" in state_visibility(_seen(0.5), [VESSEL, thin])
    assert not state_finer_marks(_seen(0.2), [thin])
    assert not state_finer_marks(None, [thin])
    assert not state_finer_marks(_seen(0.5), [NET])


def test_the_limit_of_a_net_stands_beside_that_of_a_single_line():
    """With findings and without."""
    for found in ([], [NET]):
        statement = state_visibility(_seen(0.5), found)

        assert "0.50 mm" in statement
        assert "from lines of 0.25 mm" in statement


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


def test_an_area_with_an_interval_is_stated_with_it():
    """Two nets: what makes one too small makes the other."""
    one = NET.model_copy(update={"area_interval_mm2": (900.0, 2000.0)})
    two = one.model_copy(update={"id": "f9", "area_mm2": 200.0, "area_interval_mm2": (100.0, 400.0)})

    assert describe_radiograph(film([one, two], 0.2))[0] == (
        "Reticular (net-like) calcification marked, 14.4 cm² in all (95 % interval 10.0 to 24.0 cm²; probability 0.93)."
    )


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
    """Both negatives are said, and go no further than the film and the program."""
    assert describe_radiograph(film([], 0.2), ArteryRecall(found=8, arteries=20, patients=4)) == [
        "No net-like calcification with lines of 0.20 mm or wider was marked.",
        "No calcified vessel with lines of 0.20 mm or wider was marked. This rules none out: of 20 calcified arteries "
        "that a reader marked on films of limbs of 4 patients, the program marked 8.",
    ]
    assert "was not measured" in describe_radiograph(film([], 0.2))[1]
    assert all("not assessable" in sentence for sentence in describe_radiograph(film([], 0.5)))


def test_without_a_known_size_nothing_is_absent():
    """Unknown, assumed, or in doubt: no negative is firm, and what is needed is named."""
    known = {"spacing_mm": (0.15, 0.15)}
    assumed = {**known, "spacing_basis": "assumed", "lengths_hold_if": "if the pixels are 0.15 mm"}
    unknown = film([], None)
    export = film([], None).model_copy(update={**assumed, "export_signs": ("JPEG",)})
    doubted = film([], None).model_copy(update={**assumed, "spacing_basis": "detector"})

    for image in (unknown, export, doubted):
        for sentence in describe_radiograph(image):
            assert "whether there is any is not assessable" in sentence
    assert "The original DICOM file is needed" in describe_radiograph(export)[0]
    assert "in doubt" in describe_radiograph(doubted)[0]
    assert (
        "limit of detection of this film is unknown" in describe_radiograph(film([], None).model_copy(update=known))[0]
    )


def test_lengths_by_an_assumed_size_carry_the_condition():
    assumed = {"spacing_mm": (0.15, 0.15), "spacing_basis": "assumed", "lengths_hold_if": "if the pixels are 0.15 mm"}
    bare = VESSEL.model_copy(update={"calibre_class": None})

    assert describe_radiograph(film([bare, NET], None).model_copy(update=assumed)) == [
        "Reticular (net-like) calcification marked (probability 0.93), over 12.4 cm² if the pixels are 0.15 mm.",
        "1 calcified vessel marked, 2.1 mm wide if the pixels are 0.15 mm.",
    ]


def test_a_net_may_be_finer_than_what_is_ruled_out():
    """The firm negative is that of single lines; the net's own limit only adds that finer ones may be missed."""
    image = film([], 0.2).model_copy(update={"measures": {"net_line_mm": 0.1}})

    assert describe_radiograph(image)[0] == (
        "No net-like calcification with lines of 0.20 mm or wider was marked. A net of finer lines, from 0.10 mm, may "
        "show by many lines at once; it may also be missed."
    )


def test_no_sentence_diagnoses():
    """It measures and says how sure it is; it never says that a patient has a disease."""
    image = film([VESSEL, NET], 0.2)
    sentences = (*describe_radiograph(image), *summarise_images([image]).sentences)
    everything = " ".join([*sentences, state_visibility(_seen(0.2), [VESSEL])])

    assert "diagnos" not in everything.lower()


@pytest.mark.parametrize(
    ("mm", "name", "words"), [(1.97, "small", "1.97 mm wide (small)"), (2.03, "medium", "2.0 mm wide (medium)")]
)
def test_a_width_is_not_rounded_out_of_its_class(mm, name, words):
    """2.0 mm is the least of a medium artery: 1.97 mm, which is small, is not written so."""
    vessel = VESSEL.model_copy(update={"calibre_mm": mm, "calibre_interval_mm": None, "calibre_class": name})

    assert words in " ".join(describe_radiograph(film([vessel], 0.2)))
