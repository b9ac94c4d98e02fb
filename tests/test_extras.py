"""What is installed only where it is asked for, and the sentence where it is missing."""

import pytest

from calcinet import extras
from calcinet.errors import BadInput
from calcinet.extras import EXTRAS, require_extras


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_what_is_installed_is_not_refused(extra):
    """The tests run with everything."""
    require_extras([extra], "this")


@pytest.mark.parametrize("module", ["no_such_module_at_all", "no_such_package.part", "json.no_such_part"])
def test_what_is_missing_is_refused_with_the_line_that_installs_it(module, monkeypatch):
    """A package, a module of one that is missing, and a module that its package lacks."""
    monkeypatch.setattr(extras, "EXTRAS", {"pdf": ("json", module)})

    with pytest.raises(BadInput, match=r"report\.pdf needs .*pip install 'calcinet\[pdf\]'"):
        require_extras(["pdf"], "report.pdf")
