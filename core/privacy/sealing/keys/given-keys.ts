import type { KeyPort } from "./key-port.ts";
import { localKeyPort, parseKey } from "./local-keys.ts";

/** A key that the configuration names, in the environment or in a file that another program writes. `from` is for people. */
export function givenKeyPort({ text, from }: { readonly text: string; readonly from: string }): KeyPort {
  return localKeyPort({
    place: from,
    read: async () => [parseKey(text, from)],
    prepare: async () => undefined,
  });
}
