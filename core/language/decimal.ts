/** An exact non-negative decimal number: `digits / 10 ** places`. */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

/** The number times a power of ten. */
export function timesPowerOfTen(value: Decimal, exponent: number): Decimal {
  return exponent <= value.places
    ? { digits: value.digits, places: value.places - exponent }
    : { digits: value.digits * 10n ** BigInt(exponent - value.places), places: 0 };
}

/** The exact sum of two numbers. */
export function plus(left: Decimal, right: Decimal): Decimal {
  const places = Math.max(left.places, right.places);
  const raise = (value: Decimal): bigint => value.digits * 10n ** BigInt(places - value.places);
  return { digits: raise(left) + raise(right), places };
}

/** The amount as a whole number of minor units, or nothing when it is no whole number or too large to be exact. */
export function toMinorUnits(value: Decimal, minorPlaces: number): number | undefined {
  const { digits, places } = timesPowerOfTen(value, minorPlaces);
  const divisor = 10n ** BigInt(places);
  if (digits % divisor !== 0n) return undefined;
  const minor = Number(digits / divisor);
  return Number.isSafeInteger(minor) ? minor : undefined;
}
