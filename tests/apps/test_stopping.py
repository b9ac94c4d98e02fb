"""Signals end the work with a word."""

import signal
import subprocess
import sys
import threading

import pytest

from calcinet.apps.stopping import Stopped, stoppable

EXAMINING = """
import os, signal, sys
from calcinet.apps import cli, examination
from tests.support import handmade

def stop(paths, **options):
    os.kill(os.getpid(), int(sys.argv[2]))
    return handmade.nothing_examined(), {}

examination._load_examiner = lambda: stop
cli.main(["examine", os.curdir, "-o", sys.argv[1], "--formats", "json"])
"""

LISTEN = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from calcinet.__main__ import main"
"""As Python begins, whatever started these tests ignores."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_raised_where_it_is_listened_for(number):
    """With the code of the convention; afterwards everything is as before."""
    before = signal.signal(number, signal.SIG_DFL)  # what runs these tests may itself have been told to ignore it
    try:
        with pytest.raises(Stopped) as stopped, stoppable():
            signal.raise_signal(number)
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)

    assert stopped.value.code == 128 + number


def test_ignored_signals_stay_ignored():
    """nohup wants it so."""
    usual = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            signal.raise_signal(signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, usual)


def test_beside_the_main_thread_nothing_is_listened_for():
    """Python allows none there."""
    ended = []

    def work():
        with stoppable():
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]


@pytest.mark.parametrize(("earlier", "words"), [(False, "nothing was written"), (True, "the earlier result stays")])
def test_an_examination_that_is_stopped_says_what_stays(tmp_path, earlier, words):
    """No traceback, and nothing left beside it."""
    if earlier:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "record.json").write_text('{"schema": "calcinet.record/1"}', encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "-c", EXAMINING, str(tmp_path / "out"), str(int(signal.SIGTERM))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 143
    assert done.stderr.startswith("calcinet: stopped: nothing was written")
    assert done.stderr.endswith(f"{words}\n")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_stop_before_the_program_is_loaded_is_silent(tmp_path):
    """The prompt comes back, as after any program; the modules that are loaded meanwhile show no traceback."""
    slow = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)\n"
    (tmp_path / "typer.py").write_text(slow, "utf-8")
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {LISTEN}; main()"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == -signal.SIGINT
    assert done.stderr == ""
