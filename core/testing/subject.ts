import type { Identity } from "../adapter.ts";
import type { AnyAdapter, ConnectContext } from "../adapter-binding.ts";
import type { InboundEvent } from "../event.ts";
import type { CallFault, OpenLocalPlatform } from "./local-platform.ts";

/** What a case is about. The score card has a column for each. */
export type ConformanceGroup =
  | "identity"
  | "inbound"
  | "acknowledgement"
  | "outbound"
  | "interactive"
  | "lifecycle"
  | "security"
  | "capabilities";

/** One case of the suite: `run` throws an AssertionError that says what is missing. */
export interface ConformanceCase {
  readonly group: ConformanceGroup;
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
  /** Who the account was when it was recorded; left out, the subject's. */
  readonly identity?: Identity;
}

/** The adapter's local platform, connected: a person's side of the conversation. */
export interface ConnectedSubject {
  /** A person writes this text; resolves when the adapter has handed it in (or was refused). */
  readonly say: (text: string) => Promise<void>;
  /** Everything a person has been shown, oldest first, as text. */
  readonly seen: () => readonly string[];
}

interface SubjectFacts {
  readonly adapter: AnyAdapter;
  /** Valid settings. */
  readonly settings: unknown;
  /** Who the account is in the fixtures, where `normalize` needs to know. */
  readonly identity?: Identity;
  /** At least one message; one per kind of event that the adapter maps. */
  readonly fixtures: readonly RawFixture[];
  /**
   * Which failures of a call the platform tells its clients. Left out: all. A client that is part of the platform, queues
   * what it is given and repeats it by itself under the message's own id, tells none.
   */
  readonly failures?: readonly CallFault["kind"][];
}

/** How a platform without a server of its own (a terminal, a page) is opened for a case. */
export interface OpenSubject {
  readonly settings: unknown;
  /** Called with what the adapter was given, once it is connected. */
  readonly connected: (context: ConnectContext) => Promise<ConnectedSubject>;
  readonly close: () => Promise<void>;
}

/**
 * What the suite needs to know of an adapter. With `platform`, a local platform that the adapter's real client library
 * connects to, the suite also breaks connections, refuses calls, presses buttons and reads what is logged. It is opened with the adapter's own routes as its
 * webhook; a subject that connects by a socket passes `() => open…()` instead.
 */
export type ConformanceSubject = SubjectFacts &
  (
    | { readonly open: () => Promise<OpenSubject>; readonly platform?: undefined }
    | { readonly platform: OpenLocalPlatform; readonly open?: undefined }
  );
