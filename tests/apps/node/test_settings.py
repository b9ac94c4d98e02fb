"""What a node is told: a file, options above it, and rules which results go where."""

import json

import pytest

from calcinet.apps.node.routing import Traits, choose_destinations, read_traits
from calcinet.apps.node.settings import make_order, read_settings
from calcinet.errors import BadInput

FILE = """
title = "HERE"
port = 4000
accept = ["CT1@10.0.0.7"]
[[send]]
to = "dicom://PACS@10.0.0.2:104"
[[send]]
to = "http://research.example/dicom-web"
modalities = ["CT"]
callers = ["CT1"]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "node.toml"
    path.write_text(FILE)
    return path


def test_option_stands_above_the_file(file):
    order = make_order(read_settings(file, {"port": 4001}))

    assert (order.listening.title, order.listening.port, order.quiet_s) == ("HERE", 4001, 30.0)
    assert [str(caller) for caller in order.listening.callers] == ["CT1@10.0.0.7/32"]


@pytest.mark.parametrize(
    ("caller", "modality", "count"), [("CT1", "CT", 2), ("CT1", "CR", 1), ("OTHER", "CT", 1), ("CT1", None, 1)]
)
def test_rules_choose_by_modality_and_caller(file, tmp_path, caller, modality, count):
    """The first rule takes all; the second CT of CT1 alone. An image that was refused counts for nothing."""
    images = [{"modality": "CT", "refused": {"code": "x"}}, {"modality": modality, "anatomy": "Lower leg"}]
    (tmp_path / "record.json").write_text(json.dumps({"images": images}))
    rules = make_order(read_settings(file, {})).rules

    assert len(choose_destinations(rules, read_traits(tmp_path, caller))) == count


def test_rule_by_anatomy_compares_words_and_not_letters_of_another_size(file):
    settings = read_settings(file, {"send": [{"to": "http://localhost/a", "anatomy": ["LOWER LEG"]}]})
    rules = make_order(settings).rules

    assert choose_destinations(rules, Traits(body_parts=frozenset({"lower leg"})))
    assert not choose_destinations(rules, Traits(body_parts=frozenset({"hand"})))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("accept = 3", "wrong at 'accept'"),
        ("accpt = []", "wrong at 'accpt'"),
        ("port = 99999", "wrong at 'port'"),
        ("port =", "cannot be read as TOML"),
        ("title = 'X'", "nobody may call"),
        ("accept = ['CT1']\n[[send]]\nto = 'ftp://x'", "nothing is delivered by that way"),
        ("accept = ['CT1']\n[tls]\ncertificate = 'a'\nkey = 'b'", "for TLS cannot be read"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path, text, told):
    path = tmp_path / "node.toml"
    path.write_text(text)

    with pytest.raises(BadInput, match=told):
        make_order(read_settings(path, {}))
