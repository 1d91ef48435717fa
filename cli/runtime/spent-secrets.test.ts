import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../test/support/bank-chat.ts";
import { addUser, PASSWORD, testIdentity } from "../../test/support/test-identity.ts";
import { placeAt } from "../../test/support/test-place.ts";
import { keyFile, removeSpentSecrets } from "./spent-secrets.ts";

const HOUR = 3_600_000;

async function place() {
  const folder = temporaryFolder();
  const handed = temporaryFolder();
  const parts = await testIdentity(placeAt(folder.path), folder.path);
  onTestFinished(async () => {
    await parts.close();
    folder.remove();
    handed.remove();
  });
  const { accounts, apiKeys } = parts.identity;
  const put = (name: string, text: string): void => writeFileSync(join(handed.path, name), `${text}\n`);
  /** The files that are left. */
  const left = async (): Promise<readonly string[]> => {
    await removeSpentSecrets(handed.path, { accounts, apiKeys, now: parts.clock.now });
    return readdirSync(handed.path).toSorted();
  };
  return { ...parts, put, left };
}

it("removes the file of a link once it was used or has expired, and no other file", async () => {
  const { identity, clock, put, left } = await place();
  const owner = await identity.accounts.firstOwnerLink();
  const { link } = await identity.accounts.create({ login: "ruth", name: "", grants: [], by: "test" });
  put("first-owner-0123456789ab.link", `http://127.0.0.1:8080/account/first-owner#${owner?.secret ?? ""}`);
  put("password-0123456789ab.link", `http://127.0.0.1:8080/account/password#${link.secret}`);
  put("password-of-mine.link", "#not-a-link");
  expect(await left()).toHaveLength(3);
  await identity.accounts.setPasswordByLink(link.secret, PASSWORD);
  expect(await left()).toEqual(["first-owner-0123456789ab.link", "password-of-mine.link"]);
  clock.now += HOUR;
  expect(await left()).toEqual(["password-of-mine.link"]);
});

it("removes the file of a key once it was revoked, has expired or is unknown", async () => {
  const { identity, clock, put, left } = await place();
  const userId = await addUser(identity, "ruth");
  const wanted = { userId, name: "crm", bot: "*", scopes: ["documents:read"], days: 1 } as const;
  const [one, two] = [await identity.apiKeys.create(wanted), await identity.apiKeys.create(wanted)];
  for (const { key, secret } of [one, two]) put(keyFile(key.id), secret);
  put(keyFile("gone"), "parley_gone_secret");
  expect(await left()).toHaveLength(2);
  await identity.apiKeys.revoke(one.key.id);
  expect(await left()).toEqual([keyFile(two.key.id)]);
  clock.now += 25 * HOUR;
  expect(await left()).toEqual([]);
});
