"""Several who write at once lose nothing, and a program that is killed loses nothing that it acknowledged."""

import threading
from itertools import pairwise

import pytest

from calcinet.store import Store
from tests.support.stored import content
from tools.kill_store import kill_rounds


def test_two_writers_at_once_lose_nothing(place):
    """40 records and 40 edits of one field each; every edit sees the one before it."""
    with Store.open(place, who="start", make=True) as store:
        store.add([content("shared")], patient="0")
    failed = []

    def write(who):
        try:
            with Store.open(place, who=who) as store:
                for at in range(20):
                    store.add([content(f"{who} {at}")], patient=who)
                    store.edit(1, "evidence/prior/value", 0.001 * (1 + at) + (0.5 if who == "b" else 0.1), why=str(at))
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(who,)) for who in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failed == []
    with Store.open(place, who="look") as store:
        edits = store.read(1).edits
        assert [edit.number for edit in edits] == list(range(1, 41))
        assert all(edit.before == before.after for before, edit in pairwise(edits))
        assert len(store.records()) == 41
        verified = store.verify()
        assert (verified.faults, verified.entries) == ((), 1 + 1 + 80)


def test_two_who_make_a_store_at_once_make_one(place):
    made = []

    def make(who):
        with Store.open(place, who=who, make=True) as store:
            made.append(store.entries()[0].who)

    makers = [threading.Thread(target=make, args=(who,)) for who in ("a", "b", "c")]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()

    assert len(made) == 3
    assert len(set(made)) == 1


@pytest.mark.slow
def test_a_kill_in_the_middle_of_writes_loses_nothing(place):
    """Three kills of processes that would write 40; python -m tools.kill_store does ten of 500."""
    for seen in kill_rounds(place, 3, 40, seed=1):
        assert seen.is_sound, seen
