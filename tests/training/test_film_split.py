"""Films of one patient serve one purpose."""

from calcinet.training.film_split import list_films, share_of


def test_patients_are_shared_out_by_their_number():
    assert [share_of(f"p{number:03}") for number in range(6)] == [
        "measure", "calibrate", "train", "measure", "train", "train",
    ]  # fmt: skip


def test_all_films_of_a_patient_have_one_share(tmp_path):
    rows = ["file,group", "a/1.jpg,p003", "a/2.jpg,p004", "b/3.jpg,p003"]
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    assert list_films(tmp_path, "measure") == [("p003", tmp_path / "a/1.jpg"), ("p003", tmp_path / "b/3.jpg")]
    assert list_films(tmp_path, "train") == [("p004", tmp_path / "a/2.jpg")]
    assert list_films(tmp_path, "calibrate") == []
