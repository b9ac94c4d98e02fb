"""The list of attacks: every test that it names is there, and none is named twice."""

import re

from tests.support.paths import ROOT


def test_every_test_that_the_list_names_is_there():
    named = re.findall(r"^\| .* \| `(test_\w+)` \|$", (ROOT / "docs" / "security.md").read_text("utf-8"), re.MULTILINE)
    there: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        there.update(re.findall(r"^\s*def (test_\w+)", path.read_text("utf-8"), re.MULTILINE))

    assert len(named) >= 60
    assert len(set(named)) == len(named)
    assert set(named) <= there
