"""When a study has come whole: quiet time, counts where they are known, and a clock that jumps."""

import pytest

from calcinet.apps.node.completeness import is_complete
from calcinet.apps.node.register import OpenStudy


@pytest.mark.parametrize(
    ("after_s", "expected", "count", "complete"),
    [
        (29, None, 3, False),
        (30, None, 3, True),
        (30, 4, 3, False),
        (299, 4, 3, False),
        (300, 4, 3, True),
        (30, 3, 3, True),
        (-1, None, 3, False),
        (-4000, None, 3, True),
    ],
)
def test_quiet_time_is_30_s_and_ten_times_that_where_objects_lack(after_s, expected, count, complete):
    study = OpenStudy(key="", caller="", first_at=0, last_at=5000, expected=expected, queued_as=None, count=count)

    assert is_complete(study, 5000 + after_s, 30) is complete
