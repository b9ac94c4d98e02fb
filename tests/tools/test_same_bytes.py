"""The same bone scan and case in other surroundings, all at once: the same bytes."""

from dataclasses import replace

from tools.same_bytes import KINDS, Surroundings, same_bytes

SCAN = replace(KINDS[-1], formats="json,html,pdf,csv,fhir,sr")
"""The quickest of them to examine."""

OTHER = Surroundings(
    "all that is tried",
    {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Hong_Kong"},
    one_processor=True,
    moved=True,
)
LATER = Surroundings("another moment", {"SOURCE_DATE_EPOCH": "1700000060"})


def test_a_scan_gives_the_same_bytes_in_other_surroundings_but_not_at_another_moment():
    """The second shows that differences are found: objects say when they were made."""
    (_, files, lines), (_, _, parted) = same_bytes(SCAN, [OTHER, LATER])

    assert files == 7
    assert lines == []
    assert any(line.startswith("bundle.fhir.json: timestamp") for line in parted)
