/** The loop in which the inverse of a matrix spends its time. */

/** Both numbers of each, as one vector. */
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128): v128 {
  return f64x2.add(
    i8x16.shuffle(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    i8x16.shuffle(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
  );
}

// @ts-ignore: decorator
@inline
function subtract(place: usize, product: v128): void {
  v128.store(place, f64x2.sub(v128.load(place), product));
}

/**
 * values −= scaled · pivotsᵀ, at and below the diagonal: two rows by four columns at a time, which is what fits into
 * registers. `rows` is even and `stride`, in numbers, a multiple of four; `width`, of the rows of both factors, is even.
 */
export function subtractProduct(
  values: usize,
  rows: u32,
  stride: u32,
  scaled: usize,
  pivots: usize,
  width: u32,
): void {
  const length = <usize>width << 3;
  for (let row: u32 = 0; row < rows; row += 2) {
    const first = scaled + <usize>row * length;
    const second = first + length;
    const target = values + ((<usize>row * <usize>stride) << 3);
    const below = target + (<usize>stride << 3);
    for (let column: u32 = 0; column <= row + 1; column += 4) {
      const a = pivots + <usize>column * length;
      const b = a + length;
      const c = b + length;
      const d = c + length;
      let a1 = f64x2.splat(0);
      let b1 = f64x2.splat(0);
      let c1 = f64x2.splat(0);
      let d1 = f64x2.splat(0);
      let a2 = f64x2.splat(0);
      let b2 = f64x2.splat(0);
      let c2 = f64x2.splat(0);
      let d2 = f64x2.splat(0);
      for (let at: usize = 0; at < length; at += 16) {
        const x = v128.load(first + at);
        const y = v128.load(second + at);
        const va = v128.load(a + at);
        a1 = f64x2.add(a1, f64x2.mul(x, va));
        a2 = f64x2.add(a2, f64x2.mul(y, va));
        const vb = v128.load(b + at);
        b1 = f64x2.add(b1, f64x2.mul(x, vb));
        b2 = f64x2.add(b2, f64x2.mul(y, vb));
        const vc = v128.load(c + at);
        c1 = f64x2.add(c1, f64x2.mul(x, vc));
        c2 = f64x2.add(c2, f64x2.mul(y, vc));
        const vd = v128.load(d + at);
        d1 = f64x2.add(d1, f64x2.mul(x, vd));
        d2 = f64x2.add(d2, f64x2.mul(y, vd));
      }
      const place = <usize>column << 3;
      subtract(target + place, sums(a1, b1));
      subtract(target + place + 16, sums(c1, d1));
      subtract(below + place, sums(a2, b2));
      subtract(below + place + 16, sums(c2, d2));
    }
  }
}
