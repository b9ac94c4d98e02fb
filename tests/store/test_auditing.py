"""Whoever changes something beside the audit is found out. The truth is the change that the test itself makes."""

import pytest
from sqlalchemy import create_engine, text

from calcinet.errors import BadInput
from calcinet.store.place import store_place
from tests.support.stored import content


@pytest.fixture
def filled(store):
    """Made, three records, one edit: entries 1 to 5."""
    for seed in "abc":
        store.add([content(seed)], patient=seed)
    store.edit(1, "/images/0/laterality", "L", why="marker seen")
    return store


@pytest.fixture
def change(place):
    """Run a statement on the database, beside the store."""
    engine = create_engine(store_place(place).url)

    def run(*statements: str) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    yield run
    engine.dispose()


def test_a_store_that_nobody_touched_is_as_written(filled):
    verified = filled.verify()

    assert (verified.entries, verified.records, verified.edits) == (5, 3, 1)
    assert verified.faults == ()
    assert filled.verify(verified.head).faults == ()


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["UPDATE audit SET who = 'lee' WHERE number = 3"], ["entry 3 was changed after it was written"]),
        (["UPDATE audit SET at = '2020' WHERE number = 5"], ["entry 5 was changed after it was written"]),
        (["DELETE FROM audit WHERE number = 1"], ["entry 1 was removed"]),
        (
            [
                "UPDATE audit SET number = 99 WHERE number = 2",
                "UPDATE audit SET number = 2 WHERE number = 3",
                "UPDATE audit SET number = 3 WHERE number = 99",
            ],
            [
                "entry 2 does not follow on the one before it: the order was changed",
                "entry 2 was changed after it was written",
                "entry 3 does not follow on the one before it: the order was changed",
                "entry 3 was changed after it was written",
                "entry 4 does not follow on the one before it: the order was changed",
            ],
        ),
        (
            ["UPDATE records SET body = replace(body, '2.31', '2.13') WHERE id = 2"],
            ["record 2 was changed beside the audit"],
        ),
        (["DELETE FROM records WHERE id = 3"], ["record 3 is gone, and no purge of it was written"]),
        (["UPDATE edits SET why = 'none'"], ["the edits of record 1 are not those that the audit knows"]),
        (["DELETE FROM edits"], ["the edits of record 1 are not those that the audit knows"]),
    ],
)
def test_a_change_is_named_and_nothing_else_is(filled, change, statements, told):
    change(*statements)

    assert list(filled.verify().faults) == told


@pytest.mark.parametrize("statement", ["UPDATE answers SET answer = 'no'", "DELETE FROM answers"])
def test_answers_changed_beside_the_audit_are_named(filled, change, statement):
    assert filled.add_answers("legs", "0" * 64, {"F-1": "yes", "F-2": "unsure"}) == 2
    assert filled.verify().faults == ()

    change(statement)

    assert list(filled.verify().faults) == ["the answers of entry 6 are not those that the audit knows"]


def test_two_entries_removed_in_the_middle_are_named_together(filled, change):
    """2 and 3 added records 1 and 2, which nobody knows any more."""
    change("DELETE FROM audit WHERE number IN (2, 3)")

    faults = filled.verify().faults
    assert faults[0] == "entries 2 to 3 were removed"
    assert sum("the audit does not know it" in fault for fault in faults) == 2


def test_an_end_cut_off_shows_by_the_count_and_by_what_has_no_entry(filled, change):
    change("DELETE FROM audit WHERE number = 5")

    assert filled.verify().faults == (
        "the end was cut off: the last entry is 4, and 5 were written",
        "the edits of record 1 are not those that the audit knows",
    )


def test_an_end_cut_off_with_all_traces_shows_by_what_was_noted_alone(filled, change):
    """The edit, its entry, the count and the head: as it was one step before."""
    noted = filled.verify().head
    change(
        "DELETE FROM edits",
        "DELETE FROM audit WHERE number = 5",
        "UPDATE store SET entries = 4, head = (SELECT seal FROM audit WHERE number = 4)",
    )

    assert filled.verify().faults == ()
    assert filled.verify(noted).faults == ("entry 5 that was noted is gone",)


def test_a_chain_made_anew_without_the_key_is_found(filled, change):
    """A seal that follows on the next, but is none."""
    change(
        f"UPDATE audit SET who = 'lee', seal = '{'a' * 64}' WHERE number = 5",
        f"UPDATE store SET head = '{'a' * 64}'",
    )

    assert filled.verify().faults == ("entry 5 was changed after it was written",)


def test_what_was_noted_must_be_a_number_and_a_seal(filled):
    with pytest.raises(BadInput, match="--expect"):
        filled.verify("5")
