"""Which picture is of what: pictures that name neither body part nor side, as a renal ward has them."""

import csv
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Picture

import calcinet
from calcinet.api import examine_with_images
from calcinet.apps.console import Exit
from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
from calcinet.clinical.case import Case
from calcinet.errors import BadInput
from calcinet.io import write_radiograph
from calcinet.phantoms.radiograph.limb import LimbSpec, limb, random_spec
from calcinet.report.documents import Wanted
from calcinet.report.language import translator
from calcinet.report.sections.image_name import cover_name
from calcinet.report.sections.summary_page import lead_image
from tests.support.command_line import run

ULCER = {"site": "calf", "side": "right", "kind": "ulcer", "painful": True, "necrotic": True}
RIGHT, LEFT = "CHAN Tai Man IMG_0312.png", "CHAN Tai Man IMG 0313 (1).png"
"""Names as a telephone gives them, after a person's."""

_ = translator("en")


def shrink(plane):
    """Eight bits, as a picture has them."""
    low, high = np.percentile(plane, [0.1, 99.9])
    return (np.clip((plane - low) / (high - low), 0, 1) * 255).astype(np.uint8)


def save(path, seed, *, net):
    spec = replace(random_spec(seed, net=net, vessels=True, anatomy="lower leg"), pixel_mm=0.4, field_mm=(140.0, 100.0))
    Picture.fromarray(shrink(limb(spec).image.plane)).save(path)


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """The right leg has no net, the left one has."""
    folder = tmp_path_factory.mktemp("films")
    save(folder / RIGHT, 1, net=False)
    save(folder / LEFT, 2, net=True)
    return folder


@pytest.fixture(scope="module")
def dicom(tmp_path_factory):
    """A film whose header says left lower leg."""
    image = limb(LimbSpec(seed=1, pixel_mm=0.4, field_mm=(140.0, 100.0))).image
    return write_radiograph(tmp_path_factory.mktemp("dicom") / "film.dcm", replace(image, laterality="L"))


@pytest.fixture(scope="module")
def unnamed(films):
    """Two pictures and nothing said of them."""
    return calcinet.examine([films / RIGHT, films / LEFT], Case.model_validate({"lesions": [ULCER]}))


@pytest.fixture(scope="module")
def named(films):
    """The same with an entry for each, the second by its hash."""
    digest = hashlib.sha256((films / LEFT).read_bytes()).hexdigest()
    entries = [
        {"file": RIGHT, "site": "calf", "side": "right", "view": "lateral", "on": "2026-03-02"},
        {"file": digest, "site": "calf", "side": "left"},
    ]
    return calcinet.examine([films / RIGHT, films / LEFT], Case.model_validate({"lesions": [ULCER], "films": entries}))


def write_case(folder, text):
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def steps(record):
    return {step.code: step.text for step in record.advice}


def asked(record):
    return [question for question in record.clinical.questions if question.field.startswith("films.")]


def test_the_first_file_given_is_the_first_image(films, unnamed):
    """IMG_0312 before "IMG 0313 (1)", though a space sorts before a line."""
    given = [hashlib.sha256((films / name).read_bytes()).hexdigest() for name in (RIGHT, LEFT)]

    assert [image.sha256 for image in unnamed.images] == given


def test_a_film_that_names_nothing_is_asked_about(unnamed):
    """One question a film, in its order, with the place of the answer."""
    first, second = asked(unnamed)

    assert (first.field, second.field) == ("films.0", "films.1")
    assert first.text.startswith("img-1 (file 1 of 2 as given): which body part, which side, which view?")
    assert second.text.startswith("img-2 (file 2 of 2 as given)")


def test_two_films_on_the_table_are_not_called_unseen(unnamed):
    """Either may be of the leg in question."""
    found = steps(unnamed)

    assert "film" not in found
    assert found["film_unplaced"].startswith("Say which body part and which side")
    assert "2 films whose body part is not known" in found["film_unplaced"]
    assert "lower leg" in found["film_unplaced"]


def test_a_film_of_the_other_leg_is_not_the_affected_one(films):
    """The left leg was filmed, the right one hurts: a film of it is still missing."""
    case = Case.model_validate({"lesions": [ULCER], "films": [{"file": LEFT, "site": "calf", "side": "left"}]})

    assert "of the lower leg, not yet seen" in steps(calcinet.examine(films / LEFT, case))["film"]


