/** The thread that makes a picture of a chart: it takes a tenth of a second, which other messages do not wait for. */
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { FONT_FILES, PICTURE_LIBRARY, PICTURE_WIDTH } from "./draw-chart.ts";

/** What is used of the library, which only those install who want pictures. */
const Resvg = z.custom<{
  readonly initWasm: (bytes: Uint8Array) => Promise<void>;
  readonly Resvg: new (svg: string, options: object) => { readonly render: () => { readonly asPng: () => Uint8Array } };
}>((module) => typeof module === "object" && module !== null && "Resvg" in module && "initWasm" in module);

const resolve = createRequire(import.meta.url).resolve;
const { initWasm, Resvg: Picture } = Resvg.parse(await import(PICTURE_LIBRARY));
await initWasm(await readFile(resolve(`${PICTURE_LIBRARY}/index_bg.wasm`)));
const fontBuffers = await Promise.all(FONT_FILES.map(async (file) => await readFile(resolve(file))));
const picture = new Picture(z.string().parse(workerData), {
  fitTo: { mode: "width", value: PICTURE_WIDTH },
  font: { fontBuffers, defaultFontFamily: "DejaVu Sans" },
});
parentPort?.postMessage(picture.render().asPng(), []);
