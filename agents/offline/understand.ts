import { InvalidInputError, toError } from "../../core/errors.ts";
import type { DateReading, OrderReading } from "../../core/language/index.ts";
import { findEntities, type Entity, type EntityOptions, type KnownParties } from "./entities/find-entities.ts";
import { recognizeIntent, type RecognizedIntent } from "./recognize-intent.ts";
import type { Intent } from "./intents.ts";
import type { LinearClassifier } from "./linear-classifier.ts";

/** Settings of the understanding, the same for every message. */
export type UnderstandingOptions = EntityOptions;

/** What is known when a message arrives. */
export interface UnderstandingContext extends KnownParties {
  readonly now: Date;
}

/** What a message wants, and the values that stand in it. */
export interface Understood extends RecognizedIntent {
  /** In the order they stand in the text, without overlaps. */
  readonly entities: readonly Entity[];
  /** How the message reads as an order to pay. */
  readonly order: OrderReading;
  /** What it says about time, looking back as questions about bookings do. */
  readonly time: DateReading;
}

/** The language understanding of the model-free brain. */
export interface Understanding {
  readonly understand: (text: string, context: UnderstandingContext) => Understood;
}

function checkOptions(options: UnderstandingOptions): void {
  const checks = [
    ["timeZone", () => new Intl.DateTimeFormat("en", { timeZone: options.timeZone })],
    ["locale", () => new Intl.NumberFormat(options.locale)],
    [
      "defaultCurrency",
      () => new Intl.NumberFormat("en", { style: "currency", currency: options.defaultCurrency ?? "EUR" }),
    ],
  ] as const;
  const issues = checks.flatMap(([path, check]) => {
    try {
      check();
      return [];
    } catch (thrown) {
      return [{ path, message: toError(thrown).message }];
    }
  });
  if (issues.length === 0) return;
  const names = issues.map(({ path, message }) => `${path} (${message})`).join(", ");
  throw new InvalidInputError(
    "offline/invalid-options",
    `The offline understanding cannot use ${names}. Use an IANA time zone, a BCP 47 locale and an ISO 4217 currency.`,
    issues,
  );
}

/** Creates the understanding. Throws `InvalidInputError` when an option is no time zone, locale or currency. */
export function createUnderstanding(
  classifier: LinearClassifier<Intent>,
  options: UnderstandingOptions,
): Understanding {
  checkOptions(options);
  return {
    understand: (text, context) => {
      const recognized = recognizeIntent(classifier, text);
      // Orders look ahead ("on Friday" is the coming one), everything else looks back.
      const direction = recognized.route === "action" ? "future" : "past";
      return { ...recognized, ...findEntities(text, { ...options, ...context, direction }) };
    },
  };
}
