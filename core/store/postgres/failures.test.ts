import { expect, it } from "vitest";
import { explainedFailure, passes, verdictOn } from "./failures.ts";

const failure = (facts: { readonly code?: string; readonly severity?: string }, message = "…"): Error =>
  Object.assign(new Error(message), facts);

it.each([
  ["a certificate that cannot be verified", failure({ code: "SELF_SIGNED_CERT_IN_CHAIN" }), "NODE_EXTRA_CA_CERTS"],
  ["a certificate that ran out", failure({ code: "CERT_HAS_EXPIRED" }), "NODE_EXTRA_CA_CERTS"],
  ["no TLS", failure({}, "The server does not support SSL connections"), "sslmode"],
  ["a pooler that refuses what is sent at the start", failure({ code: "08P01" }), "store.pooler"],
  ["a right that is missing", failure({ code: "42501" }), "GRANT"],
])("%s costs no message and is named with its remedy, and a start does not wait for it", (_, thrown, remedy) => {
  const explained = explainedFailure("PostgreSQL db/bots", thrown);
  expect(explained).toMatchObject({ code: "store/database", retryable: true });
  expect(explained.message).toContain(remedy);
  expect(passes(explained)).toBe(false);
});

it.each([
  ["a pooler that ends the connection for a reason of its own", failure({ code: "XX000", severity: "FATAL" })],
  ["tables that another release changed", failure({ code: "0A000" }, "cached plan must not change result type")],
  ["a server that shuts down", failure({ code: "57P01", severity: "FATAL" })],
])("%s is over with another connection", (_, thrown) => {
  expect(verdictOn(thrown)).toBe("lost");
  expect(passes(explainedFailure("PostgreSQL db/bots", thrown))).toBe(true);
});

it("leaves the statement's own faults as they are", () => {
  const thrown = failure({ code: "XX000", severity: "ERROR" });
  expect(verdictOn(thrown)).toBe("refused");
  expect(explainedFailure("PostgreSQL db/bots", thrown)).toBe(thrown);
});
