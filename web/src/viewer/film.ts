/** The film on the screen: Cornerstone3D with the pixels that the server read. Loaded when a film is opened. */
import {
  Enums,
  RenderingEngine,
  init as initCore,
  imageLoader,
  metaData,
  setUseCPURendering,
  type Types,
} from "@cornerstonejs/core";
import {
  Enums as ToolEnums,
  PanTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
  addTool,
  init as initTools,
} from "@cornerstonejs/tools";

/** What the server says about the pixels of one image. */
export interface Pixels {
  rows: number;
  columns: number;
  /** Grey values, row by row, larger is brighter; what is shown is slope * value + intercept. */
  values: Uint16Array | Int16Array;
  slope: number;
  intercept: number;
  /** The window that is shown first. */
  low: number;
  high: number;
}

export interface Window {
  low: number;
  high: number;
}

export type Mode = "window" | "pan" | "zoom";

const ENGINE = "films";
const VIEWPORT = "film";
const TOOLS = "film-tools";
const SCHEME = "calcinet";

const held = new Map<string, Pixels>();

/** Cornerstone draws stored values as they are: of its two ways of drawing one passes over a slope. */
const AS_STORED = { rescaleSlope: 1, rescaleIntercept: 0 };

/** Cornerstone asks by image; nothing here is a length, for lengths are worked out by ./lengths.ts alone. */
function describe(kind: string, id: string): object | undefined {
  const pixels = held.get(id);
  if (!pixels) return undefined;
  if (kind === "imagePixelModule") {
    return {
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      photometricInterpretation: "MONOCHROME2",
      pixelRepresentation: pixels.values instanceof Int16Array ? 1 : 0,
      samplesPerPixel: 1,
    };
  }
  if (kind === "imagePlaneModule") {
    return {
      frameOfReferenceUID: id,
      rows: pixels.rows,
      columns: pixels.columns,
      imageOrientationPatient: [1, 0, 0, 0, 1, 0],
      rowCosines: [1, 0, 0],
      columnCosines: [0, 1, 0],
      imagePositionPatient: [0, 0, 0],
      pixelSpacing: [1, 1],
      rowPixelSpacing: 1,
      columnPixelSpacing: 1,
      usingDefaultValues: true,
    };
  }
  if (kind === "modalityLutModule") return AS_STORED;
  if (kind === "generalSeriesModule") return { modality: "DX", seriesInstanceUID: id };
  return undefined;
}

function loadHeld(id: string): { promise: Promise<Types.IImage> } {
  const pixels = held.get(id);
  if (!pixels) return { promise: Promise.reject(new Error("these pixels are not here")) };
  const image = {
    imageId: id,
    minPixelValue: pixels.values instanceof Int16Array ? -32768 : 0,
    maxPixelValue: pixels.values instanceof Int16Array ? 32767 : 65535,
    slope: AS_STORED.rescaleSlope,
    intercept: AS_STORED.rescaleIntercept,
    windowCenter: (pixels.low + pixels.high) / 2 / pixels.slope - pixels.intercept / pixels.slope,
    windowWidth: Math.max((pixels.high - pixels.low) / pixels.slope, 1e-6),
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => pixels.values,
    getCanvas: () => undefined,
    rows: pixels.rows,
    columns: pixels.columns,
    height: pixels.rows,
    width: pixels.columns,
    color: false,
    rgba: false,
    numberOfComponents: 1,
    columnPixelSpacing: 1,
    rowPixelSpacing: 1,
    invert: false,
    photometricInterpretation: "MONOCHROME2",
    sizeInBytes: pixels.values.byteLength,
    dataType: pixels.values.constructor.name,
  };
  return { promise: Promise.resolve(image as unknown as Types.IImage) };
}

let ready: Promise<void> | undefined;

/** Starts Cornerstone once. Without WebGL it draws on the processor, which is enough for one film. */
function start(): Promise<void> {
  ready ??= (async () => {
    initCore();
    if (!hasWebGl()) setUseCPURendering(true);
    initTools();
    imageLoader.registerImageLoader(SCHEME, loadHeld as never);
    metaData.addProvider(describe, 10);
    for (const tool of [WindowLevelTool, PanTool, ZoomTool]) addTool(tool);
  })();
  return ready;
}

function hasWebGl(): boolean {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2"));
}

/** One film in one element of the page. */
export class Film {
  private readonly viewport: Types.IStackViewport;
  private first: Window = { low: 0, high: 1 };
  /** What stored values mean. */
  private scale = { slope: 1, intercept: 0 };

  private constructor(
    private readonly engine: RenderingEngine,
    private readonly element: HTMLDivElement,
    private readonly moved: () => void,
  ) {
    this.viewport = engine.getViewport(VIEWPORT) as Types.IStackViewport;
  }

