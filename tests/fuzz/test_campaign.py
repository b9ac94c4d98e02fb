"""What the fuzzer tells is counted; an input that ends the process is a finding, and the next process goes on."""

import subprocess

from fuzz import campaign
from fuzz.__main__ import tell_findings
from fuzz.entrances import find_entrance

TOLD = b"""INFO: A corpus is not provided
#2\tINITED cov: 100 ft: 100 corp: 1/1b exec/s: 0 rss: 97Mb
#16\tNEW    cov: 110 ft: 120 corp: 2/2b lim: 4 exec/s: 8 rss: 97Mb
#%d\tDONE   cov: 130 ft: 3 corp: 2/2b lim: 4 exec/s: 2 rss: 97Mb
"""


def test_counts_are_summed_over_processes(tmp_path, monkeypatch):
    """Two processes of 50 and 70 inputs: the first was ended by an input that lies among the findings."""
    monkeypatch.setattr(campaign, "FOLDER", tmp_path)
    counts = iter((50, 70))
    clock = iter((0.0, 0.0, 30.0, 99.5, 99.5))
    monkeypatch.setattr(campaign.time, "monotonic", lambda: next(clock))

    def run(command, **_):
        if "--replay" in command:
            raise subprocess.TimeoutExpired(command, 60)
        number = next(counts)
        if number == 50:
            (tmp_path / "film" / "findings" / "timeout-1").write_bytes(b"x")
        return subprocess.CompletedProcess(command, 70, b"", TOLD % number)

    monkeypatch.setattr(campaign.subprocess, "run", run)
    outcome = campaign.fuzz_one(find_entrance("film"), 100)

    assert (outcome.inputs, outcome.branches, outcome.new_branches) == (120, 130, 30)
    assert [path.name for path in outcome.findings] == ["timeout-1"]
    assert campaign.write_table([outcome]).splitlines()[1].split() == ["film", "100", "120", "130", "30", "1"]


def test_what_is_slow_only_beside_other_work_is_no_finding(tmp_path, monkeypatch):
    """Two inputs were too slow: one is read at once when it is tried alone, one never."""
    for name in ("timeout-quick", "timeout-endless", "KeyError-1"):
        (tmp_path / name).write_bytes(b"x")

    def run(command, **_):
        if command[-1].endswith("endless"):
            raise subprocess.TimeoutExpired(command, 60)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(campaign.subprocess, "run", run)
    campaign.drop_passing(find_entrance("film"), tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["KeyError-1", "timeout-endless"]


def test_a_process_that_does_not_begin_is_a_finding(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(campaign, "FOLDER", tmp_path)
    failed = subprocess.CompletedProcess([], 1, b"", b"ModuleNotFoundError: No module named 'atheris'")
    monkeypatch.setattr(campaign.subprocess, "run", lambda *_, **__: failed)
    outcome = campaign.fuzz_one(find_entrance("nifti"), 5)

    assert [path.name for path in outcome.findings] == ["start.txt"]
    assert tell_findings([outcome]) == 1
    assert "--replay" in capsys.readouterr().out
