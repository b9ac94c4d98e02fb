"""What images show becomes one observation a finding; a negative goes no further than the images."""

import itertools

import pytest

from calcinet.clinical.assess import assess
from calcinet.evidence.readings import EVERY_NET_ALIKE, Reading, net_like, observations, read_by_people
from tests.support.patients import FILM, FINGER, LEGS, SOUND_FILM, case


def net(*images, **parts):
    patient = case(imaging=list(images), **parts)
    return net_like(patient, read_by_people(patient))


def observed(finding, **parts):
    patient = case(**parts)
    found = observations(patient, assess(patient), read_by_people(patient))
    return next(one for one in found if one.finding == finding)


def film(name, side, shown):
    return Reading(name, "film", "lower leg", side, net=shown)


def test_a_net_on_one_of_many_images_is_present():
    """One term for all images, and the images that show it."""
    seen = net(SOUND_FILM, FILM, SOUND_FILM)

    assert (seen.present, seen.images) == (True, ("imaging.1",))


def test_a_net_is_absent_where_every_affected_site_was_shown():
    """Both lower legs on one film."""
    assert net(SOUND_FILM).present is False


def test_a_net_is_not_absent_where_a_site_was_not_filmed():
    """Nobody filmed the finger."""
    seen = net(SOUND_FILM, lesions=[LEGS, FINGER])

    assert seen.present is None
    assert "finger" in seen.doubt


@pytest.mark.parametrize("side", ["L", "R", None])
def test_a_film_of_one_side_says_nothing_of_the_other(side):
    """The lesions are on both; a film that does not say its side might be of either."""
    assert net({**SOUND_FILM, "side": side}).present is None


@pytest.mark.parametrize(("filmed", "missing"), [("L", "the right lower leg"), ("R", "the left lower leg")])
def test_the_side_that_was_not_filmed_is_named(filmed, missing):
    """A film of a lower leg is there: what is missing is the other one."""
    assert missing in net({**SOUND_FILM, "side": filmed}).doubt


def test_two_films_of_one_side_each_make_both():
    """L and R."""
    films = [film("img-1", "L", False), film("img-2", "R", False)]

    assert net_like(case(), films).present is False


def test_one_film_that_could_not_show_it_leaves_it_open():
    """Of two films of the left leg one was too coarse."""
    films = [film("img-1", "L", False), film("img-2", "R", False), film("img-3", "L", None)]

    assert net_like(case(), films).present is None


def test_a_coarse_film_of_a_sound_part_does_not_matter():
    """The hand has no lesion."""
    films = [film("img-1", "B", False), Reading("img-2", "film", "hand", "L")]

    assert net_like(case(), films).present is False


def test_a_limited_film_is_no_negative():
    """A person read it and called its quality limited."""
    assert net({**SOUND_FILM, "quality": "limited"}).present is None


def test_without_an_image_nothing_is_known():
    """And it says so."""
    assert net().present is None
    assert net().doubt


def test_order_of_the_films_does_not_matter():
    """Absent or present, whichever comes first."""
    films = [film("img-1", "L", True), film("img-2", "R", False), film("img-3", "L", None)]
    seen = {net_like(case(), order) for order in itertools.permutations(films)}

    assert len(seen) == 1


@pytest.mark.parametrize(
    "told",
    [
        {"examination": {"venous_disease": True}},
        {"examination": {"venous_disease": False, "ceap": "C4"}},
        {"conditions": [{"name": "varicose veins"}]},
        {"exclusions": [{"name": "varicose ulcer", "excluded": False}]},
    ],
)
def test_venous_disease_takes_the_weight_from_a_net(told):
    """It is still seen."""
    seen = net(FILM, **told)

    assert seen.present is True
    assert "venous" in seen.doubt


def test_a_net_counts_where_venous_disease_was_not_asked_about_but_says_so():
    """Asked about and not found, it says nothing."""
    assert net(FILM).doubt == ""
    assert any("not been asked" in caution for caution in net(FILM).cautions)
    assert net(FILM, examination={"venous_disease": False}).cautions == (EVERY_NET_ALIKE,)


def test_a_negative_says_so_where_nobody_told_where_the_lesions_are():
    """Then it holds for what the film shows."""
    assert net(SOUND_FILM, lesions=None).cautions
    assert net(SOUND_FILM, lesions=[]).cautions == net(SOUND_FILM).cautions == ()


@pytest.mark.parametrize("quality", ["limited", None])
def test_a_film_that_nobody_called_good_is_no_negative(quality):
    assert net({**SOUND_FILM, "quality": quality}).present is None


@pytest.mark.parametrize(("contrast", "present"), [(True, None), (None, None), (False, False)])
def test_contrast_on_ct_hides_what_is_not_seen(contrast, present):
    """Only CT that is stated to be without contrast can be without a net; nobody has counted that on CT."""
    seen = net({**SOUND_FILM, "modality": "CT", "contrast": contrast})

    assert seen.present is present
    assert seen.doubt


ELSEWHERE = [
    {"site": "hand"},
    {"site": "thigh"},
    {"modality": "mammogram", "site": "breast"},
    {"modality": "mammogram"},
    {"modality": "ultrasound"},
    {"modality": "MRI"},
    {"modality": "bone scan"},
    {"modality": "CT", "contrast": True},
    {"modality": "CT"},
]
"""Images whose net nobody has counted: of a sound part, of another kind, or under contrast agent."""


@pytest.mark.parametrize("change", ELSEWHERE)
def test_a_net_counts_on_films_of_a_site_with_a_lesion_alone(change):
    seen = net({**FILM, **change}, examination={"venous_disease": False})

    assert seen.present is True
    assert seen.doubt


