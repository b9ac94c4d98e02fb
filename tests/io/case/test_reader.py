"""Case files: what is read, and thirty ways to write one wrongly, each with its place and its sentence."""

import json
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calcinet.clinical.case import Case
from calcinet.errors import BadInput
from calcinet.io.case.errors import CaseFileError
from calcinet.io.case.reader import case_of_mapping, case_of_text, read, read_case
from tests.support.paths import ROOT

EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))

MALFORMED = {
    "unknown block, far": ("person:\n  sex: female\n", 1, 1, "this key is not known; did you mean lesions?"),
    "unknown block": ("patiant:\n  sex: female\n", 1, 1, 'there is no "patiant"; did you mean patient?'),
    "unknown key in a block": (
        "patient: {agee_years: 55}",
        1,
        11,
        "in patient; did you mean age_years?",
    ),
    "key that is near nothing": (
        "patient:\n  xyzzy: 1\n",
        2,
        3,
        "not known in patient; expected one of age_years",
    ),
    "a name": ("patient:\n  name: Chan Tai Man\n", 2, 3, "a case file holds no name, no identifier"),
    "a birthday": ("patient: {date_of_birth: 1970-01-02}", 1, 11, "no date of birth; take this line out"),
    "an identifier": ("mrn: A123456\n", 1, 1, "no identifier"),
    "misspelt word": ("lesions:\n  - {site: leg, kind: ulcr}\n", 2, 23, 'found "ulcr", expected one of rash'),
    "misspelt site": ("lesions: [{site: lower limp, kind: ulcer}]", 1, 18, "did you mean leg?"),
    "site of a film that is none": ("imaging: [{modality: film, site: calff}]", 1, 34, "did you mean lower leg?"),
    "misspelt dialysis": ("kidney: {dialysis: [{kind: peritonial}]}", 1, 28, "did you mean peritoneal?"),
    "word that is near nothing": (
        "patient: {sex: Chan Tai Man}",
        1,
        16,
        "a text of 12 characters, expected one of",
    ),
    "number in words": ("patient: {age_years: fifty-five}", 1, 22, "expected a whole number"),
    "half a year of age": ("patient: {age_years: 55.5}", 1, 22, 'found "55.5", expected a whole number'),
    "negative age": ("patient: {age_years: -1}", 1, 22, 'found "-1", expected at least 0'),
    "impossible age": ("patient: {age_years: 155}", 1, 22, 'found "155", expected at most 120'),
    "height in metres": ("patient: {height_cm: 1.62}", 1, 22, 'found "1.62", expected at least 30'),
    "no weight": ("patient: {weights: [{kg: 0}]}", 1, 26, "expected more than 0"),
    "endless number": ("patient: {height_cm: .inf}", 1, 22, "expected a number"),
    "day in another order": (
        "examined_on: 09/03/2026",
        1,
        14,
        "a day as year-month-day, for instance 2026-03-09",
    ),
    "day that is a number": ("examined_on: 20260309", 1, 14, "expected a day as year-month-day"),
    "day that the calendar lacks": ("examined_on: 2026-02-30", 1, 14, "expected a day as year-month-day"),
    "month without a day": ("drugs: [{name: warfarin, start: 2026-03}]", 1, 33, "expected a day as year-month-day"),
    "stop before start": (
        "drugs:\n- {name: x, start: 2026-02-01, stop: 2026-01-01}",
        2,
        3,
        "drugs: stop lies before start",
    ),
    "range upside down": ("labs: [{name: x, value: 1, low: 5, high: 2}]", 1, 8, "labs: low lies above high"),
    "neither yes nor no": ("lesions: [{site: leg, kind: ulcer, painful: very}]", 1, 45, "expected yes or no"),
    "missing key": ("lesions:\n  - {kind: ulcer}\n", 2, 5, "lesions needs site: one of head"),
    "missing value of a result": ("labs: [{name: PTH}]", 1, 8, "labs needs value: text"),
    "block instead of a list": (
        "labs: {name: PTH, value: 1 pmol/L}",
        1,
        7,
        "found a block of keys, expected a list",
    ),
    "list instead of a block": ("patient: [55, female]", 1, 10, "patient: found a list, expected a block of keys"),
    "text instead of a block": (
        "drugs: [warfarin]",
        1,
        9,
        "a text of 8 characters, expected a block",
    ),
    "nothing where a name stands": ("drugs: [{name: }]", 1, 15, "found nothing, expected text"),
    "key twice": ("patient: {}\npatient: {}\n", 2, 1, "this key stands here twice"),
    "contradiction of kidneys": (
        "kidney: {stage: normal, dialysis: [{kind: peritoneal}]}",
        1,
        9,
        "stage is normal, but dialysis goes on",
    ),
    "contradiction of exclusions": (
        "all_mimics_excluded: yes\nexclusions: [{name: vasculitis, excluded: no}]",
        1,
        1,
        "all_mimics_excluded is yes, but exclusions has vasculitis as found",
    ),
    "another version": ("schema: calcinet.case/9\n", 1, 9, "did you mean calcinet.case/1?"),
    "open bracket": ("lesions: [\n", 2, 1, "the text breaks off or does not fit here"),
    "open quote": ('kidney: {cause: "IgA}\n', 2, 1, "look for a missing colon, quote, bracket"),
    "wrong indentation": ("patient:\n  sex: female\n age_years: 55\n", 3, 2, "a wrong indentation"),
    "tab": ("patient:\n\tsex: female\n", 2, 1, "a tab; indent with spaces"),
    "colon in a value": ("kidney: {cause: a: b}", 1, 18, "does not fit here"),
    "alias": ("drugs: [&a {name: x}, *a]", 1, 9, "anchors (&) and aliases (*) are not used"),
    "unknown alias": ("drugs: *x", 1, 8, "anchors (&) and aliases (*) are not used"),
    "tag": ("kidney: {cause: !!python/name:os.system x}", 1, 17, "tags (!) are not used"),
    "own tag": ("kidney: !mine {}", 1, 9, "tags (!) are not used"),
    "list as a key": ("[a, b]: c", 1, 1, "a key is one word"),
    "second document": ("patient: {}\n---\npatient: {}\n", 2, 1, "a second document begins here"),
    "only a list": ("- warfarin\n", 1, 1, "expected a block of keys"),
    "only a word": ("warfarin", 1, 1, "expected a block of keys"),
    "empty": ("", 1, 1, "expected a block of keys"),
    "control character": ("patient: {}\nkidney: \x01", 2, 9, "a character that no text file has"),
    "too deep": ("kidney: " + "[" * 40 + "]" * 40, 1, 21, "nested too deeply"),
    "far too deep": ("kidney: " + "[" * 5000, 1, 1, "nested too deeply"),
    "too long": ("#" * 300_000, 1, 1, "more than any case"),
}


