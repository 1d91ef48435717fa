/** The words of reasons, by language: clauses that begin in lower case. */
import { type Language, languageOfLocale } from "../../../core/language/index.ts";
import type { Act } from "../data/weights.ts";

const english = {
  /** The one reason that says nothing of the person but what they said themselves. */
  fitsWish: "fits what you asked for",
  popular: "often chosen by our customers",
  and: ", and ",
  did: {
    shown: (name: string) => `because you saw ${name}`,
    search: (name: string) => `because you searched for ${name}`,
    opened: (name: string) => `because you looked at ${name}`,
    view: (name: string) => `because you looked at ${name}`,
    comparison: (name: string) => `because you compared ${name}`,
    liked: (name: string) => `because you liked ${name}`,
    accepted: (name: string) => `because you chose ${name}`,
    acquired: (name: string) => `because you have ${name}`,
    disliked: (name: string) => `because you disliked ${name}`,
    dismissed: (name: string) => `because you dismissed ${name}`,
  } satisfies Readonly<Record<Act, (name: string) => string>>,
  kind: (category: string) => `because you are interested in ${category === "savings" ? category : `${category}s`}`,
  /** By segment; others are told as they are called. */
  segments: {
    student: "often chosen by students",
    family: "often chosen by families",
    professional: "often chosen by professionals",
    retired: "often chosen by retired customers",
    business: "often chosen by business customers",
  },
  segment: (name: string) => `often chosen by customers like you (${name})`,
  age: (years: string) => `often chosen by people of ${years.replace("-", " to ")}`,
  income: "often chosen by people with an income like yours",
  location: "often chosen where you live",
  habits: "often chosen by people with habits like yours",
};

export type ReasonTexts = typeof english;

const german: ReasonTexts = {
  fitsWish: "passt zu Ihrem Wunsch",
  popular: "wird von unseren Kunden oft gewählt",
  and: ", und ",
  did: {
    shown: (name) => `weil Sie ${name} gesehen haben`,
    search: (name) => `weil Sie nach ${name} gesucht haben`,
    opened: (name) => `weil Sie sich ${name} angesehen haben`,
    view: (name) => `weil Sie sich ${name} angesehen haben`,
    comparison: (name) => `weil Sie ${name} verglichen haben`,
    liked: (name) => `weil Ihnen ${name} gefallen hat`,
    accepted: (name) => `weil Sie ${name} gewählt haben`,
    acquired: (name) => `weil Sie ${name} haben`,
    disliked: (name) => `weil Ihnen ${name} nicht gefallen hat`,
    dismissed: (name) => `weil Sie ${name} abgelehnt haben`,
  },
  kind: (category) => `weil Sie sich für diese Art von Produkten interessieren (${category})`,
  segments: {
    student: "wird von Studierenden oft gewählt",
    family: "wird von Familien oft gewählt",
    professional: "wird von Berufstätigen oft gewählt",
    retired: "wird von Kunden im Ruhestand oft gewählt",
    business: "wird von Geschäftskunden oft gewählt",
  },
  segment: (name) => `wird von Kunden wie Ihnen oft gewählt (${name})`,
  age: (years) => `wird von Menschen zwischen ${years.replace("-", " und ")} Jahren oft gewählt`,
  income: "wird von Menschen mit ähnlichem Einkommen oft gewählt",
  location: "wird dort oft gewählt, wo Sie wohnen",
  habits: "wird von Menschen mit ähnlichen Gewohnheiten oft gewählt",
};

const byLanguage: Readonly<Record<Language, ReasonTexts>> = { en: english, de: german };

/** For a person who is spoken to in this locale. */
export function reasonTexts(locale: string | undefined): ReasonTexts {
  return byLanguage[languageOfLocale(locale)];
}
