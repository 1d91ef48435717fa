import { afterEach, beforeEach } from "vitest";
import type { Store } from "../../../core/store/store.ts";

export interface StoreUnderTest {
  readonly name: string;
  /** An empty place for a store's data: a folder, an address. */
  readonly makePlace: () => Promise<string>;
  readonly removePlace?: (place: string) => Promise<void>;
  /** Opens the store that belongs to a place; the same place gives the same data. */
  readonly open: (place: string) => Promise<Store>;
  /** What to run with node, as a process that calls `writeUntilKilled` on the place's store. */
  readonly writer: (place: string) => readonly string[];
}

/** The store of the running test, and more instances on the same data. */
export interface StoreContext {
  readonly store: () => Store;
  /** Another instance on the same data; closed after the test. */
  readonly open: () => Promise<Store>;
  readonly place: () => string;
}

/** Gives each test an empty store of its own. */
export function useStore(options: StoreUnderTest): StoreContext {
  let place = "";
  let opened: Store[] = [];

  async function open(): Promise<Store> {
    const store = await options.open(place);
    opened.push(store);
    return store;
  }

  beforeEach(async () => {
    place = await options.makePlace();
    await open();
  });
  afterEach(async () => {
    await Promise.all(opened.map(async (store) => await store.close()));
    opened = [];
    await options.removePlace?.(place);
  });

  return {
    store: () => {
      const [first] = opened;
      if (first === undefined) throw new Error("The store is only there inside a test");
      return first;
    },
    open,
    place: () => place,
  };
}
