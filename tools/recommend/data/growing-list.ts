/** Numbers that come one by one, kept as densely as the machine can. */
interface GrowingList<List extends Float64Array | Float32Array | Int32Array> {
  readonly add: (value: number) => void;
  /** What is there, not copied. */
  readonly view: () => List;
}

/** An empty list; doubles when it is full. */
function growingList<List extends Float64Array | Float32Array | Int32Array>(
  Kind: new (length: number) => List,
  part: (list: List, end: number) => List,
): GrowingList<List> {
  let values = new Kind(1_024);
  let count = 0;
  return {
    add: (value) => {
      if (count === values.length) {
        const larger = new Kind(count * 2);
        larger.set(values);
        values = larger;
      }
      values[count] = value;
      count += 1;
    },
    view: () => part(values, count),
  };
}

export const int32List = (): GrowingList<Int32Array> => growingList(Int32Array, (list, end) => list.subarray(0, end));
export const float32List = (): GrowingList<Float32Array> =>
  growingList(Float32Array, (list, end) => list.subarray(0, end));
export const float64List = (): GrowingList<Float64Array> =>
  growingList(Float64Array, (list, end) => list.subarray(0, end));
