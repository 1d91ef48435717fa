import { identityContract } from "../../../test/contracts/identity.ts";
import { testEngines } from "../../../test/support/engines.ts";

for (const engine of testEngines()) identityContract(engine);
