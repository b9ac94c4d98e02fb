"""What a picture weighs, in whole cases: one patient with ulcers of the left lower leg, and one image at a time.

Of a net, 30 % becomes 68 % on a film of that leg, and stays 30 % wherever nobody has counted.
"""

import pytest

import calcinet
from calcinet.clinical.case import Case
from calcinet.record import Record, Term
from tests.support.reviewed import examine_reviewed

LEG = {"site": "lower leg", "side": "L", "kind": "ulcer", "painful": True, "necrotic": True}
FILM = {"modality": "film", "site": "lower leg", "side": "L", "net_like": True, "quality": "good"}
SCAN = {"modality": "bone scan", "site": "lower leg", "side": "L", "uptake": False}


def weighed(*images: dict[str, object], include_secondary: bool = False, **parts: object) -> Record:
    told = {
        "kidney": {"stage": "5D", "dialysis": [{"kind": "haemodialysis"}]},
        "lesions": [LEG],
        "examination": {"venous_disease": False},
        "imaging": list(images),
        **parts,
    }
    return calcinet.examine(case=Case.model_validate(told), prior=0.3, include_secondary=include_secondary)


def net_of(record: Record) -> Term:
    return next(term for term in record.evidence.terms if term.finding == "net_like")


def posterior_of(record: Record) -> float:
    assert record.evidence.posterior is not None
    return round(record.evidence.posterior.median, 2)


@pytest.mark.parametrize("name", ["21", "85", "87"])
def test_the_probability_stays_where_it_was(name: str) -> None:
    """A film without a net, a net on a hand without lesions, a net on ultrasound: no counts, no weight, and a word."""
    record = examine_reviewed(name)

    assert posterior_of(record) == 0.3
    assert not net_of(record).used
    assert any("the probability leaves it out" in caution for caution in record.evidence.cautions)


def test_a_positive_bone_scan_is_said_to_be_left_out() -> None:
    record = examine_reviewed("18")

    assert posterior_of(record) == 0.3
    assert any("bone scan is present; the probability leaves it out" in caution for caution in record.evidence.cautions)


ABSENT = {**FILM, "net_like": False}


@pytest.mark.parametrize(
    "image",
    [
        ABSENT,
        {**ABSENT, "quality": "limited"},
        {**ABSENT, "quality": None},
        {**ABSENT, "modality": "CT", "contrast": True},
        {**ABSENT, "modality": "CT", "contrast": False},
        {**ABSENT, "modality": "ultrasound"},
        {**ABSENT, "site": None, "side": None},
    ],
)
def test_no_absence_makes_the_disease_less_likely(image: dict[str, object]) -> None:
    for include_secondary in (False, True):
        record = weighed(image, include_secondary=include_secondary)
        assert posterior_of(record) == 0.3
        assert record.evidence.ratio == (1, 1, 1)


def test_only_a_good_film_is_a_film_without_a_net() -> None:
    """CT with contrast may hide what is fine; a film of unstated quality may not have shown it."""
    assert net_of(weighed(ABSENT)).present is False
    assert net_of(weighed({**ABSENT, "quality": None})).present is None
    assert net_of(weighed({**ABSENT, "modality": "CT", "contrast": True})).present is None


@pytest.mark.parametrize(
    "change",
    [
        {"site": "hand", "side": "B"},
        {"site": "hand", "side": None},
        {"side": "R"},
        {"site": "thigh"},
        {"modality": "mammogram", "site": "breast"},
        {"modality": "ultrasound"},
        {"modality": "MRI"},
        {"modality": "CT", "contrast": True},
        {"modality": "CT"},
    ],
)
def test_a_net_where_nobody_counted_it_leaves_the_probability_alone(change: dict[str, object]) -> None:
    record = weighed({**FILM, **change})

    assert posterior_of(record) == 0.3
    assert net_of(record).present is True
    assert any(caution.startswith("Net-like") and "leaves it out" in caution for caution in record.evidence.cautions)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, ""),
        ({"side": "B"}, ""),
        ({"site": None, "side": None}, "taken for granted"),
        ({"side": None}, "taken for granted"),
        ({"modality": "CT", "contrast": False}, "nobody has counted it on CT"),
    ],
)
def test_a_net_of_the_ill_leg_counts(change: dict[str, object], word: str) -> None:
    """With what is taken for granted said beside it, and whom the controls were."""
    record = weighed({**FILM, **change})

    assert posterior_of(record) == 0.68
    assert any(word in caution for caution in record.evidence.cautions)
    assert any("not with patients who have ulcers" in caution for caution in record.evidence.cautions)
    assert any("pre-test probability as exact" in caution for caution in record.evidence.cautions)


def test_a_negative_scan_takes_the_net_away_only_with_a_word() -> None:
    """On request the scan counts in its place: a third of the odds, 12 %; what the net would have weighed is said."""
    silent, asked = (weighed(FILM, SCAN, include_secondary=on) for on in (False, True))

    assert posterior_of(silent) == 0.68
    assert posterior_of(asked) == 0.12
    assert any("do not agree" in caution for caution in asked.evidence.cautions)


def test_no_number_stands_for_an_upper_limit_that_nobody_has() -> None:
    """None of ten controls lacked protein C."""
    labs = [{"name": "protein C", "value": "30 %", "low": 70, "high": 140}]
    record = weighed(labs=labs, drugs=[])
    protein = next(term for term in record.evidence.terms if term.finding == "protein_c_deficiency")

    assert protein.ratio[2] is None
    assert not protein.used


def test_every_published_figure_that_is_offered_has_a_number() -> None:
    assert all(0 < preset.value < 1 for preset in weighed().evidence.presets)


def test_no_sentence_promises_a_curve_that_does_not_stand_there() -> None:
    record = calcinet.examine(case=Case())

    assert not any("curve" in sentence for sentence in record.summary.sentences)