def test_what_a_person_states_of_a_picture_is_shown_as_such(named):
    """Body part, side, view and day; nothing is left to ask."""
    right, left = named.images

    assert (right.anatomy, right.laterality, right.view, right.on) == ("lower leg", "R", "lateral", "2026-03-02")
    assert right.from_case == ("anatomy", "laterality", "view")
    assert (left.laterality, left.on) == ("L", None)
    assert asked(named) == []


def test_the_affected_leg_is_on_the_cover(named):
    """Though the other one shows a net."""
    cover = lead_image(named)

    assert cover.id == "img-1"
    assert not cover.findings_of("net")
    assert named.images[1].findings_of("net")
    assert cover_name(cover, _) == "Right lower leg, lateral"


def test_a_cover_that_nobody_has_named_says_so(unnamed):
    assert cover_name(lead_image(unnamed), _).endswith("side not known")


def test_one_word_for_all_films_is_the_side_of_none(films):
    """`--anatomy "right lower leg"` with two films: the part counts, the side is asked for each."""
    record = calcinet.examine(
        [films / RIGHT, films / LEFT], Case.model_validate({"lesions": [ULCER]}), anatomy="right lower leg"
    )

    assert [(image.anatomy, image.laterality) for image in record.images] == [("lower leg", None)] * 2
    assert ["which side, which view?" in question.text for question in asked(record)] == [True, True]


def test_a_header_that_says_otherwise_is_not_overruled_silently(dicom):
    """Left by the header, right by the case file: not known, both said, and asked."""
    case = Case.model_validate({"lesions": [ULCER], "films": [{"file": "film.dcm", "side": "right"}]})
    record = calcinet.examine(dicom, case)

    assert record.images[0].laterality is None
    assert any("the side is left by the file and right by the case file" in text for text in record.images[0].cautions)
    assert asked(record)[0].field == "films.0"
    assert "which side" in asked(record)[0].text


def test_a_header_that_was_checked_on_the_film_gives_way(dicom):
    """Still said."""
    entry = {"file": "film.dcm", "side": "right", "checked": True}
    record = calcinet.examine(dicom, Case.model_validate({"lesions": [ULCER], "films": [entry]}))

    assert record.images[0].laterality == "R"
    assert any("checked it on the film" in text for text in record.images[0].cautions)
    assert asked(record) == []


@pytest.mark.parametrize(
    ("entries", "line", "said"),
    [
        ("  - {file: IMG_9999.png, site: calf}", 2, "none of the files that were given"),
        (f"  - {{file: {RIGHT}, site: calf}}\n  - {{file: {RIGHT}, side: right}}", 3, "an entry already"),
        ("  - {file: abcdefabcdef, site: calf}", 2, "none of the files that were given"),
        ("  - {site: calf}", 2, "films needs file"),
        (f"  - {{file: {RIGHT}, site: cuff}}", 2, "films.site"),
        (f"  - {{file: {RIGHT}, patient_name: Chan}}", 2, "holds no name"),
    ],
)
def test_an_entry_that_cannot_be_right_is_told_with_its_line(films, tmp_path, entries, line, said):
    """And without a file name."""
    case = write_case(tmp_path, f"films:\n{entries}\n")
    with pytest.raises(BadInput, match=f"line {line}, ") as told:
        calcinet.examine(films, case)

    assert said in str(told.value)
    assert "CHAN" not in str(told.value)
    assert "IMG" not in str(told.value)


def test_a_file_named_by_name_and_by_hash_is_named_twice(films, tmp_path):
    """Seen only where the files are there."""
    digest = hashlib.sha256((films / LEFT).read_bytes()).hexdigest()
    case = write_case(tmp_path, f"films:\n  - {{file: {LEFT}}}\n  - {{file: {digest}}}\n")

    with pytest.raises(BadInput, match=r"line 3, column 12: films\.file: this file has an entry already"):
        calcinet.examine(films, case)


