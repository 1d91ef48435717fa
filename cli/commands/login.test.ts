import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Health } from "../../core/adapter.ts";
import { defineAdapter } from "../../core/adapter-binding.ts";
import { validateConfig } from "../../core/config/index.ts";
import { crew } from "../../index.ts";
import { quietAdapter } from "../../test/support/quiet-adapter.ts";
import { login } from "./login.ts";

/** An account that asks for a code, and is let in after a while, or never. */
function accountThatAsks(letInAfterMs: number) {
  const adapter = defineAdapter({
    ...quietAdapter,
    manifest: { ...quietAdapter.manifest, connection: "exclusive" },
    connect: async (context) => {
      const session = await quietAdapter.connect(context);
      let health: Health = { state: "login-required", detail: "waits for a phone" };
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      await context.login({ kind: "pairing-code", value: "ABCD-1234", expiresAt });
      setTimeout(() => {
        health = { state: "live", detail: "connected" };
        void context.login(undefined);
      }, letInAfterMs);
      return { ...session, health: () => health };
    },
  });
  const directory = mkdtempSync(join(tmpdir(), "parley-login-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const bots = {
    bot: { name: "Bot", accounts: [{ adapter, name: "main", settings: {} }], crew: crew({ model: "offline" }) },
  };
  const config = validateConfig({ bots, dataDirectory: directory }, "bots.config.ts", {
    environment: {},
    readFile: () => "",
  });
  return { config, file: join(directory, "bots.config.ts"), directory };
}

it("shows the code until the account is connected", async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  onTestFinished(() => write.mockRestore());
  await login(accountThatAsks(600), 20);
  expect(lines.join("")).toMatch(/ABCD-1234[\s\S]*is connected/u);
});

it("gives up after the time it was given, saying what the account waits for", async () => {
  await expect(login(accountThatAsks(600_000), 0.5)).rejects.toThrow(/within 0.5 s \(waits for a phone\)/u);
});
