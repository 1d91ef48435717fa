import type { KeyPort } from "./key-port.ts";
import { localKeyPort, parseKey } from "./local-keys.ts";

/** A key as text, and where it comes from. */
interface GivenKey {
  readonly text: string;
  readonly from: string;
}

/** Keys that the configuration names: in the environment, or in files that another program writes. */
export function givenKeyPort({
  key,
  former = [],
}: {
  readonly key: GivenKey;
  readonly former?: readonly GivenKey[];
}): KeyPort {
  return localKeyPort({
    place: key.from,
    read: async () => [key, ...former].map(({ text, from }) => parseKey(text, from)),
    prepare: async () => undefined,
  });
}
