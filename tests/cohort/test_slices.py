"""Slices of an archive in processes of their own, one of which dies."""

import pytest

from calcinet.cohort.engine import Cluster, connect
from calcinet.cohort.slices import Slice, Sweep, scan_all
from calcinet.cohort.sources import Entry
from tests.support.deadly import name_files, scan

pytestmark = pytest.mark.xdist_group("cohort")


def test_a_file_that_kills_its_process_is_found_and_the_others_keep_their_order(tmp_path):
    """Two slices of three files; the deadly one is scanned with its slice, twice alone, and is then set aside."""
    slices = [
        Slice(number, [Entry(name, None, 1) for name in names])
        for number, names in enumerate((("a", "deadly", "c"), ("d", "e", "f")))
    ]
    aside = list[str]()

    def set_aside(slice_):
        aside.extend(entry.path for entry in slice_.files)
        return name_files(slice_)

    with connect(Cluster(workers=1), tmp_path) as client:
        found = list(scan_all(client, Sweep("test", scan, set_aside), iter(slices), lambda waited_s: None))

    assert sorted((number, files, table["path"].to_pylist()) for number, files, table in found) == [
        (0, 3, ["a", "deadly", "c"]),
        (1, 3, ["d", "e", "f"]),
    ]
    assert aside == ["deadly"]
