"""The patient that calcinet starts from, from her case file to the record: everything the report asks of a reader."""

import pytest

import calcinet
from calcinet.clinical.case import Case
from calcinet.errors import BadInput
from calcinet.evidence.priors import prior
from calcinet.io.case.reader import read_case
from calcinet.protocols import assemble
from calcinet.record import FindingRecord, ImageRecord, Record
from calcinet.report.html import page
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
FILE = EXAMPLES / "case-report" / "case.yaml"


@pytest.fixture(scope="module")
def printed() -> Record:
    """As printed, with a prior."""
    return calcinet.examine(case=FILE, prior=0.3)


@pytest.fixture(scope="module")
def answered() -> Record:
    """With the unit of PTH confirmed, and purpura around the ulcers and refractoriness answered yes."""
    told = read_case(FILE).model_dump(mode="json", by_alias=True)
    next(lab for lab in told["labs"] if lab["name"] == "PTH")["unit_confirmed"] = "pmol/L"
    for lesion in told["lesions"]:
        if lesion["kind"] == "ulcer":
            lesion |= {"purpura_around": True, "refractory": True}
    return calcinet.examine((), Case.model_validate(told))


def advised(record: Record) -> dict[str, str]:
    return {step.code: step.text for step in record.advice}


def derived(record: Record, name: str):
    return next(number for number in record.clinical.derived if number.name == name)


def calf(side: str, *, net: bool = True) -> ImageRecord:
    found = (FindingRecord(id="f1", kind="net", probability=0.9),) if net else ()
    return ImageRecord(
        id=f"img-{side}", modality="DX", anatomy="lower leg", laterality=side, resolvable_mm=0.2, findings=found
    )


def test_adjusted_calcium_is_high_and_not_adjusted_again(printed):
    """2.67 mmol/L, printed as adjusted and as high."""
    calcium = derived(printed, "adjusted_calcium")

    assert (calcium.value, calcium.flag) == (2.67, "H")
    assert "not adjusted again" in calcium.text


def test_calcium_times_phosphate_does_not_count_against_her(printed):
    """2.67 x 1.58 = 4.22 mmol2/L2 = 52 mg2/dL2, below both old limits."""
    assert derived(printed, "ca_x_p").value == pytest.approx(4.22, abs=0.005)
    assert derived(printed, "ca_x_p_mg2_dl2").value == pytest.approx(52.4, abs=0.3)
    assert "does not count against" in derived(printed, "ca_x_p").text


def test_the_misprinted_unit_is_asked_and_not_guessed(printed):
    """64 pml/L can only be pmol/L, but a person must say so."""
    asked = [question for question in printed.clinical.questions if "pml/L" in question.as_given]
    pth = next(lab for lab in printed.clinical.labs if lab.analyte == "pth")

    assert [question.likely for question in asked] == ["pmol/L"]
    assert (pth.value, pth.flag) == (None, "H")


def test_with_the_unit_confirmed_parathyroid_hormone_has_a_number(answered):
    """64 pmol/L x 9.43 = 604 pg/mL."""
    assert derived(answered, "pth_pg_ml").value == pytest.approx(604, abs=1)
    assert not any("pml/L" in question.as_given for question in answered.clinical.questions)


def test_japanese_criteria_wait_for_two_answers(printed, answered):
    """Dialysis is met; purpura and refractoriness are not stated. Both answered yes, three of three."""
    items = ("clinical_1", "clinical_2", "clinical_3")
    before, after = (record.clinical.criteria["japanese_2012"] for record in (printed, answered))

    assert [before.items[name] for name in items] == [True, None, None]
    assert before.met is None
    assert "purpura" in before.details["clinical_2"].question
    assert [after.items[name] for name in items] == [True, True, True]
    assert after.met is None, "other diseases are not excluded"


def test_suspicion_is_clinical_by_the_published_scheme(printed):
    """Named, with its reference; in the first sentence."""
    assert printed.summary.suspicion.level == "clinical"
    assert printed.summary.suspicion.reference == "china_scheme"
    assert printed.summary.suspicion.position == 2
    assert printed.summary.suspicion.provisional
    assert printed.summary.sentences[0] == "The patient has died (sepsis); there are no next steps."
    assert printed.summary.sentences[1].startswith(
        'Calciphylaxis suspected by the Chinese scheme: level "clinical", second of three, if '
    )


def test_she_has_died_and_has_no_next_step(printed):
    """It is said first."""
    assert printed.advice == ()
    assert printed.summary.sentences[0] == "The patient has died (sepsis); there are no next steps."


def test_advice_while_she_lived_is_that_of_her_case(printed):
    """Infection and calcitriol asked about, no 130 HU on contrast CT, caution for the fingers and none for a penis."""
    alive = read_case(FILE).model_copy(update={"outcome": None})
    steps = advised(calcinet.examine(case=alive, prior=0.3))

    assert "22.4" in steps["infection_suspected"]
    assert "calcitriol" in steps["ask_stopped_drug"]
    assert any("130 HU" in caution for caution in printed.evidence.cautions)
    assert "finger" in steps["biopsy_acral"]
    assert "biopsy_penis" not in steps
    assert "Never" in steps["never_into_the_abdomen"]


