import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { directoryFiles } from "../../core/files/directory-files.ts";
import { temporaryFolder } from "../../test/support/tool-pack.ts";
import { openKeyRing } from "./key-ring.ts";

it("is made once, by whichever of many is first, and stays", async () => {
  const files = directoryFiles(await temporaryFolder());
  const rings = await Promise.all(Array.from({ length: 8 }, async () => await openKeyRing(files)));
  const again = await openKeyRing(files);
  for (const ring of rings) expect(ring).toEqual(again);
  expect(again.hashing).toHaveLength(32);
  expect(again.signing[0].secret).toHaveLength(32);
  expect(again.hashing).not.toEqual(again.signing[0].secret);
});

it.each(["", "{}", '{"hashing":"AAAA","signing":[]}', "no json"])(
  "refuses a damaged file and leaves it: %s",
  async (content) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, "identity.key"), content);
    await expect(openKeyRing(directoryFiles(folder))).rejects.toMatchObject({ code: "identity/keys" });
  },
);
