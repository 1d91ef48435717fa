/** The files for containers, checked without an engine: none runs where the tests do. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ComposeFile } from "./compose.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (name: string): string => readFileSync(join(root, name), "utf8");
const { services, volumes } = ComposeFile.parse(parse(text("docker-compose.yml"), { merge: true }));
const parley = Object.entries(services).filter(([, { image }]) => image.startsWith("parley:"));
const dockerfile = text("Dockerfile").replaceAll("\\\n", "");
const lines = (instruction: string): readonly string[] =>
  [...dockerfile.matchAll(new RegExp(`^${instruction} (.*)$`, "gmu"))].map(([, rest = ""]) => rest.trim());

describe("docker-compose.yml", () => {
  it("runs each role once, of one image that one of them builds", () => {
    const roles = parley.map(([, { command = [] }]) => command[command.indexOf("--roles") + 1]);
    expect(new Set(roles)).toEqual(new Set(["adapters", "gateway", "workers"]));
    expect(roles).toHaveLength(3);
    expect(parley.flatMap(([, { build }]) => build ?? [])).toEqual(["."]);
    expect(new Set(parley.map(([, { image }]) => image)).size).toBe(1);
  });

  it("gives every service what it waits for, and only volumes that are declared", () => {
    for (const { depends_on: waits = {}, volumes: used } of Object.values(services)) {
      for (const name of Object.keys(waits)) expect(services[name]?.healthcheck).toBeDefined();
      for (const volume of used) expect(Object.keys(volumes)).toContain(volume.split(":")[0]);
    }
    for (const [, { depends_on: waits }] of parley) expect(Object.keys(waits ?? {})).toEqual(["redis", "postgres"]);
  });

  it("stops no process before it has drained", () => {
    const [, forced = ""] = /FORCE_MS = ([\d_]+)/u.exec(text("cli/runtime/signals.ts")) ?? [];
    const drainMs = Number(forced.replaceAll("_", ""));
    expect(drainMs).toBeGreaterThan(0);
    for (const [, { stop_grace_period: grace = "" }] of parley)
      expect(Number.parseInt(grace, 10) * 1_000).toBeGreaterThan(drainMs);
  });

  it("answers for its health where the image asks, and publishes the gateway's port", () => {
    const [check = ""] = lines("HEALTHCHECK");
    const [, port = "", path = ""] = /PORT \|\| (\d+)\}(\/[\w/]+)/u.exec(check) ?? [];
    expect(text("gateway/health-routes.ts")).toContain(`path: "${path}"`);
    expect(lines("EXPOSE")).toEqual([port]);
    for (const [name, { command = [], environment = {}, ports = [] }] of parley) {
      const asked = environment["PORT"] ?? command[command.indexOf("--health-port") + 1];
      expect({ name, asked }).toEqual({ name, asked: port });
      if (name === "gateway") expect(ports.map((one) => one.split(":").at(-1))).toEqual([port]);
    }
    expect(text("cli/commands/start.ts")).toContain("--health-port <port>");
  });

  it("names only variables that something reads, and no secret by its value", () => {
    const sources = ["deploy/bots.config.ts", "core/config/validate.ts", "agents/crew-options.ts"].map(text);
    const example = text(".env.example");
    for (const [, { environment = {} }] of parley) {
      for (const [name, value] of Object.entries(environment)) {
        expect({ name, isRead: sources.some((source) => source.includes(name)) }).toEqual({ name, isRead: true });
        if (/TOKEN|KEY|PASSWORD/u.test(name)) expect(value).toMatch(/^\$\{[A-Z_]+(?::[?-][^}]*)?\}$/u);
      }
    }
    for (const [, name = ""] of text("docker-compose.yml").matchAll(/\$\{([A-Z_]+)/gu))
      expect(example).toMatch(new RegExp(`^${name}=`, "mu"));
    for (const [, value = ""] of example.matchAll(/^[A-Z_]+=(.*)$/gmu)) expect(value).toBe("");
  });
});

describe("Dockerfile", () => {
  it("builds on named releases, and runs as nobody special", () => {
    for (const base of lines("FROM")) expect(base).toMatch(/^node:\d+-[a-z]+-slim(?: AS build)?$/u);
    expect(lines("USER")).toEqual(["node"]);
    expect(lines("VOLUME")).toEqual(["/data"]);
    expect(dockerfile).not.toMatch(/curl|wget|:latest/u);
  });

  it("copies what is there, and runs what exists", () => {
    const copied = lines("COPY")
      .filter((line) => !line.startsWith("--from"))
      .flatMap((line) => line.split(" ").slice(0, -1));
    for (const name of copied) expect({ name, exists: existsSync(join(root, name)) }).toEqual({ name, exists: true });
    for (const [, name = ""] of dockerfile.matchAll(/node (scripts\/[\w-]+\.mjs)/gu))
      expect(existsSync(join(root, name))).toBe(true);
    for (const secret of [".git", "**/node_modules", "**/.parley", "**/.env", "**/dist"])
      expect(text(".dockerignore").split("\n")).toContain(secret);
  });
});

describe("npm run deploy:local", () => {
  it("runs the files of the image as the compose file does, and is answered", { timeout: 600_000 }, () => {
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, join(root, "scripts/deploy-local.ts")], {
      cwd: root,
      encoding: "utf8",
    });
    expect(`${status} ${stderr}`).toMatch(/^0/u);
    expect(stdout).toMatch(/Answered: .*€9\.00/su);
    expect(stdout.match(/drained and stopped/gu)).toHaveLength(3);
  });
});