def test_differential_weighs_what_the_report_tells(printed):
    """Pulses present; ANCA negative; coagulation normal; no warfarin on a list that lacks calcitriol says nothing."""
    against = {entry.name: " ".join(entry.against) for entry in printed.differential}

    assert "pulses are present" in against["Arterial disease of the limb"]
    assert "ANCA are negative" in against["Vasculitis"]
    assert "Coagulation is normal" in against["Purpura fulminans"]
    assert "No vitamin K antagonist" not in against["Necrosis by a vitamin K antagonist"]


def test_probability_is_printed_only_with_a_prior(printed, answered):
    """Without one there is the curve, and a sentence that says so."""
    assert printed.evidence.posterior.median == pytest.approx(0.68, abs=0.02)
    assert answered.evidence.posterior is None
    assert len(answered.evidence.by_prior) > 10
    assert any("No pre-test probability was given" in sentence for sentence in answered.summary.sentences)


def test_net_read_by_a_person_weighs_without_a_film(printed):
    """The report's own reading of both lower limbs."""
    net = next(term for term in printed.evidence.terms if term.finding == "net_like")

    assert (net.present, net.used, net.status, net.images) == (True, True, "case", ("imaging.0",))


def test_films_and_case_make_one_record():
    """A net on the left calf, her case beside it: one term, all images that show it."""
    record = assemble([calf("L"), calf("R", net=False)], read_case(FILE), prior=prior(0.3))
    net = next(term for term in record.evidence.terms if term.finding == "net_like")

    assert net.images == ("img-L", "imaging.0")
    assert record.summary.sentences[-2].startswith("Image L (lower leg, left)")


def test_films_alone_are_weighed_too():
    """No case: no level of suspicion, and the question of venous disease stands."""
    record = assemble([calf("L")], prior=prior(0.3))

    assert record.summary.suspicion is None
    assert record.evidence.posterior.median > 0.6
    assert "venous_question" in advised(record)
    assert any("The program marked the net" in caution for caution in record.evidence.cautions)


def test_films_without_a_net_weigh_nothing_and_exclude_nothing():
    """Both calves could have shown it; how many patients have one has not been published."""
    record = assemble([calf("L", net=False), calf("R", net=False)], prior=prior(0.3))

    assert record.evidence.posterior.median == 0.3
    assert "does not exclude" in advised(record)["negative_image"]


def test_a_record_with_a_patient_reads_back_the_same(printed, answered):
    """Sentences keep what they were made from."""
    for record in (printed, answered):
        assert Record.from_json(record.to_json()).to_json() == record.to_json()


def test_without_second_hand_figures_nothing_changes_but_the_terms(printed):
    """--include-secondary adds what was asked for and marks it; she had no bone scan."""
    asked = calcinet.examine(case=FILE, prior=0.3, include_secondary=True)

    assert asked.evidence.posterior == printed.evidence.posterior


@pytest.mark.parametrize("file", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_example_gives_a_record(file):
    """None crashes, each has a level or says what is missing, and all of them survive the disk."""
    record = calcinet.examine(case=file)

    assert Record.from_json(record.to_json()).to_json() == record.to_json()
    assert record.clinical.criteria


def test_without_any_second_hand_or_recalled_figure_there_is_still_a_page(printed):
    """Every such term and preset taken away; the net, which rests on the report, remains."""
    weighed = printed.evidence
    own = {"seen", "derived", "case"}
    terms = tuple(term for term in weighed.terms if term.status in own)
    presets = tuple(preset for preset in weighed.presets if preset.status in own)
    record = printed.model_copy(update={"evidence": weighed.model_copy(update={"terms": terms, "presets": presets})})

    assert len(terms) < len(weighed.terms)
    assert "68" in page(record, {})


def test_nothing_given_is_refused():
    """Neither film nor case."""
    with pytest.raises(BadInput, match="nothing to examine"):
        calcinet.examine()


def test_case_may_be_given_as_such_or_as_a_file(printed):
    """The same record."""
    assert calcinet.examine([], read_case(FILE), prior="0.3").to_json() == printed.to_json()


def test_a_prior_with_nothing_to_weigh_is_said_to_stay():
    """No film, no other image: 0.3 is what the user said and nothing more."""
    record = assemble([], Case.model_validate({"lesions": [{"site": "thigh", "kind": "ulcer"}]}), prior=prior(0.3))

    assert record.evidence.posterior.interval95 == pytest.approx((0.3, 0.3))
    assert any(
        "changes the pre-test probability of 0.3 that was given" in sentence for sentence in record.summary.sentences
    )
