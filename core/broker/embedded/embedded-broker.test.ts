import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ulid } from "ulid";
import { brokerModel } from "../../../test/contracts/broker-model.ts";
import { type BrokerContract, type BrokerUnderTest, brokerContract } from "../../../test/contracts/broker.ts";
import { silentTelemetry } from "../../silent-telemetry.ts";
import { type OpenedEmbeddedBroker, openEmbeddedBroker } from "./embedded-broker.ts";

const embedded: BrokerContract = {
  name: "embedded",
  injectedClock: true,
  open: async (options) => {
    const folder = mkdtempSync(join(tmpdir(), "parley-broker-"));
    const opened: OpenedEmbeddedBroker[] = [];
    let ahead = 0;
    const openOne = (): BrokerUnderTest => {
      const one = openEmbeddedBroker({
        path: join(folder, "broker.db"),
        environment: { clock: () => Date.now() + ahead, newId: () => ulid(), random: Math.random },
        telemetry: silentTelemetry,
        synchronous: "normal",
        ...options,
      });
      opened.push(one);
      return {
        ...one,
        another: async () => openOne(),
        advance: async (ms) => {
          ahead += ms;
        },
        close: async () => {
          await Promise.all(opened.map(({ broker }) => broker.close()));
          rmSync(folder, { recursive: true });
        },
      };
    };
    return openOne();
  },
};

brokerContract(embedded);
brokerModel(embedded, 150);
