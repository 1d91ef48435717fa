import { describe, expect, it } from "vitest";
import { env, Secret } from "../config/secret.ts";
import { validateConfig } from "../config/validate.ts";
import { createNetwork } from "./network.ts";
import { proxyFor, readProxyRules } from "./rules.ts";

const PROXY = "http://proxy.example:3128";
const chosen = (environment: Record<string, string>, address: string): string | undefined =>
  proxyFor(readProxyRules({}, environment), address)?.reveal();

describe("platforms L: proxies by environment and settings", () => {
  it("has one for http and one for https, sockets included", () => {
    const environment = { HTTP_PROXY: "http://plain:1", HTTPS_PROXY: "http://secure:2" };
    expect(chosen(environment, "https://api.example/x")).toBe("http://secure:2");
    expect(chosen(environment, "wss://gateway.example")).toBe("http://secure:2");
    expect(chosen(environment, "http://api.example/x")).toBe("http://plain:1");
    expect(chosen(environment, "ws://gateway.example")).toBe("http://plain:1");
    expect(chosen({}, "https://api.example")).toBeUndefined();
    expect(chosen({ HTTP_PROXY: PROXY }, "https://api.example")).toBeUndefined();
  });

  it("prefers small letters, takes ALL_PROXY for both, and an address without a scheme as one of http", () => {
    expect(chosen({ https_proxy: "http://small:1", HTTPS_PROXY: PROXY }, "https://a.example")).toBe("http://small:1");
    expect(chosen({ ALL_PROXY: PROXY }, "https://a.example")).toBe(PROXY);
    expect(chosen({ HTTPS_PROXY: "proxy.example:3128" }, "https://a.example")).toBe(PROXY);
    expect(chosen({ HTTPS_PROXY: " ", https_proxy: "" }, "https://a.example")).toBeUndefined();
  });

  it.each([
    ["internal.example", "https://internal.example", true],
    ["internal.example", "https://api.internal.example:8443", true],
    [".internal.example", "https://api.internal.example", true],
    ["*.internal.example", "https://api.internal.example", true],
    ["internal.example", "https://notinternal.example", false],
    ["other.example, internal.example", "wss://internal.example", true],
    ["other.example internal.example", "https://INTERNAL.example.", true],
    ["internal.example:8443", "https://internal.example:8443", true],
    ["internal.example:8443", "https://internal.example", false],
    ["internal.example:443", "https://internal.example", true],
    ["10.0.0.0/8", "http://10.20.30.40:9", true],
    ["10.0.0.0/8", "http://11.0.0.1", false],
    ["10.0.0.0/99", "http://10.0.0.1", false],
    ["127.0.0.1", "http://127.0.0.1:8080", true],
    ["127.0.0.1", "http://127.0.0.11", false],
    ["[::1]:8080", "http://[::1]:8080", true],
    ["[::1]:8080", "http://[::1]:9090", false],
    ["fd00::/8", "http://[fd12::1]", true],
    ["*", "https://anything.example", true],
    ["", "https://anything.example", false],
  ])("NO_PROXY=%s for %s: direct %s", (entries, address, direct) => {
    const found = chosen({ ALL_PROXY: PROXY, NO_PROXY: entries }, address);
    expect(found === undefined).toBe(direct);
  });

  it("lets the settings win: another proxy, none, other exceptions", () => {
    const environment = { HTTPS_PROXY: PROXY, NO_PROXY: "a.example" };
    const rules = (settings: Parameters<typeof readProxyRules>[0]) => readProxyRules(settings, environment);
    const secret = new Secret("http://user:word@own:1", "env OWN");
    expect(proxyFor(rules({ proxy: secret }), "https://b.example")?.reveal()).toBe("http://user:word@own:1");
    expect(proxyFor(rules({ proxy: false }), "https://b.example")).toBeUndefined();
    expect(proxyFor(rules({ noProxy: ["b.example"] }), "https://b.example")).toBeUndefined();
    expect(proxyFor(rules({ noProxy: ["b.example"] }), "https://a.example")?.reveal()).toBe(PROXY);
  });

  it("never shows the password of a proxy", async () => {
    const rules = readProxyRules({}, { HTTPS_PROXY: "http://user:s3cret@proxy.example:3128" });
    const network = await createNetwork(rules);
    expect(network.describe("https://a.example")).toBe("through http://proxy.example:3128 (env HTTPS_PROXY)");
    expect(network.describe("http://a.example")).toBe("directly");
    expect(network.proxyOf("https://a.example")).toEqual({
      server: "http://proxy.example:3128",
      username: "user",
      password: "s3cret",
    });
    expect(JSON.stringify(rules)).not.toContain("s3cret");
  });
});

describe("platforms L: proxies in the configuration", () => {
  const account = { adapter: { manifest: { platform: "p" }, configSchema: { safeParse: () => ({ success: true }) } } };
  const valid = {
    bots: {
      b: { name: "B", accounts: [{ ...account, name: "main", settings: {} }], crew: { name: "c", open: () => 0 } },
    },
  };
  const read = (network: object, environment: Record<string, string> = {}) =>
    validateConfig({ ...valid, network }, "bots.config.ts", { environment, readFile: () => "" }).network;

  it("takes addresses, references and false", () => {
    expect(read({ proxy: PROXY }).https?.reveal()).toBe(PROXY);
    expect(read({ proxy: env("P") }, { P: "http://u:p@proxy.example:1" }).http?.reveal()).toContain("u:p@");
    expect(read({ proxy: false }, { HTTPS_PROXY: PROXY })).toEqual({ direct: [] });
  });

  it("names what is wrong, and where, without the address", () => {
    expect(() => read({ proxy: "http://u:s3cret@proxy.example:1" })).toThrow(/holds a password.*env\("PROXY"\)/su);
    const wrong = (environment: Record<string, string>) => () => read({}, environment);
    expect(wrong({ HTTPS_PROXY: "socks5://u:s3cret@proxy.example" })).toThrow(/HTTPS_PROXY.*speaks socks5/su);
    expect(wrong({ http_proxy: "http://:s3cret@:80:x" })).toThrow(/http_proxy.*no address/su);
    expect(wrong({ HTTPS_PROXY: "socks5://u:s3cret@proxy.example" })).not.toThrow(/s3cret/u);
  });
});
