"""DICOM over TLS with DCMTK's echoscu: who shows no certificate of the authority is not let in."""

import pytest

from calcinet.errors import BadInput
from calcinet.reception import Listener, Listening, read_caller
from calcinet.reception.tls import make_context
from tests.support.nodes import ECHOSCU
from tests.support.papers import make_papers, run
from tests.support.partners import need


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    need(ECHOSCU, "DCMTK")
    return make_papers(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def secret(papers):
    """A node that asks callers for a certificate, and what it says."""
    said = []
    context = make_context(papers / "node.pem", papers / "node.key", papers / "ca.pem")
    where = Listening(title="CALCINET", host="127.0.0.1", port=0, callers=[read_caller("WARD")], tls=context)
    running = Listener(where, lambda _: None, said.append)
    yield running, said
    running.close()


def ask(port, *tls):
    return run(str(ECHOSCU), "-to", "5", *tls, "-aet", "WARD", "-aec", "CALCINET", "127.0.0.1", str(port)).returncode


def test_who_shows_a_certificate_of_the_authority_is_let_in(papers, secret):
    node, _ = secret
    keys = ("+tls", f"{papers}/caller.key", f"{papers}/caller.pem", "+cf", f"{papers}/ca.pem")

    assert ask(node.port, *keys) == 0


@pytest.mark.parametrize("kind", ["stranger", "nobody", "plain"])
def test_others_are_not(papers, secret, kind):
    """With a certificate that nobody signed, with none, and without TLS; the node goes on."""
    node, said = secret
    keys = {
        "stranger": ("+tls", f"{papers}/stranger.key", f"{papers}/stranger.pem", "-ic"),
        "nobody": ("+tla", "-ic"),
        "plain": (),
    }

    assert ask(node.port, *keys[kind]) != 0
    assert "a connection of 127.0.0.1 failed before an association was asked for" in said


def test_papers_that_do_not_belong_together_are_a_sentence(papers):
    with pytest.raises(BadInput, match="do not belong together"):
        make_context(papers / "node.pem", papers / "caller.key", None)
    with pytest.raises(BadInput, match="authority"):
        make_context(papers / "node.pem", papers / "node.key", papers / "absent.pem")
