/** How arrays of one kind of numbers are made: of a length, or over a part of a buffer. */
interface Kind<List> {
  new (length: number): List;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): List;
}

/** Numbers that come one by one, kept as densely as the machine can: doubles when it is full. */
export function growingList<List extends Float64Array | Float32Array | Int32Array>(kind: Kind<List>) {
  let values = new kind(1_024);
  let count = 0;
  return {
    add: (value: number): void => {
      if (count === values.length) {
        const larger = new kind(count * 2);
        larger.set(values);
        values = larger;
      }
      values[count] = value;
      count += 1;
    },
    /** What is there, not copied. */
    view: (): List => new kind(values.buffer, 0, count),
  };
}
