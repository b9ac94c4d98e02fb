// Reads a structured report and a segmentation as OHIF does, by dcmjs and Cornerstone3D's adapters, and prints what
// they make of them: node objects/read.mjs JOB, where JOB is a JSON file
// { report, segmentation, images: [{ instance, series, frameOfReference, rows, columns, spacing, position, orientation }], masks }.
// Pixels of segments are written into the folder `masks`, one byte a pixel, as SEGMENT-IMAGE.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adaptersSEG, adaptersSR } from '@cornerstonejs/adapters';
import { metaData, utilities } from '@cornerstonejs/core';
import dcmjs from 'dcmjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const images = new Map(job.images.map((image) => [`image:${image.instance}`, image]));
const extra = new Map();

const provider = {
  get(module, imageId) {
    const image = images.get(imageId);
    if (!image) return extra.get(`${module} ${imageId}`);
    return describe(image)[module];
  },
  add: (imageId, module, value) => extra.set(`${module} ${imageId}`, value),
};
metaData.addProvider(provider.get, 10_000);

function describe(image) {
  const orientation = image.orientation ?? [1, 0, 0, 0, 1, 0];
  const plane = {
    rows: image.rows,
    columns: image.columns,
    rowCosines: orientation.slice(0, 3),
    columnCosines: orientation.slice(3),
    imageOrientationPatient: orientation,
    imagePositionPatient: image.position ?? [0, 0, 0],
    rowPixelSpacing: image.spacing?.[0],
    columnPixelSpacing: image.spacing?.[1],
    frameOfReferenceUID: image.frameOfReference,
  };
  const instance = {
    SOPInstanceUID: image.instance,
    SeriesInstanceUID: image.series,
    FrameOfReferenceUID: image.frameOfReference,
    ImageOrientationPatient: orientation,
    ImagePositionPatient: plane.imagePositionPatient,
    Rows: image.rows,
    Columns: image.columns,
  };
  return {
    imagePlaneModule: plane,
    generalSeriesModule: { seriesInstanceUID: image.series },
    generalImageModule: { sopInstanceUID: image.instance },
    imagePixelModule: { bitsAllocated: 16, samplesPerPixel: 1 },
    instance,
  };
}

function read(path) {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

function readReport(path) {
  const parsed = dcmjs.data.DicomMessage.readFile(read(path));
  const dataset = dcmjs.data.DicomMetaDictionary.naturalizeDataset(parsed.dict);
  const ids = Object.fromEntries(job.images.map((image) => [`${image.instance}:1`, `image:${image.instance}`]));
  const state = adaptersSR.Cornerstone3D.MeasurementReport.generateToolState(dataset, ids, provider);
  return Object.entries(state).flatMap(([tool, found]) => found.map((one) => tell(tool, one)));
}

function tell(tool, { annotation, finding, TrackingUniqueIdentifier }) {
  const { referencedImageId, FrameOfReferenceUID } = annotation.metadata;
  const world = annotation.data.contour?.polyline ?? annotation.data.handles.points;
  const points = referencedImageId ? world.map((at) => utilities.worldToImageCoords(referencedImageId, at)) : world;
  return {
    tool,
    tracking: TrackingUniqueIdentifier,
    image: images.get(referencedImageId)?.instance,
    frameOfReference: FrameOfReferenceUID,
    closed: annotation.data.contour?.closed,
    label: annotation.data.label,
    finding: finding?.CodeMeaning ?? finding?.[0]?.CodeMeaning,
    points: points.map((at) => Array.from(at)),
    stats: Object.values(annotation.data.cachedStats)[0] ?? {},
  };
}

async function readSegmentation(path) {
  const { Segmentation } = adaptersSEG.Cornerstone3D;
  const ids = [...images.keys()];
  const { labelMapImages, segMetadata } = await Segmentation.generateToolState(ids, read(path), provider);
  const groups = Array.isArray(labelMapImages[0]) ? labelMapImages : [labelMapImages];
  const segments = segMetadata.data.filter(Boolean);
  for (const segment of segments) {
    for (const image of groups.flat()) {
      const labels = image.voxelManager.getScalarData();
      const pixels = labels.map((label) => Number(label === segment.SegmentNumber));
      if (!pixels.some(Boolean)) continue;
      const { instance } = images.get(image.referencedImageId);
      writeFileSync(join(job.masks, `${segment.SegmentNumber}-${instance}`), pixels);
    }
  }
  return segments.map((segment) => ({ number: segment.SegmentNumber, label: segment.SegmentLabel }));
}

// What OHIF's view of a segmentation takes apart before it shows it: it fails where there is none.
function readSpacing(path) {
  const parsed = dcmjs.data.DicomMessage.readFile(read(path));
  const { SharedFunctionalGroupsSequence: shared } = dcmjs.data.DicomMetaDictionary.naturalizeDataset(parsed.dict);
  const { PixelMeasuresSequence: measures } = Array.isArray(shared) ? shared[0] : shared;
  return Array.isArray(measures) ? measures[0].PixelSpacing : measures?.PixelSpacing;
}

const annotations = readReport(job.report);
const segments = await readSegmentation(job.segmentation);
writeFileSync(1, JSON.stringify({ annotations, segments, spacing: readSpacing(job.segmentation) }));
