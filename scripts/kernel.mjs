/**
 * Compiles the recommender's WebAssembly kernels from their AssemblyScript, each into the `binary.ts` of its folder: a
 * module like any other, so that nothing has to be found or read when a model is trained. The same source gives the same
 * bytes; a test compiles and compares them.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The compiled kernel of a folder. */
export async function compileKernel(name = "kernel") {
  const folder = mkdtempSync(join(tmpdir(), "parley-kernel-"));
  try {
    const output = join(folder, "kernel.wasm");
    const { error, stderr } = await asc.main([
      join(root, "recommender", name, "assembly", "index.ts"),
      ...["--outFile", output, "-O3", "--converge", "--noAssert", "--runtime", "stub"],
      ...["--enable", "simd", "--enable", "threads", "--importMemory", "--sharedMemory"],
      ...["--initialMemory", "1", "--maximumMemory", "65536"],
    ]);
    if (error !== null) throw new Error(`The kernel does not compile.\n${stderr.toString()}`, { cause: error });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The module that holds it. */
export const moduleOf = (kernel) => `/** The compiled kernel, made by scripts/kernel.mjs from assembly/. */
export const binary =
  "${kernel.toString("base64")}";
`;

/** Compiles, and writes the modules that are not that already. */
export async function writeKernel() {
  for (const name of ["kernel", "linear-algebra"]) {
    const target = join(root, "recommender", name, "binary.ts");
    const text = moduleOf(await compileKernel(name));
    if (!existsSync(target) || text !== readFileSync(target, "utf8")) writeFileSync(target, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeKernel();
