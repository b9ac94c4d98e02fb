"""What is put into a store comes out of it, and nothing is kept by halves."""

from datetime import date

import pytest

from calcinet.errors import BadInput, Unreadable
from calcinet.store import Store
from tests.support.stored import content, visit


def test_a_record_comes_out_as_it_was_given(store):
    """Letter by letter."""
    given = content("film")

    added = store.add([given], patient="0012345")[0]

    assert store.read(added.number).original.encode() == given
    assert store.read(added.number).record.to_json().encode() == given


def test_the_number_of_a_patient_is_kept_nowhere(store):
    """Not in any row of any table, and the same number is the same patient."""
    first = store.add([content("a")], patient="MRN-0012345")[0].patient
    second = store.add([content("b")], patient=" MRN-0012345 ")[0].patient

    assert first == second
    kept = repr((store.patients(), store.records(), store.entries(), store.users()))
    assert "0012345" not in kept


def test_a_pseudonym_is_another_in_another_store(store, tmp_path):
    """Two projects cannot put their patients together, though one user has one key."""
    here = store.pseudonym_of("0012345")
    with Store.open(tmp_path / "other.sqlite", who="ng", make=True) as other:
        assert other.pseudonym_of("0012345") != here
        assert other.pseudonym_of(here) == here


def test_records_are_listed_in_the_order_of_their_days(store):
    """Added in another order; the one without a day comes first."""
    for seed, on in (("late", "2026-05-01"), ("early", "2026-01-01"), ("unknown", None)):
        store.add([content(seed, on=on)], patient="1")

    assert [record.on for record in store.records("1")] == [None, "2026-01-01", "2026-05-01"]
    patient = store.patients()[0]
    assert (patient.records, patient.studies) == (3, 3)
    assert (patient.first_on, patient.last_on) == ("2026-01-01", "2026-05-01")


def test_the_same_films_examined_twice_are_one_study(store):
    """The probability differs, and so the record does."""
    store.add([content("film", probability=0.4), content("film", probability=0.6)], patient="1")

    assert store.patients()[0].studies == 1
    assert [record.probability for record in store.records("1")] == [0.4, 0.6]


def test_a_day_that_is_given_stands_above_that_of_the_record(store):
    store.add([content("film", on="2026-03-09")], patient="1", on=date(2026, 3, 1))

    assert store.records("1")[0].on == "2026-03-01"
    with pytest.raises(BadInput, match="2026-03-01, and not on 2026-04-01"):
        store.add([content("film", probability=0.7)], patient="1", on=date(2026, 4, 1))


def test_the_same_record_twice_is_refused_and_nothing_of_the_call_is_kept(store):
    store.add([content("film")], patient="1")

    with pytest.raises(BadInput, match="Record 2 of 2 is in the store already, as record 1"):
        store.add([content("another"), content("film")], patient="1")

    assert len(store.records()) == 1
    assert [one.is_new for one in store.add([content("another"), content("film")], patient="1", skip_known=True)] == [
        True,
        False,
    ]


def test_a_film_of_another_patient_is_refused(store):
    """The same bytes under two numbers."""
    store.add([content("film")], patient="1")

    with pytest.raises(BadInput, match="of two patients: it holds an image"):
        store.add([content("else"), content("film", probability=0.7)], patient="2")

    assert len(store.patients()) == 1


def test_records_that_differ_in_the_sex_are_of_two_patients_unless_that_is_said(store):
    store.add([content("a", sex="woman")], patient="1")

    with pytest.raises(BadInput, match="differ in the sex"):
        store.add([content("b", sex="man")], patient="1")

    store.add([content("c", sex=None)], patient="1")
    store.add([content("b", sex="man")], patient="1", same_patient=True)
    assert len(store.records("1")) == 3


def test_another_schema_is_refused_with_both_names(store):
    older = content("film").replace(b"calcinet.record/1", b"calcinet.record/0")

    with pytest.raises(BadInput, match=r"record 1 of 1 is of the schema calcinet\.record/0.*calcinet\.record/1"):
        store.add([older], patient="1")


@pytest.mark.parametrize("schema", ["Mrs Lee", None])
def test_a_schema_that_is_none_of_ours_is_not_repeated(store, schema):
    import json

    with pytest.raises(BadInput, match="none of ours") as refused:
        store.add([json.dumps({"schema": schema}).encode()], patient="1")

    assert "Lee" not in str(refused.value)


def test_what_is_no_json_is_unreadable(store):
    with pytest.raises(Unreadable, match="record 2 of 2 is no JSON"):
        store.add([content("film"), b"\xff\xfe"], patient="1")

    assert store.patients() == ()


