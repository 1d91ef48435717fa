/** Names from end to end: events with names in, recommendations with names out. */
import { z } from "zod";
import { refuse, requireCount, requireFinite, requireIterable, requireName, requireObject, shown } from "./checks.ts";
import { createInteractions, type Dataset } from "./dataset.ts";
import { RecommenderError } from "./errors.ts";
import { loadModel } from "./load.ts";
import type { Model, ModelFamily, Subject, TermSource } from "./model.ts";
import { parametersOf, readContainer, sectionOf, writeContainer } from "./serialize.ts";
import { normalizeRow, normalizeRows } from "./feature-rows.ts";
import { compressRows, type SparseMatrix, type SparseRow, sparseRow } from "./sparse.ts";
import type { Ranking } from "./top-k.ts";
import { createVocabulary, type Vocabulary } from "./vocabulary.ts";

/** Somebody had to do with something. */
export interface NamedEvent {
  readonly user: string;
  readonly item: string;
  /** @default 1 */
  readonly weight?: number | undefined;
  /** In ms since 1970; of all events or of none. */
  readonly time?: number | undefined;
}

/** Features and how much of each, such as `{ "segment:student": 1 }`. */
export type NamedFeatures = Readonly<Record<string, number>>;

export interface NamedData {
  readonly events: Iterable<NamedEvent>;
  /** By the name of the user; who is not in any event has a row as well. */
  readonly userFeatures?: Readonly<Record<string, NamedFeatures>> | undefined;
  readonly itemFeatures?: Readonly<Record<string, NamedFeatures>> | undefined;
}

/** Which name has which row or column. */
export interface Names {
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  readonly userFeatures: Vocabulary;
  readonly itemFeatures: Vocabulary;
}

const emptyNames = (): Names => ({
  users: createVocabulary(),
  items: createVocabulary(),
  userFeatures: createVocabulary(),
  itemFeatures: createVocabulary(),
});

/**
 * Data with names as a dataset. Rows of features are normalized.
 * @param names of a model that is to learn further; new names come behind
 * @throws RecommenderError `recommender/invalid-data`
 */
export function nameData(
  data: NamedData,
  names: Names = emptyNames(),
): { readonly dataset: Dataset; readonly names: Names } {
  requireObject(data, "Data with names");
  requireNames(names);
  const { events, userFeatures, itemFeatures } = data;
  requireIterable(events, "Events");
  const { users, items } = names;
  const columns: {
    readonly users: number[];
    readonly items: number[];
    readonly weights: number[];
    readonly times: number[];
  } = { users: [], items: [], weights: [], times: [] };
  for (const event of events) {
    const place = columns.users.length;
    requireObject(event, `Event ${place}`);
    const { user, item, weight = 1, time } = event;
    columns.users.push(users.add(requireName(user, `The user of event ${place}`)));
    columns.items.push(items.add(requireName(item, `The item of event ${place}`)));
    columns.weights.push(weight);
    if (place > 0 && (time === undefined) !== (columns.times.length === 0)) {
      refuse(`Times are given with all events or with none; event ${place} is the first that differs.`);
    }
    if (time !== undefined) columns.times.push(time);
  }
  const { times, ...rest } = columns;
  for (const features of [userFeatures, itemFeatures]) {
    if (features !== undefined) requireObject(features, "Features by name");
  }
  for (const name of Object.keys(userFeatures ?? {})) users.add(name);
  for (const name of Object.keys(itemFeatures ?? {})) items.add(name);
  const counts = { userCount: users.size(), itemCount: items.size() };
  const interactions = createInteractions({ ...counts, ...rest, ...(times.length > 0 && { times }) });
  const dataset = {
    interactions,
    userFeatures: userFeatures && featureMatrix(userFeatures, users, names.userFeatures),
    itemFeatures: itemFeatures && featureMatrix(itemFeatures, items, names.itemFeatures),
  };
  return { dataset, names };
}

function featureMatrix(
  named: Readonly<Record<string, NamedFeatures>>,
  rows: Vocabulary,
  columns: Vocabulary,
): SparseMatrix {
  const entries = Object.entries(named).flatMap(([name, features]) => {
    requireObject(features, `Features of "${name}"`);
    return Object.entries(features).map(([feature, value]) => ({
      row: rows.rowOf(name),
      column: columns.add(feature),
      value: requireFinite(value, `Feature "${feature}" of "${name}"`),
    }));
  });
  return normalizeRows(
    compressRows({
      rowCount: rows.size(),
      columnCount: columns.size(),
      rows: entries.map(({ row }) => row),
      columns: entries.map(({ column }) => column),
      values: entries.map(({ value }) => value),
    }),
  );
}

function requireNames(names: Names): void {
  requireObject(names, "Names");
  for (const key of ["users", "items", "userFeatures", "itemFeatures"] as const)
    requireObject(names[key], `The vocabulary of ${key}`, ["add", "find", "rowOf", "nameOf", "names", "size"]);
}

/** Whom to recommend to, by name: what is left out is not known. */
export interface NamedSubject {
  readonly user?: string;
  readonly history?: Readonly<Record<string, number>>;
  readonly features?: NamedFeatures;
}

export interface NamedScore {
  readonly name: string;
  readonly score: number;
}

export interface NamedTerm {
  readonly source: TermSource;
  readonly name: string;
  readonly contribution: number;
}

