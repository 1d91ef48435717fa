/** The part of WebAssembly that the kernel needs; Node's types leave it to the browser's. */
declare namespace WebAssembly {
  const Module: new (bytes: Uint8Array) => Module;
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): number;
  }
  class Instance {
    constructor(module: Module, imports: { env: { memory: Memory; abort: () => never } });
    readonly exports: unknown;
  }
  interface Global {
    readonly value: number;
  }
}
