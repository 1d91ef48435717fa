import type { Sealing } from "../../core/privacy/sealing/index.ts";
import type { SealContext, Sealer } from "../../gateway/identity/index.ts";

/** The installation's sealing for the bytes of these tables. */
export function identitySealer(sealing: Sealing): Sealer {
  const columnOf = ({ table, column }: SealContext) => ({ table, column, key: [], row: ["row"] }) as const;
  return {
    seal: async (context, bytes) =>
      Buffer.from(sealing.seal(columnOf(context), { row: context.row }, Buffer.from(bytes).toString("base64"))),
    open: async (context, bytes) => {
      const text = Buffer.from(bytes).toString("utf8");
      const opened = await sealing.reading(async () => sealing.open(columnOf(context), { row: context.row }, text));
      return Buffer.from(opened, "base64");
    },
  };
}
