/** From values to places on a picture, with round numbers along the axis. */

export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly words: string }[];
}

/** A straight scale from the values' range, widened to round numbers, onto `from`…`to`. */
export function linearScale(values: readonly number[], from: number, to: number): Scale {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const step = roundStep(finite.length === 0 || high === low ? 1 : (high - low) / 4);
  const first = finite.length === 0 ? 0 : Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, finite.length === 0 ? 1 : Math.ceil(high / step - 1e-9));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return {
    at: (value) => from + ((value / step - first) / (last - first)) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => {
      const value = (first + index) * step;
      return { value, words: value.toFixed(digits) };
    }),
  };
}

/** The next of 1, 2, 5, 10 … */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return factor * power;
}
