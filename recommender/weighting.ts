/** How much an interaction counts: its kind, how long it was looked at, how long ago it was. Pure functions. */

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
  const kind = Math.max(0, options.kinds[event.kind] ?? 0);
  return kind * viewWeight(event.viewDuration, options.fullView) * recencyWeight(now - event.time, options.halfLife);
}

/** 1 for a view of full length or of unknown length; a glance keeps a tenth. Grows as the logarithm of the time. */
export function viewWeight(duration: number | undefined, fullView = 30_000): number {
  if (duration === undefined || !(duration < fullView)) return 1;
  return 0.1 + (0.9 * Math.log1p(Math.max(0, duration) / 1000)) / Math.log1p(fullView / 1000);
}

/** Halves with each half-life; what lies in the future counts as now. */
export function recencyWeight(age: number, halfLife: number | undefined): number {
  return halfLife === undefined ? 1 : 2 ** (-Math.max(0, age) / halfLife);
}
