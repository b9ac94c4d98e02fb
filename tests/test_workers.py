"""The tests are shared out among workers so that what is costly to make is made once."""

import os

import pytest


@pytest.mark.xdist_group("one worker")
def test_tests_of_a_group_stay_together(request):
    """pytest-xdist knows a group by the end of a test's name; with a pytest that it does not fit, it falls silent."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("needs workers: pytest -n 2 --dist loadgroup")

    assert request.node.nodeid.endswith("@one worker")
