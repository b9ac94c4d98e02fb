"""A few kills of real examinations; what is found whole is told from what is not."""

from tools.kill_runs import World, kill_runs


def test_killed_examinations_leave_a_whole_result_and_the_next_one_nothing_else():
    tally = kill_runs(3, seed=1, formats="json,png,csv")

    assert tally.faults == []
    assert tally.kills == {"anywhere": 1, "writing": 1, "placing": 1}
    assert tally.left["old"] + tally.left["new"] == 3 + tally.too_late


def test_whatever_lies_outside_the_result_is_a_remain(tmp_path):
    """And an empty folder within it."""
    world = World(tmp_path)
    for folder in (world.out / "masks", world.out / "empty", world.record_in_making.parent, world.temporary / "x"):
        folder.mkdir(parents=True)
    (world.out / "masks" / "i0.png").touch()

    assert world.list_remains() == ["place/.out.writing", "place/.out.writing/new", "place/out/empty", "tmp/x"]
