/** One method of the local Web API. */
import { z } from "zod";
import type { StoredTeam, World } from "./world.ts";

/** What the caller is answered as JSON; `retryAfter` makes it a 429. */
export type Answer = { readonly ok: boolean; readonly error?: string; readonly retryAfter?: number } & Readonly<
  Record<string, unknown>
>;

export interface Call {
  readonly world: World;
  /** The workspace of the token. */
  readonly team: StoredTeam;
  readonly body: unknown;
  /** Address of this server, without a slash at its end. */
  readonly url: string;
}

export type Method = (call: Call) => Answer;

/** A method with these parameters; whatever throws is answered as `invalid_arguments`. */
export function method<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  run: (parameters: z.output<z.ZodObject<Shape>>, call: Call) => Answer,
): Method {
  const parameters = z.object(shape);
  return (call) => run(parameters.parse(call.body), call);
}

/** An error as Slack words it. */
export function failed(error: string, detail?: string): Answer {
  return {
    ok: false,
    error,
    ...(detail === undefined ? {} : { response_metadata: { messages: [`[ERROR] ${detail}`] } }),
  };
}