def test_an_edit_keeps_who_when_before_after_and_why(store):
    number = store.add([content("film")], patient="1")[0].number

    store.edit(number, "images/0/laterality", "L", why="marker seen")
    store.edit(number, "/evidence/posterior/median", 0.6, why="typed wrongly")

    stored = store.read(number)
    first, second = stored.edits
    assert first.field == "/images/0/laterality"
    assert (first.who, first.before, first.after, first.why) == ("ng", None, "L", "marker seen")
    assert (second.number, second.before, second.after) == (2, 0.5, 0.6)
    assert first.at < second.at
    assert stored.record.images[0].laterality == "L"
    assert stored.original.encode() == content("film")
    assert store.records("1")[0].probability == 0.6


@pytest.mark.parametrize(
    ("field", "value", "because"),
    [
        ("/images/0/laterality", "X", "cannot have this value"),
        ("/images/7/laterality", "L", "no field"),
        ("/version", "0.1.0", "has this value already"),
        ("/schema", "other/1", "cannot have this value"),
    ],
)
def test_an_edit_that_cannot_be_changes_nothing(store, field, value, because):
    number = store.add([content("film")], patient="1")[0].number

    with pytest.raises(BadInput, match=because):
        store.edit(number, field, value, why="x")

    assert store.read(number).edits == ()


def test_who_edits_what_somebody_else_changed_meanwhile_is_told(store):
    """Both have seen 0.5."""
    number = store.add([content("film")], patient="1")[0].number
    store.edit(number, "/evidence/posterior/median", 0.6, why="first", expected=0.5)

    with pytest.raises(BadInput, match="meanwhile"):
        store.edit(number, "/evidence/posterior/median", 0.7, why="second", expected=0.5)

    assert store.read(number).record.evidence.posterior.median == 0.6


def test_an_edit_needs_a_reason(store):
    number = store.add([content("film")], patient="1")[0].number

    with pytest.raises(BadInput, match="reason"):
        store.edit(number, "/images/0/laterality", "L", why=" ")


def test_what_is_purged_is_gone_and_its_number_is_not_given_again(store):
    """The patient goes with the last record; the audit says who did it and why, and nothing of what was there."""
    store.add([content("a"), content("b")], patient="1")
    store.add([content("c")], patient="2")
    store.edit(2, "/images/0/laterality", "L", why="marker seen")

    assert store.purge_patient("1", why="consent withdrawn") == 2
    store.purge_record(3, why="wrong patient")

    assert store.patients() == ()
    assert store.verify().faults == ()
    assert store.entries()[-1].detail["why"] == "wrong patient"
    assert store.add([content("a")], patient="1")[0].number == 4


def test_nothing_of_a_purged_patient_is_left_in_the_file(tmp_path):
    """Neither in the database nor in its log: what an edit said, and the hash of the film."""
    file = tmp_path / "store.sqlite"
    with Store.open(file, who="ng", make=True) as store:
        store.add([content("film")], patient="1")
        store.edit(1, "clinical/impression", "words that are found nowhere else", why="asked")
        film = visit("film").images[0].sha256.encode()
        store.purge_patient("1", why="consent withdrawn")
        left = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite*"))

    assert b"found nowhere else" not in left
    assert film not in left
    assert b"consent withdrawn" in left


def test_who_is_shut_out_does_nothing(place):
    with Store.open(place, who="head", make=True) as store:
        store.put_user("lee", role="reader", secret="hash")
        assert store.secret_of("lee") == "hash"
        store.shut_out("lee")
        assert store.secret_of("lee") is None
    with Store.open(place, who="lee") as store, pytest.raises(BadInput, match="shut out"):
        store.add([content("a")], patient="1")


def test_another_key_is_refused_before_anything_is_written(store, place, tmp_path, monkeypatch):
    """Numbers of patients would become other pseudonyms."""
    monkeypatch.setenv("CALCINET_KEY", str(tmp_path / "another.key"))

    with Store.open(place, who="ng") as other:
        with pytest.raises(BadInput, match=r"the key here .* is not the one"):
            other.add([content("a")], patient="1")
        with pytest.raises(BadInput, match="the key here"):
            other.verify()
        assert other.patients() == ()


def test_the_key_is_its_owners_alone(store, key):
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_a_visit_of_the_tests_is_a_record():
    """The truth of what the other tests look at."""
    assert visit("film").clinical.about[0] == "woman, 60 years"