def mistakes(text: str):
    with pytest.raises(CaseFileError) as caught:
        case_of_text(text)
    return caught.value.mistakes


def mistakes_or_none(text: str):
    try:
        case_of_text(text)
    except CaseFileError as error:
        return error.mistakes
    return ()


@pytest.mark.parametrize(("text", "line", "column", "words"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_file_gives_a_clear_error(text, line, column, words):
    """Line and column, what was found, what was expected, the nearest right word."""
    found = mistakes(text)

    assert any((one.line, one.column) == (line, column) and words in one.text for one in found), found
    assert all(str(one).startswith(f"line {one.line}, column {one.column}: ") for one in found)


def test_there_are_more_than_thirty_of_them():
    """The sum of the table."""
    assert len(MALFORMED) >= 30


def test_all_mistakes_are_listed_at_once_in_the_order_of_the_file():
    """Nobody wants to find them one by one."""
    text = "patient: {age_years: old, sex: femal}\nlesions:\n  - {site: leg, kind: ulcr}\nlabs: {}\n"
    found = mistakes(text)

    assert [one.line for one in found] == [1, 1, 3, 4]
    with pytest.raises(CaseFileError, match=r"the case file has 4 mistakes:\n  line 1, column 22: "):
        case_of_text(text)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_read(path):
    """Thirteen patients, each with lesions."""
    assert read_case(path).lesions


def test_yaml_and_json_say_the_same():
    """JSON may be indented with tabs."""
    yaml_text = "patient: {age_years: 55}\nlesions:\n- site: Calf\n  side: left\n  kind: ULCER\n  painful: yes\n"
    lesion = {"site": "lower leg", "side": "L", "kind": "ulcer", "painful": True}
    tree = {"patient": {"age_years": 55}, "lesions": [lesion]}

    assert case_of_text(yaml_text) == case_of_text(json.dumps(tree, indent="\t")) == Case.model_validate(tree)


def test_missing_is_missing_and_empty_is_empty():
    """Null, nothing and an absent key are "not stated"; [] is "none"."""
    case = case_of_text("drugs: []\nconditions: ~\nlesions:\nexamination: {venous_disease: no}\n")

    assert (case.drugs, case.conditions, case.lesions, case.procedures) == ((), None, None, None)
    assert (case.examination.venous_disease, case.examination.oedema) == (False, None)


def test_words_are_read_in_any_case_and_by_other_names():
    """Calf, Left, Bilateral, hemodialysis, 5d."""
    text = (
        "kidney: {stage: 5d, dialysis: [{kind: Hemodialysis}]}\n"
        "lesions: [{site: Calf, side: Bilateral, kind: Livedo racemosa}]\nlabs: [{name: x, value: 1, flag: HIGH}]\n"
        "imaging: [{modality: ct}]\n"
    )
    case = case_of_text(text)

    assert (case.kidney.stage, case.kidney.dialysis[0].kind) == ("5D", "haemodialysis")
    assert (case.lesions[0].site, case.lesions[0].side, case.lesions[0].kind) == ("lower leg", "B", "livedo")
    assert (case.labs[0].flag, case.imaging[0].modality) == ("H", "CT")


def test_places_of_fields_are_kept():
    """The unit of the second result has no place of its own: its result has."""
    found = read(next(path for path in EXAMPLES if path.name == "case.yaml"))

    assert found.place_of("labs.6.unit") == found.place_of("labs.6")
    assert found.place_of("patient.sex")[0] == 8
    assert found.place_of("exclusions.0") is None


def test_file_that_is_not_there_is_said_without_its_name(tmp_path):
    """A file's name may name a patient."""
    with pytest.raises(BadInput, match="cannot be opened") as caught:
        read_case(tmp_path / "Chan Tai Man.yaml")

    assert "Chan" not in str(caught.value)


def test_file_in_another_encoding_is_said_with_its_line(tmp_path):
    """UTF-8 only; a byte-order mark is welcome."""
    path = tmp_path / "case.yaml"
    path.write_bytes(b"patient: {}\nkidney: {cause: n\xe9phropathie}\n")
    with pytest.raises(CaseFileError, match="line 2, column 1: not UTF-8 text"):
        read_case(path)

    path.write_bytes("\ufeffkidney: {cause: néphropathie}\n".encode())
    assert read_case(path).kidney.cause == "néphropathie"


def test_day_of_a_drug_is_a_day():
    """The model makes the date, not the file format."""
    assert case_of_text("drugs: [{name: x, start: 2026-03-09}]").drugs[0].start == date(2026, 3, 9)


PIECES = st.sampled_from(
    [
        *("patient", "lesions", "labs", "drugs", "kidney", "name", "value", "site", "kind", "start", "schema"),
        *(
            ": ",
            "\n",
            "  ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            '"',
            "'",
            "&a ",
            "*a",
            "!!x ",
            "|",
            ">",
            "#",
            "?",
            "%",
            "@",
        ),
        *("yes", "no", "~", "2026-03-09", "1e9", ".nan", "64 pml/L", "\t", "\r", "\x85", "\ud83d", "é", "---", "..."),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=80))
@example('"\\UFFFFFFFF"')
@example("%YAML 9.9\n---\na")
@example("? ")
@example("{{}: 1}")
@example('{"resourceType": "Bundle"')
def test_no_text_breaks_the_parser(text):
    """It is a case, or a list of mistakes in lines that the text has."""
    found = mistakes_or_none(text)

    assert all(one.line >= 1 and one.column >= 1 and one.text for one in found)


WORDS = st.none() | st.booleans() | st.integers(-5, 500) | st.text(max_size=8) | st.sampled_from(["leg", "yes"])
KEYS = st.sampled_from(["site", "kind", "name", "value", "kg", "stage", "x"])
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(list(Case.model_fields)), TREES))
def test_no_tree_breaks_the_model(tree):
    """Every error of the model finds its words."""
    assert all(one.text for one in mistakes_or_none(json.dumps(tree)))


