"""An address that must be mended is not asked again."""

from calcinet.delivery.outcome import Misdirected, Unreachable


def test_what_is_asked_again():
    assert Unreachable("down").again
    assert Unreachable("down", after_s=3).after_s == 3
    assert not Misdirected("elsewhere").again
    assert isinstance(Misdirected("elsewhere"), Unreachable)
