import { expect, it } from "vitest";
import { BrokerUnavailableError } from "../../core/broker/errors.ts";
import { tellOthers } from "./start.ts";
import { silentTelemetry } from "../../core/silent-telemetry.ts";

it("a broker that does not answer whether others share the work ends nothing", async () => {
  const others = async (): Promise<number> => {
    throw new BrokerUnavailableError("others", new Error("no answer"));
  };
  await expect(tellOthers({ others, telemetry: silentTelemetry })).resolves.toBeUndefined();
});
