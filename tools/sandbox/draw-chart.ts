/** Makes a PNG of a chart. */
import type { Worker } from "node:worker_threads";
import pLimit from "p-limit";
import { missingPackages } from "../../core/config/missing-package.ts";
import { ParleyError } from "../../core/errors.ts";
import { startThread } from "../../core/start-thread.ts";
import { untilAborted } from "../../core/timing/signals.ts";
import { type Chart, chartSvg } from "./chart.ts";

/** What makes a picture of SVG, and the letters in it: peers of this package. */
export const PICTURE_LIBRARY = "@resvg/resvg-wasm";
const FONTS = "dejavu-fonts-ttf";
export const CHART_PACKAGES = [PICTURE_LIBRARY, FONTS];
export const FONT_FILES = [`${FONTS}/ttf/DejaVuSans.ttf`, `${FONTS}/ttf/DejaVuSans-Bold.ttf`];
export const PICTURE_WIDTH = 1_200;

/** A picture takes 100 MB while it is drawn. */
const oneByOne = pLimit(1);

/** What is missing here for drawing pictures, and how to get it; undefined where nothing is. */
export const missingForCharts = (): string | undefined => missingPackages("Drawing charts", CHART_PACKAGES)[0]?.message;

/** The chart as PNG. Throws `sandbox/no-chart` where it cannot be drawn, and the signal's reason. */
export async function drawChart(chart: Chart, locale: string, signal: AbortSignal): Promise<Uint8Array> {
  const svg = chartSvg(chart, locale);
  return await untilAborted(signal, async () => await oneByOne(async () => await inThread(svg, signal)));
}

async function inThread(svg: string, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const worker = startThread(import.meta.url, "chart-thread", { workerData: svg, env: {}, stdout: true, stderr: true });
  try {
    return await untilAborted(signal, async () => await pictureOf(worker));
  } finally {
    await worker.terminate();
  }
}

async function pictureOf(worker: Worker): Promise<Uint8Array> {
  return await new Promise<Uint8Array>((resolve, reject) => {
    const failed = (reason: string, options?: ErrorOptions): void =>
      reject(new ParleyError("sandbox/no-chart", `The chart could not be drawn: ${reason}.`, options));
    worker.once("message", (png: unknown) => {
      if (png instanceof Uint8Array) resolve(png);
      else failed("what came back is no picture");
    });
    worker.once("error", (cause) => failed(cause.message, { cause }));
    worker.once("exit", () => failed("its thread ended before its work"));
  });
}
