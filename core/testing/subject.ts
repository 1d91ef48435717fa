import type { AdapterContext } from "../adapter.ts";
import type { AnyAdapter } from "../adapter-binding.ts";
import type { InboundEvent } from "../event.ts";

/** One case of the suite: `run` throws an AssertionError that says what is missing. */
export interface ConformanceCase {
  readonly group: string;
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A raw payload as the platform sends it, and what it means. */
export interface RawFixture {
  readonly raw: unknown;
  readonly type: InboundEvent["type"];
  /** What `textOf` the event must give; left out where the event has no words. */
  readonly text?: string;
  readonly userId: string;
}

/** The adapter's local platform, connected: a person's side of the conversation. */
export interface ConnectedSubject {
  /** A person writes this text; resolves when the adapter has handed it in (or was refused). */
  readonly say: (text: string) => Promise<void>;
  /** Everything a person has been shown, oldest first, as text. */
  readonly seen: () => readonly string[];
}

/** What the suite needs to know of an adapter. */
export interface ConformanceSubject {
  readonly adapter: AnyAdapter;
  /** Valid settings. */
  readonly settings: unknown;
  /** At least one message; one per kind of event that the adapter maps. */
  readonly fixtures: readonly RawFixture[];
  /** Called before each `connect`: prepares the local platform, gives the settings to connect with and the person's side. */
  readonly open: () => Promise<{
    readonly settings: unknown;
    /** Called with what the adapter was given, once it is connected. */
    readonly connected: (context: Omit<AdapterContext<never>, "settings">) => Promise<ConnectedSubject>;
    readonly close: () => Promise<void>;
  }>;
}
