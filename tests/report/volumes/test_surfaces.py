"""Surfaces as glTF, loaded back by trimesh and by hand."""

import io
import json
import struct

import numpy as np
import pytest
import trimesh

from calcinet.report.volumes import surfaces
from calcinet.report.volumes.surfaces import TO_GLTF, glb
from tests.support import handmade_ct


@pytest.fixture(scope="module")
def written(ct, ct_image) -> bytes:
    return glb(ct.volume, ct_image, "0.1.0")


@pytest.fixture(scope="module")
def scene(written) -> trimesh.Scene:
    return trimesh.load(io.BytesIO(written), file_type="glb")


def tree(written: bytes) -> dict:
    """The JSON chunk (glTF 2.0, 4.4.3)."""
    (length,) = struct.unpack("<I", written[12:16])
    return json.loads(written[20 : 20 + length])


def test_each_compartment_is_a_mesh_of_its_name_with_a_material(written):
    described = tree(written)
    names = {"calcium: artery", "calcium: muscle", "calcium: subcutis", "calcium: skin", "body surface"}

    assert written[:4] == b"glTF"
    assert struct.unpack("<II", written[4:12]) == (2, len(written))
    assert {mesh["name"] for mesh in described["meshes"]} == names
    assert {material["name"] for material in described["materials"]} == names
    (skin,) = [material for material in described["materials"] if material["name"] == "body surface"]
    assert skin["alphaMode"] == "BLEND"


def test_the_file_says_its_frame_and_its_unit(written):
    asset = tree(written)["asset"]

    assert asset["version"] == "2.0"
    assert asset["extras"]["unit"] == "mm"
    assert "+x left" in asset["extras"]["frame"]


def test_surfaces_lie_round_the_voxels_in_the_patient(scene, ct):
    """Within a voxel of the outermost voxels' middles, in mm."""
    for key, name in {"f1": "artery", "f2": "subcutis", "f3": "muscle", "f4": "skin"}.items():
        at = ct.volume.voxels[key]
        places = (np.c_[at, np.ones(len(at))] @ ct.volume.affine.T)[:, :3]
        low, high = scene.geometry[f"calcium: {name}"].bounds
        voxel = np.array(handmade_ct.SPACING)[::-1]

        assert (np.abs(low - places.min(axis=0)) < 1.01 * voxel).all(), name
        assert (np.abs(high - places.max(axis=0)) < 1.01 * voxel).all(), name


def test_volume_within_a_surface_is_near_that_of_its_voxels(scene, ct):
    """Smoothing and the low level that keeps thin lines make a lump thicker by up to half a voxel all round."""
    voxel = float(np.prod(handmade_ct.SPACING))
    lump = scene.geometry["calcium: muscle"]
    of_voxels = len(ct.volume.voxels["f3"]) * voxel

    assert lump.is_watertight
    assert of_voxels < lump.volume < 1.5 * of_voxels


def test_surfaces_look_outwards(scene):
    """A volume is positive when triangles run anticlockwise seen from outside."""
    assert all(mesh.volume > 0 for mesh in scene.geometry.values())


def test_viewers_see_the_head_up_in_metres(scene):
    """240 mm tall: y from about -0.70 to -0.46 m; the matrix turns and does not mirror."""
    (_, low, _), (_, high, _) = scene.bounds

    assert (low, high) == pytest.approx((-0.7, -0.46), abs=0.006)
    assert np.linalg.det(TO_GLTF[:3, :3]) == pytest.approx(1e-9)


def test_too_many_triangles_are_made_fewer(ct, ct_image, monkeypatch):
    """Voxels are joined two by two where the limit is passed."""
    fine = glb(ct.volume, ct_image, "0.1.0")
    monkeypatch.setattr(surfaces, "MOST_FACES", 2000)
    coarse = glb(ct.volume, ct_image, "0.1.0")

    assert len(coarse) < len(fine)
    assert {mesh["name"] for mesh in tree(coarse)["meshes"]} == {mesh["name"] for mesh in tree(fine)["meshes"]}


def test_the_same_ct_gives_the_same_bytes(ct, ct_image, written):
    assert glb(ct.volume, ct_image, "0.1.0") == written


def test_a_ct_without_calcium_has_the_surface_of_the_body_alone(ct, ct_image):
    empty = ct_image.model_copy(update={"findings": ()})

    assert [mesh["name"] for mesh in tree(glb(ct.volume, empty, "0.1.0"))["meshes"]] == ["body surface"]


def test_surfaces_of_an_unknown_place_are_not_said_to_lie_in_the_patient(ct_image):
    said = tree(glb(handmade_ct.examined(oriented=False).volume, ct_image, "0.1.0"))["asset"]["extras"]

    assert "not known" in said["frame"]
    assert "left" not in said["frame"]
