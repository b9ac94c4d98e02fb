"""Surfaces of the calcium and of the skin of a CT as binary glTF 2.0, for viewers that turn them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import trimesh
from numpy.typing import NDArray
from scipy import ndimage
from skimage.measure import block_reduce, marching_cubes
from trimesh.visual.material import PBRMaterial

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.examined import ExaminedVolume
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.pictures.ct.body import find_body
from calcinet.report.pictures.ct.compartments import COLOURS, present
from calcinet.vocabulary import Compartment

SMOOTHING: Final = 0.6
"""Standard deviation in voxels by which marks are smoothed. Our choice: their steps go, their size stays."""

LEVEL: Final = 0.25
"""Where the surface of smoothed marks lies, of 1. Our choice: a line one voxel thin still has one."""

MOST_FACES: Final = 120_000
"""Triangles of calcium. Our choice: with their normals 3 MB; finer marks are joined two by two until they fit."""

COARSEST: Final = 4
"""Voxels joined along each axis at most. Our choice: what is then still too many is written as it is."""

SKIN_MM: Final = 6.0
"""Step of the skin. Our choice: it is there to show where one is."""

SKIN_RGBA: Final = (222, 196, 178, 70)

TO_GLTF: Final = np.array([[1e-3, 0, 0, 0], [0, 0, 1e-3, 0], [0, -1e-3, 0, 0], [0, 0, 0, 1.0]])
"""From the patient's left, posterior, superior in mm to metres with the head up and the face forward (glTF 2.0, 3.4):
the node `patient` carries it, so that the vertices below it are the patient's millimetres."""

FRAME: Final = {
    "frame": "DICOM patient coordinates: +x left, +y posterior, +z superior, right-handed",
    "unit": "mm",
    "node": "patient: its matrix turns them to metres, head up",
    "note": "decision support for research, not a diagnosis",
}
"""What `asset.extras` says about the vertices."""

UNORIENTED_FRAME: Final = {**FRAME, "frame": "axes of the volume; how it lies in the patient is not known"}


def glb(volume: ExaminedVolume, image: ImageRecord, version: str) -> bytes:
    """Write one mesh a compartment and the skin, each by its name.

    Parameters
    ----------
    volume
        Voxels of the findings, and what the body's surface is taken from.
    image
        The findings.
    version
        Of calcinet.
    """
    assert image.ct is not None
    scene = trimesh.Scene(base_frame="world")
    scene.graph.update("patient", "world", matrix=TO_GLTF)
    meshes = _mesh_calcium(volume, image.findings)
    meshes.append(("body surface", _mesh_skin(volume, image.ct.spacing_mm)))
    for name, mesh in meshes:
        if len(mesh.faces):
            scene.add_geometry(mesh, node_name=name, geom_name=name, parent_node_name="patient")

    frame = FRAME if volume.oriented else UNORIENTED_FRAME
    describe = partial(_describe_asset, version=version, frame=frame)
    return bytes(scene.export(file_type="glb", tree_postprocessor=describe, include_normals=True))


def _describe_asset(tree: dict[str, Any], version: str, frame: Mapping[str, str]) -> None:
    """Write into the tree of a glTF file who made it and what its vertices are."""
    tree["asset"] = {"version": "2.0", "generator": f"calcinet {version}", "extras": frame}


def _mesh_calcium(volume: ExaminedVolume, findings: Sequence[FindingRecord]) -> list[tuple[str, trimesh.Trimesh]]:
    """Mesh every compartment, as finely as MOST_FACES lets."""
    meshes: list[tuple[str, trimesh.Trimesh]] = []
    for joined in range(1, COARSEST + 1):
        meshes = []
        for name in present(findings):
            meshes.append((f"calcium: {name}", _mesh_compartment(volume, findings, name, joined)))
        if sum(len(mesh.faces) for _, mesh in meshes) <= MOST_FACES:
            break
    return meshes


def _mesh_compartment(
    volume: ExaminedVolume, findings: Sequence[FindingRecord], name: Compartment, joined: int
) -> trimesh.Trimesh:
    """Mesh the findings of one compartment, `joined` voxels along each axis taken as one."""
    vertices, faces, start = [np.empty((0, 3))], [np.empty((0, 3), np.int64)], 0
    for finding in findings:
        voxels = volume.voxels.get(finding.id, ())
        if finding.compartment == name and len(voxels):
            points, triangles = _find_surface(*_fill_box(np.asarray(voxels), joined), volume.affine, joined)
            vertices.append(points)
            faces.append(triangles + start)
            start += len(points)
    material = PBRMaterial(
        name=f"calcium: {name}", baseColorFactor=[*COLOURS[name], 255], roughnessFactor=0.6, metallicFactor=0.0
    )
    return _make_mesh(np.concatenate(vertices), np.concatenate(faces), material)


def _fill_box(voxels: Indices, joined: int) -> tuple[Pixels, Indices]:
    """Fill a box with the voxels of a finding, some joined to one, and say where it begins."""
    low = voxels.min(axis=0)
    box = np.zeros(voxels.max(axis=0) - low + 1, np.float32)
    box[tuple((voxels - low).T)] = 1
    if joined > 1:
        box = block_reduce(box, joined, np.max)
    return np.asarray(box, np.float32), low


def _find_surface(
    box: Pixels, low: Indices, affine: Floats, joined: float | tuple[int, int, int]
) -> tuple[Floats, NDArray[np.int64]]:
    """Lay a surface round a smoothed box; points in the patient in mm, shape (N, 3), and triangles."""
    smooth = ndimage.gaussian_filter(np.pad(box, 2), SMOOTHING)
    points, triangles, *_ = marching_cubes(smooth, min(LEVEL, 0.5 * float(smooth.max())))
    step = np.broadcast_to(joined, 3)
    voxels = (points - 2) * step + (step - 1) / 2 + low
    in_patient = (np.c_[voxels, np.ones(len(voxels))] @ affine.T)[:, :3]
    if np.linalg.det(affine[:3, :3]) >= 0:
        triangles = triangles[:, ::-1]  # their corners run so that they face outward
    return in_patient, np.asarray(triangles, np.int64)


def _mesh_skin(volume: ExaminedVolume, mm: tuple[float, float, float]) -> trimesh.Trimesh:
    body = find_body(volume.hu, mm, SKIN_MM)
    material = PBRMaterial(
        name="body surface", baseColorFactor=list(SKIN_RGBA), alphaMode="BLEND", doubleSided=True, roughnessFactor=0.9
    )
    if not body.inside.any():
        return _make_mesh(np.empty((0, 3)), np.empty((0, 3), np.int64), material)
    first = np.zeros(3, np.intp)
    return _make_mesh(*_find_surface(body.inside.astype(np.float32), first, volume.affine, body.step), material)


def _make_mesh(vertices: Floats, faces: NDArray[np.int64], material: PBRMaterial) -> trimesh.Trimesh:
    visual = trimesh.visual.TextureVisuals(material=material)
    return trimesh.Trimesh(vertices, faces, visual=visual, process=False)
