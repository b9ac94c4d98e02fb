"""Who may call: titles with addresses, as they are given and as they are compared."""

import pytest

from calcinet.errors import BadInput
from calcinet.reception.callers import find_fault, read_caller

CALLERS = [read_caller(one) for one in ("ANY", "WARD@10.1.0.0/16", "CT1@192.168.7.20", "CT1@fd00::20")]


@pytest.mark.parametrize(
    ("title", "address", "let_in"),
    [
        ("ANY", "203.0.113.9", True),
        ("WARD", "10.1.255.1", True),
        ("WARD", "10.2.0.1", False),
        ("CT1", "192.168.7.20", True),
        ("CT1", "::ffff:192.168.7.20", True),
        ("CT1", "fd00::20", True),
        ("CT1", "192.168.7.21", False),
        ("ct1", "192.168.7.20", False),
        ("", "127.0.0.1", False),
    ],
)
def test_title_and_address_are_asked_for_together(title, address, let_in):
    assert (find_fault(CALLERS, title, address) is None) is let_in


@pytest.mark.parametrize("given", ["", "@10.0.0.1", "A" * 17, "CT1@", "CT1@host", "CT1@10.1.0.1/16", "A\\B", "CT1@a@b"])
def test_what_is_no_caller_is_refused(given):
    with pytest.raises(BadInput, match="TITLE"):
        read_caller(given)
