/** One suite for every broker: each sentence of the contract, tried. Call it from the implementation's own test file. */
import { describe } from "vitest";
import { claimContract } from "./broker/claims.ts";
import { deadProcessContract } from "./broker/dead-processes.ts";
import { deliveryContract } from "./broker/delivery.ts";
import { failureContract } from "./broker/failures.ts";
import { holdContract } from "./broker/holding.ts";
import { intakeContract } from "./broker/intake.ts";
import { signalContract } from "./broker/signals.ts";
import type { BrokerContract } from "./broker/under-test.ts";
import { workContract } from "./broker/working.ts";

export type { BrokerContract, BrokerUnderTest } from "./broker/under-test.ts";

/** Registers the whole suite for one implementation. */
export function brokerContract(contract: BrokerContract): void {
  describe(`the ${contract.name} broker`, () => {
    intakeContract(contract);
    claimContract(contract);
    workContract(contract);
    failureContract(contract);
    deadProcessContract(contract);
    deliveryContract(contract);
    holdContract(contract);
    signalContract(contract);
  });
}