@pytest.mark.parametrize("change", ELSEWHERE)
def test_a_film_that_fits_counts_beside_images_that_do_not(change):
    """And it alone is named as the image that counts."""
    seen = net({**FILM, **change}, FILM, examination={"venous_disease": False})

    assert (seen.doubt, seen.images) == ("", ("imaging.1",))


def test_a_net_of_the_sound_leg_does_not_count():
    """The ulcer is on the left."""
    left = [{**LEGS, "side": "L"}]

    assert net({**FILM, "side": "R"}, lesions=left).doubt
    assert net({**FILM, "side": "L"}, lesions=left).doubt == ""
    assert net({**FILM, "side": "B"}, lesions=left).doubt == ""


@pytest.mark.parametrize(
    ("film", "lesion"),
    [
        ({"site": None, "side": None}, LEGS),
        ({"side": None}, {**LEGS, "side": "L"}),
        ({"side": "R"}, {**LEGS, "side": None}),
    ],
)
def test_a_net_on_a_film_of_an_unnamed_part_counts_and_says_what_is_taken_for_granted(film, lesion):
    """Films of legs often carry neither body part nor side: a person must say."""
    seen = net({**FILM, **film}, lesions=[lesion])

    assert seen.doubt == ""
    assert any("taken for granted" in caution for caution in seen.cautions)


def test_a_net_does_not_foretell_the_disease_in_sound_skin():
    """Whoever has no lesion has no site where it was counted."""
    assert net(FILM, lesions=[]).doubt
    assert net(FILM, lesions=None).doubt == ""


def test_a_pelvis_shows_both_sides():
    """Films of the trunk name no side; a penis has none."""
    pelvis = {**FILM, "site": "pelvis", "side": None}
    for lesion in ({**LEGS, "site": "penis", "side": None}, {**LEGS, "site": "buttock", "side": "L"}):
        seen = net(pelvis, lesions=[lesion])
        assert seen.doubt == ""
        assert not any("taken for granted" in caution for caution in seen.cautions)


def test_a_net_on_ct_without_contrast_counts_with_a_caution():
    seen = net({**FILM, "modality": "CT", "contrast": False})

    assert seen.doubt == ""
    assert any("counted on films" in caution for caution in seen.cautions)


@pytest.mark.parametrize(
    ("fine", "thrombosed", "both"), [(True, True, True), (True, False, False), (False, None, False), (True, None, None)]
)
def test_what_a_biopsy_showed_under_the_microscope(fine, thrombosed, both):
    shown = {"status": "done", "fine_calcium": fine, "vessels_thrombosed": thrombosed}

    assert observed("fine_calcium_and_thrombosis", pathology=[shown]).present is both
    assert observed("fine_calcium", pathology=[shown]).present is fine
    assert observed("fine_calcium", pathology=[{**shown, "status": "planned"}]).present is None


def test_venous_disease_does_not_touch_an_absent_net():
    """No pattern, nothing to imitate."""
    assert net(SOUND_FILM, examination={"venous_disease": True}).present is False


@pytest.mark.parametrize(("uptake", "present"), [(True, True), (False, False), (None, None)])
def test_bone_scan_read_by_a_person(uptake, present):
    """As it was read."""
    assert observed("bone_scan", imaging=[{"modality": "bone scan", "uptake": uptake}]).present is present


@pytest.mark.parametrize(
    ("drugs", "present"), [([], True), ([{"name": "warfarin"}], None), ([{"name": "aspirin"}], True)]
)
def test_thrombophilia_cannot_be_told_on_a_vitamin_k_antagonist(drugs, present):
    """The study counted people without warfarin."""
    labs = [{"name": "lupus anticoagulant", "value": "positive"}]

    assert observed("lupus_anticoagulant", labs=labs, drugs=drugs).present is present


@pytest.mark.parametrize(("result", "present"), [("positive", True), ("negative", False), ("indeterminate", None)])
def test_biopsy_as_the_pathologist_reads_it(result, present):
    """An indeterminate one is neither."""
    assert observed("histology", pathology=[{"status": "done", "result": result}]).present is present


def test_vessels_of_all_images_are_one_finding():
    """Medium on the one, none on the other."""
    assert observed("large_vessels", imaging=[SOUND_FILM, FILM]).images == ("imaging.1",)
    assert observed("large_vessels", imaging=[SOUND_FILM]).present is False


def test_two_images_of_one_site_that_disagree_are_said():
    """A net on one, none on the other of the same leg: both are read again."""
    left = {"modality": "film", "site": "lower leg", "side": "L", "quality": "good"}
    legs = [{"site": "lower leg", "side": "left", "kind": "ulcer"}]
    both = net({**left, "net_like": "yes"}, {**left, "net_like": "no"}, lesions=legs)
    apart = net({**left, "net_like": "yes"}, {**left, "net_like": "no", "side": "R"}, lesions=legs)

    assert both.present is True
    assert any("disagree" in caution for caution in both.cautions)
    assert not any("disagree" in caution for caution in apart.cautions)


@pytest.mark.parametrize("result", ["positive", "negative"])
def test_a_biopsy_that_contradicts_itself_is_no_histology(result):
    """It settles nothing until the pathologist has answered."""
    seen = {"necrosis_or_ulcer": "yes", "vessels_calcified": "yes", "intima_narrowed": "yes"}
    if result == "positive":
        seen = {"vessels_calcified": "no"}

    assert observed("histology", pathology=[{"status": "done", "result": result, **seen}]).present is None
