/** The compiled kernel. */
export function compileKernel(name?: string): Promise<Buffer>;
/** The module that holds it. */
export function moduleOf(kernel: Buffer): string;
