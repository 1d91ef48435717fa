/** The settings block as the JavaScript twin reads it: the fields of `assembly/settings.ts`, in places of numbers. */
const SETTINGS = 64;

/** The parts of the memory and what is set, by the names that the kernel gives them. */
export function readSettings(memory: ArrayBufferLike, scratch: number) {
  const whole = new Int32Array(memory, SETTINGS, 30);
  const real = new Float32Array(memory, SETTINGS + 120, 5);
  const int = (index: number): number => (whole[index] ?? 0) >>> 0;
  const place = (index: number): number => int(index) / 4;
  const number = (index: number): number => real[index] ?? 0;
  const stride = int(0) * 4;
  return {
    stride,
    constant: place(1),
    accumulators: place(2),
    momentum: place(3),
    rowLength: place(4),
    optimizer: int(5),
    itemCount: int(6),
    maxSampled: int(7),
    lossTable: place(8),
    userTable: place(9),
    itemTable: place(10),
    userBase: place(11),
    itemBase: place(12),
    userStride: place(13),
    itemStride: place(14),
    userFeatures: { offsets: place(15), columns: place(16), values: place(17), table: place(9) },
    itemFeatures: { offsets: place(18), columns: place(19), values: place(20), table: place(10) },
    samples: place(21),
    sampleWeights: place(22),
    sampleCount: int(23),
    positiveOffsets: place(24),
    positiveItems: place(25),
    positiveWeights: place(26),
    chosenPositive: int(27),
    sampledPositives: int(28),
    drawnNegatives: int(29),
    learningRate: number(0),
    userPenalty: number(1),
    itemPenalty: number(2),
    decay: number(3),
    epsilon: number(4),
    itemGradient: scratch / 4,
    userGradient: scratch / 4 + stride,
    candidates: scratch / 4 + 2 * stride,
    reals: new Float32Array(memory),
    integers: new Int32Array(memory),
  } as const;
}

/** What `readSettings` gives. */
export type ReferenceSettings = ReturnType<typeof readSettings>;

/** CSR rows of one side, in places of numbers; `offsets` of 0 says that there are none. */
export type ReferenceFeatures = ReferenceSettings["userFeatures"];
