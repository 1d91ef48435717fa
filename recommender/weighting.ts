/** How much an interaction counts: its kind, how long it was looked at, how long ago it was. Pure functions. */

import { refuse, requireFinite, requireObject, shown } from "./checks.ts";

export interface WeightingOptions {
  /** By kind of interaction; a negative kind, such as a dismissal, is no evidence for an item and weighs 0. */
  readonly kinds: Readonly<Record<string, number>>;
  /** After this time an interaction weighs half, in ms. @default undefined: nothing fades */
  readonly halfLife?: number | undefined;
  /** A view of this length counts fully, in ms; a longer one no more. @default 30_000 */
  readonly fullView?: number | undefined;
}

export interface WeighedEvent {
  readonly kind: string;
  /** In ms since 1970. */
  readonly time: number;
  /** How long it was looked at, in ms; undefined when nobody knows. */
  readonly viewDuration?: number | undefined;
}

/** The weight of one event, now in ms since 1970. Kinds that are not listed weigh 0. */
export function weightOf(event: WeighedEvent, now: number, options: WeightingOptions): number {
  requireObject(event, "An event");
  requireObject(options, "Options of the weights");
  requireObject(options.kinds, "The weights by kind");
  requireFinite(now, "The time of now");
  requireFinite(event.time, "The time of an event");
  for (const [name, weight] of Object.entries(options.kinds)) requireFinite(weight, `The weight of kind "${name}"`);
  const kind = Object.hasOwn(options.kinds, event.kind) ? Math.max(0, options.kinds[event.kind] ?? 0) : 0;
  return kind * viewWeight(event.viewDuration, options.fullView) * recencyWeight(now - event.time, options.halfLife);
}

/** 1 for a view of full length or of unknown length; a glance keeps a tenth. Grows as the logarithm of the time. */
export function viewWeight(duration: number | undefined, fullView = 30_000): number {
  if (!(requireFinite(fullView, "A full view") > 0)) refuse(`A full view is longer than ${fullView} ms.`);
  if (duration === undefined || requireFinite(duration, "The length of a view") >= fullView) return 1;
  return 0.1 + (0.9 * Math.log1p(Math.max(0, duration) / 1000)) / Math.log1p(fullView / 1000);
}

/** Halves with each half-life; what lies in the future counts as now. */
export function recencyWeight(age: number, halfLife: number | undefined): number {
  requireFinite(age, "An age");
  if (halfLife !== undefined && !(typeof halfLife === "number" && halfLife > 0))
    refuse(`A half-life is longer than ${shown(halfLife)} ms.`);
  return halfLife === undefined ? 1 : 2 ** (-Math.max(0, age) / halfLife);
}