/** A model that is asked by name. An unknown name is refused with `recommender/out-of-range`. */
export interface NamedModel {
  readonly model: Model;
  readonly names: Names;
  /** Best first; the excluded and the allowed by name. */
  readonly recommend: (
    subject: NamedSubject,
    count: number,
    excluded?: readonly string[],
    allowed?: readonly string[],
  ) => readonly NamedScore[];
  readonly scoresOf: (subject: NamedSubject, items: readonly string[]) => readonly NamedScore[];
  readonly similarItems: (item: string, count: number) => readonly NamedScore[];
  readonly similarUsers: (user: string, count: number) => readonly NamedScore[];
  readonly explain: (subject: NamedSubject, item: string) => readonly NamedTerm[];
  /** Model and names in one file, for `loadNamed`. */
  readonly save: () => Uint8Array;
}

const KIND = "named";
const VERSION = 1;
const SECTION = "model";
const list = z.array(z.string().min(1));
const Parameters = z.object({ users: list, items: list, userFeatures: list, itemFeatures: list });

/**
 * The model, asked by name.
 * @throws RecommenderError `recommender/invalid-data` when the names are not the model's
 */
export function withNames(model: Model, names: Names): NamedModel {
  requireObject(model, "The model", ["recommend", "scoresOf"]);
  requireNames(names);
  const { users, items } = names;
  if (users.size() !== model.userCount || items.size() !== model.itemCount) {
    refuse(
      `The model has ${model.userCount} users and ${model.itemCount} items, there are names of ${users.size()} and ` +
        `${items.size()}: take the names of the data that it was trained on.`,
    );
  }
  const rows = (wanted: readonly string[]): readonly number[] => wanted.map((item) => items.rowOf(item));
  const named = ({ items: found, scores }: Ranking): readonly NamedScore[] =>
    Array.from(found, (item, place) => ({ name: items.nameOf(item), score: scores[place] ?? 0 }));
  const sources = {
    history: items,
    popularity: items,
    "user-feature": names.userFeatures,
    "item-feature": names.itemFeatures,
  } as const satisfies Record<TermSource, Vocabulary>;
  const subjectOf = (subject: NamedSubject): Subject => numbered(subject, names);
  return {
    model,
    names,
    recommend: (subject, count, excluded = [], allowed) =>
      named(model.recommend(subjectOf(subject), count, rows(excluded), allowed && rows(allowed))),
    scoresOf: (subject, wanted) => {
      const scores = model.scoresOf(subjectOf(subject), rows(wanted));
      return wanted.map((name, place) => ({ name, score: scores[place] ?? 0 }));
    },
    similarItems: (item, count) => named(model.similarItems(items.rowOf(item), count)),
    similarUsers: (user, count) => {
      const { users: found, scores } = model.similarUsers(
        users.rowOf(user),
        requireCount(count, "The length of the list"),
      );
      return Array.from(found, (other, place) => ({ name: users.nameOf(other), score: scores[place] ?? 0 }));
    },
    explain: (subject, item) =>
      model
        .explain(subjectOf(subject), items.rowOf(item))
        .map(({ source, index, contribution }) => ({ source, name: sources[source].nameOf(index), contribution })),
    save: () => {
      const lists = { users, items, userFeatures: names.userFeatures, itemFeatures: names.itemFeatures };
      const parameters = Object.fromEntries(Object.entries(lists).map(([name, one]) => [name, one.names()]));
      return writeContainer({ kind: KIND, version: VERSION, parameters, sections: { [SECTION]: model.save() } });
    },
  };
}

function numbered(subject: NamedSubject, names: Names): Subject {
  if (typeof subject !== "object" || subject === null) {
    refuse(`A subject is { user }, { history } or { features }, by name; ${shown(subject)} was given.`);
  }
  const { user, history, features, ...others } = subject;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) refuse(`A subject has no ${shown(unknown)}; it has user, history and features.`);
  return {
    ...("user" in subject && { user: names.users.rowOf(required(user, "user")) }),
    ...("history" in subject && { history: rowOf(required(history, "history"), names.items) }),
    ...("features" in subject && { features: normalizeRow(rowOf(required(features, "features"), names.userFeatures)) }),
  };
}

/** A key that is there and says nothing is mostly somebody who was looked up and not found. */
function required<Value>(value: Value | undefined, key: string): Value {
  return value ?? refuse(`The subject's ${key} is ${shown(value)}: leave it out to ask for nobody in particular.`);
}

function rowOf(named: Readonly<Record<string, number>>, columns: Vocabulary): SparseRow {
  requireObject(named, "A row by name");
  return sparseRow(Object.entries(named).map(([name, value]) => [columns.rowOf(name), value] as const));
}

/**
 * Reads what a named model's `save` wrote.
 * @throws RecommenderError `recommender/foreign-file`, `recommender/corrupt-file`, `recommender/unsupported-file`
 */
export function loadNamed(
  bytes: Uint8Array,
  families: readonly Pick<ModelFamily<never>, "kind" | "read">[],
): NamedModel {
  const container = readContainer(bytes);
  if (container.kind !== KIND || container.version !== VERSION) {
    throw new RecommenderError(
      "recommender/unsupported-file",
      `The file holds "${container.kind}" in version ${container.version}, and no model with names in version ${VERSION}: ` +
        "read a model without names with loadModel.",
    );
  }
  const { users, items, userFeatures, itemFeatures } = parametersOf(container, Parameters);
  const model = loadModel(sectionOf(container, SECTION, Uint8Array), families);
  const names = {
    users: createVocabulary(users),
    items: createVocabulary(items),
    userFeatures: createVocabulary(userFeatures),
    itemFeatures: createVocabulary(itemFeatures),
  };
  return withNames(model, names);
}