def test_a_name_that_two_folders_have_needs_its_folder(films, tmp_path):
    """before/a.png and after/a.png."""
    for folder, name in (("before", RIGHT), ("after", LEFT)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.png").write_bytes((films / name).read_bytes())
    given = [tmp_path / "before", tmp_path / "after"]

    with pytest.raises(BadInput, match="give its folder"):
        calcinet.examine(given, Case.model_validate({"films": [{"file": "a.png"}]}))
    entry = {"file": "after/a.png", "site": "calf", "side": "left"}
    record = calcinet.examine(given, Case.model_validate({"films": [entry]}))
    assert [image.laterality for image in record.images] == [None, "L"]


def test_a_case_without_its_films_is_read_all_the_same(films):
    """The same case file serves at the bedside, before the films are there."""
    assert calcinet.examine(case=Case.model_validate({"lesions": [ULCER], "films": [{"file": RIGHT}]})).images == ()


def test_validate_knows_the_block(tmp_path, capsys):
    """A right one passes, a slip is named with its line."""
    assert run("validate", str(write_case(tmp_path, "films:\n  - {file: a.png, site: shin, side: both}\n"))) == 0
    assert run("validate", str(write_case(tmp_path, "films:\n  - {file: a.png, sied: both}\n"))) == Exit.USAGE
    assert "line 2" in capsys.readouterr().err


def test_names_of_files_are_nowhere_unless_asked_for(films, tmp_path, capsys):
    """Not in record, page or on the terminal; asked for, in a table beside them and there alone."""
    out = tmp_path / "out"
    case = write_case(tmp_path, f"lesions: [{{site: calf, side: right, kind: ulcer}}]\nfilms:\n  - {{file: {RIGHT}}}\n")
    order = Order(
        paths=[films / RIGHT, films / LEFT],
        folder=out,
        wanted=Wanted(["json", "html", "csv"]),
        options=ExamineOptions(case=case),
    )

    assert examine_and_write(order) is Exit.DONE
    shown = capsys.readouterr()
    assert not (out / "names.csv").exists()
    assert_unnamed(out, shown)
    assert re.sub(r"\d+\.\d s", "N s", shown.err).splitlines() == [
        *("file 1 of 2 -> img-1", "file 2 of 2 -> img-2"),
        *("img-1 of 2 ... N s", "img-2 of 2 ... N s"),
    ]
    assert "a name may be burned into them" in shown.out
    assert examine_and_write(replace(order, keep_names=True)) is Exit.DONE
    with (out / "names.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["id"], row["file"]) for row in rows] == [
        ("img-1", str(films / RIGHT)),
        ("img-2", str(films / LEFT)),
    ]
    assert rows[0]["sha256"] == hashlib.sha256((films / RIGHT).read_bytes()).hexdigest()
    (out / "names.csv").unlink()
    assert_unnamed(out, capsys.readouterr())


def assert_unnamed(out, shown):
    for path in out.iterdir():
        if path.is_file():
            assert b"CHAN" not in path.read_bytes()
    assert "CHAN" not in shown.out + shown.err


def test_names_are_not_kept_where_nobody_is_to_be_named(films, tmp_path):
    order = Order(paths=[films / RIGHT], folder=tmp_path, wanted=Wanted(["json"], anonymous=True), keep_names=True)

    with pytest.raises(BadInput, match="not with --anonymous"):
        examine_and_write(order)


def test_a_picture_is_said_to_show_what_is_burned_into_it(named):
    """A caution on the page of each."""
    assert all(any("burned into" in text for text in image.cautions) for image in named.images)


def test_label_maps_of_phantoms_take_no_number(tmp_path):
    """A folder of phantoms holds as many images as films."""
    assert run("phantom", "--anatomy", "hand", "--no-net", "--no-vessels", "--count", "1", "-o", str(tmp_path)) == 0
    given = {}
    record, _images = examine_with_images(tmp_path, note_files=given.update)

    assert list(given) == ["img-1"]
    assert record.refused == ()


def test_a_path_that_is_not_there_is_told_by_its_place(tmp_path, capsys):
    """Its name may be a patient's, and what a terminal shows is often kept."""
    assert run("examine", str(tmp_path / "CHAN.png"), "-o", str(tmp_path / "out")) == Exit.USAGE
    told = capsys.readouterr().err

    assert "the path that was given does not exist" in told
    assert "CHAN" not in told


def test_the_record_is_read_back(named):
    """New fields are part of the contract."""
    image = json.loads(named.to_json())["images"][0]

    assert (image["on"], image["from_case"]) == ("2026-03-02", ["anatomy", "laterality", "view"])
    assert type(named).from_json(named.to_json()).images[0].on == "2026-03-02"
