"""A watched folder: what is laid into it is examined when it is still, once, and named by nothing of its name."""

import pytest

from calcinet.apps.node.watching import Watcher, WatchOrder, describe_entry, watch
from calcinet.errors import BadInput


def test_film_is_examined_when_it_is_still_and_once(tmp_path, make_film):
    """Looked at 0, 4 and 31 s of a quiet time of 30 s; at 4 s more is written, so that 40 s is the time."""
    folder, said = tmp_path / "laid", []
    folder.mkdir()
    film = folder / "Somebody 1970.dcm"
    film.write_bytes(make_film(5)[:1000])
    watcher = Watcher(WatchOrder(folder=folder, out=tmp_path / "out", quiet_s=30.0), said.append)

    assert watcher.look(0.0) == 0
    film.write_bytes(make_film(5))
    assert watcher.look(4.0) == 0
    assert watcher.look(31.0) == 0
    assert watcher.look(40.0) == 1
    assert watcher.look(99.0) == 0
    assert Watcher(watcher.order, said.append).look(0.0) == 0
    (result,) = (tmp_path / "out").iterdir()
    assert (result / "record.json").exists()
    assert result.name == describe_entry(film)
    assert "Somebody" not in "".join([*said, *(path.name for path in result.rglob("*"))])


def test_what_is_no_image_is_said_and_not_tried_again(tmp_path):
    folder, said = tmp_path / "laid", []
    folder.mkdir()
    (folder / "a").write_text("no image")
    (folder / "empty").mkdir()
    watcher = Watcher(WatchOrder(folder=folder, out=tmp_path / "out", quiet_s=30.0), said.append)

    assert [watcher.look(moment) for moment in (0.0, 31.0, 62.0)] == [0, 1, 0]
    assert len(said) == 1


def test_folder_that_cannot_be_watched_is_refused(tmp_path):
    with pytest.raises(BadInput, match="no such folder"):
        watch(WatchOrder(folder=tmp_path / "absent", out=tmp_path / "out", quiet_s=1), print)
    with pytest.raises(BadInput, match="would lie in the folder"):
        watch(WatchOrder(folder=tmp_path, out=tmp_path / "out", quiet_s=1), print)
