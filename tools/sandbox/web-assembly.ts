/** What the sandbox needs of WebAssembly. Node's types leave it to the browser's, which nobody should need for this. */
declare global {
  // oxlint-disable-next-line no-var -- the only form that declares a global
  var WebAssembly: {
    readonly compile: (bytes: Uint8Array) => Promise<WebAssembly.Module>;
    readonly Module: new (bytes: Uint8Array) => WebAssembly.Module;
    readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
      readonly buffer: ArrayBuffer;
    };
    readonly RuntimeError: ErrorConstructor;
  };
}

export const { WebAssembly } = globalThis;