  /** Opens an element for films; `moved` is called whenever the picture has moved or changed. */
  static async open(element: HTMLDivElement, moved: () => void): Promise<Film> {
    await start();
    const engine = new RenderingEngine(ENGINE);
    engine.enableElement({ viewportId: VIEWPORT, type: Enums.ViewportType.STACK, element });
    const film = new Film(engine, element, moved);
    element.addEventListener(Enums.Events.IMAGE_RENDERED, moved);
    const tools = ToolGroupManager.createToolGroup(TOOLS) ?? ToolGroupManager.getToolGroup(TOOLS);
    for (const tool of [WindowLevelTool, PanTool, ZoomTool]) tools?.addTool(tool.toolName);
    tools?.addViewport(VIEWPORT, ENGINE);
    film.use("window");
    return film;
  }

  /** Shows pixels under a name of their own; `still` keeps window, zoom and place, as from slice to slice. */
  async show(name: string, pixels: Pixels, still = false): Promise<void> {
    const id = `${SCHEME}:${name}`;
    const before = still ? { window: this.window, view: this.viewport.getViewPresentation() } : null;
    held.clear();
    held.set(id, pixels);
    this.scale = { slope: pixels.slope, intercept: pixels.intercept };
    await this.viewport.setStack([id]);
    this.first = { low: pixels.low, high: pixels.high };
    this.window = before?.window ?? this.first;
    if (before) this.viewport.setViewPresentation(before.view);
    this.viewport.render();
  }

  /** What the left button does; the middle button pans and the right one zooms, as elsewhere. */
  use(mode: Mode): void {
    const tools = ToolGroupManager.getToolGroup(TOOLS);
    const { Primary, Auxiliary, Secondary } = ToolEnums.MouseBindings;
    const names = { window: WindowLevelTool.toolName, pan: PanTool.toolName, zoom: ZoomTool.toolName };
    for (const name of Object.values(names)) tools?.setToolPassive(name, { removeAllBindings: true });
    const bindings: Record<string, number[]> = { [names.pan]: [Auxiliary], [names.zoom]: [Secondary] };
    bindings[names[mode]] = [...(bindings[names[mode]] ?? []), Primary];
    for (const [name, buttons] of Object.entries(bindings)) {
      const touches = name === names[mode] ? [{ numTouchPoints: 1 }] : [];
      if (name === names.zoom) touches.push({ numTouchPoints: 2 });
      tools?.setToolActive(name, { bindings: [...buttons.map((mouseButton) => ({ mouseButton })), ...touches] });
    }
  }

  /** Where a point of the image (row, column, in pixels) lies in the element. */
  place([row, column]: [number, number]): [number, number] {
    const [x, y] = this.viewport.worldToCanvas([column, row, 0]);
    return [x, y];
  }

  /** Which point of the image lies at a place of the element. */
  point(x: number, y: number): [number, number] {
    const [column, row] = this.viewport.canvasToWorld([x, y]);
    return [row ?? 0, column ?? 0];
  }

  /** In the values that the pixels mean. */
  get window(): Window {
    const { slope, intercept } = this.scale;
    const range = this.viewport.getProperties().voiRange;
    return { low: slope * (range?.lower ?? 0) + intercept, high: slope * (range?.upper ?? 1) + intercept };
  }

  set window({ low, high }: Window) {
    const { slope, intercept } = this.scale;
    this.viewport.setProperties({ voiRange: { lower: (low - intercept) / slope, upper: (high - intercept) / slope } });
    this.viewport.render();
    this.moved();
  }

  get inverted(): boolean {
    return this.viewport.getProperties().invert ?? false;
  }

  invert(): void {
    this.viewport.setProperties({ invert: !this.inverted });
    this.viewport.render();
  }

  zoom(factor: number): void {
    this.viewport.setZoom(this.viewport.getZoom() * factor);
    this.viewport.render();
  }

  /** One pixel of the image on one pixel of the screen. */
  actualSize(): void {
    const [x0] = this.place([0, 0]);
    const [x1] = this.place([0, 100]);
    const [, y0] = this.place([0, 0]);
    const [, y1] = this.place([0, 100]);
    const scale = (Math.hypot(x1 - x0, y1 - y0) * devicePixelRatio) / 100;
    this.zoom(1 / scale);
  }

  pan(x: number, y: number): void {
    const [left, top] = this.viewport.getPan();
    this.viewport.setPan([left + x, top + y]);
    this.viewport.render();
  }

  turn(degrees: number): void {
    const { rotation = 0 } = this.viewport.getViewPresentation();
    this.viewport.setViewPresentation({ rotation: (rotation + degrees + 360) % 360 });
    this.viewport.render();
  }

  /** Brings a stretch of the image into the middle. */
  centre(point: [number, number]): void {
    const [x, y] = this.place(point);
    const { clientWidth, clientHeight } = this.element;
    this.pan(clientWidth / 2 - x, clientHeight / 2 - y);
  }

  reset(): void {
    this.viewport.resetProperties();
    this.viewport.setViewPresentation({ rotation: 0 });
    this.viewport.resetCamera();
    this.window = this.first;
  }

  resize(): void {
    this.engine.resize(true, true);
  }

  close(): void {
    ToolGroupManager.destroyToolGroup(TOOLS);
    this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, this.moved);
    this.engine.destroy();
    held.clear();
  }
}
