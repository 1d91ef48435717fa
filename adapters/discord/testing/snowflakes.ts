/** Discord's ids: 42 bits of time since 2015, 22 bits that tell ids of one millisecond apart. */
const EPOCH_MS = 1_420_070_400_000;

/** Makes ids that only grow, as the platform's do within a channel. */
export function createSnowflakes(clock: () => number): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock() - EPOCH_MS) << 22n;
    last = now > last ? now : last + 1n;
    return last.toString();
  };
}

/** When an id was made, in ms since the Unix epoch. */
export function timeOf(snowflake: string): number {
  return Number(BigInt(snowflake) >> 22n) + EPOCH_MS;
}
