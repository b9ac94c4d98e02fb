/** Stands for xmlbuilder2, by which vtk.js writes files of its own; nothing here writes one. */
export function create(): never {
  throw new Error("no VTK file is written here");
}