def test_pelvis_is_a_part_that_films_show_and_lies_in_the_trunk():
    """No other word of the chart is taken for it."""
    told = case_of_text("imaging: [{modality: film, site: pelvis}]\nlesions: [{site: pelvis, kind: ulcer}]")

    assert (told.imaging[0].site, told.lesions[0].site) == ("pelvis", "trunk")


def test_a_dict_says_what_its_file_would():
    """Numbers, days and truth as a program holds them."""
    held = {
        "patient": {"age_years": 60},
        "kidney": {"dialysis": [{"kind": "haemodialysis", "start": date(2019, 2, 3)}]},
        "labs": [{"name": "calcium", "value": 2.45, "unit": "mmol/L"}],
        "lesions": ({"site": "leg", "kind": "ulcer", "painful": True, "necrotic": False},),
        "conditions": None,
    }
    written = """
patient: {age_years: 60}
kidney: {dialysis: [{kind: haemodialysis, start: 2019-02-03}]}
labs: [{name: calcium, value: 2.45, unit: mmol/L}]
lesions: [{site: leg, kind: ulcer, painful: yes, necrotic: no}]
conditions:
"""

    assert case_of_mapping(held) == case_of_text(written)


def test_a_dict_lists_every_mistake_by_its_field_and_names_nobody():
    """Numbers of a list from 0, as Python counts."""
    held = {
        "labs": [{"name": "calcium", "value": 2.4, "unit": "mmol/L"}],
        "lesions": [{"site": "leg", "kind": "ulcer"}, {"site": "leg", "kind": "ulcr"}],
        "patient": {"age_years": 400, "Chan Tai Man": 1},
    }

    with pytest.raises(BadInput) as refused:
        case_of_mapping(held)
    told = str(refused.value)

    assert 'lesions.1.kind: found "ulcr", expected one of rash' in told
    assert "patient.age_years: found" in told
    assert "patient: this key is not known in patient" in told
    assert "Chan" not in told


def test_a_dict_within_itself_has_an_end():
    held = {"patient": {}}
    held["patient"]["patient"] = held

    with pytest.raises(BadInput, match="nested too deeply"):
        case_of_mapping(held)


def test_a_dict_may_be_a_bundle():
    """That of the file."""
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient"}}]}

    assert case_of_mapping(bundle) == Case()


@pytest.mark.parametrize("value", ["1" * 6000, f"0.{'1' * 60}"])
def test_a_bundle_with_a_number_of_too_many_digits_is_refused_as_a_bundle(value):
    """Python itself converts no whole number of more than 4300 digits; the text was then taken for a case file."""
    text = f'{{"resourceType": "Bundle", "type": "collection", "total": {value}}}'

    with pytest.raises(BadInput, match="the bundle holds a number of"):
        read_case(text.encode())
