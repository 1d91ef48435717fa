/** Everything of the recommender of one bot, opened: for its tool pack and for the command line. */
import { Json } from "../../core/json.ts";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { OpenContext } from "../../core/bot.ts";
import { resolveSecrets, Secret, type SecretReference } from "../../core/config/secret.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { packageDirectory } from "../../core/package-directory.ts";
import type { InteractionStore } from "../../core/store/interactions/index.ts";
import type { Product } from "./catalogue/product.ts";
import { createProductSource, type ProductPort } from "./catalogue/product-source.ts";
import { createProductText } from "./catalogue/product-text.ts";
import { readProducts } from "./catalogue/read-json.ts";
import { FILE, openStore, readForTraining, type StorePlace } from "./data/interaction-source.ts";
import { readSampleInteractions } from "./data/sample-file.ts";
import { readTrainingData, type TrainingData } from "./data/training-data.ts";
import { type Consent, createConsent } from "./ingestion/consent.ts";
import { createRefresher } from "./lifecycle/refresher.ts";
import { createServing } from "./lifecycle/serving.ts";
import { makeStarter } from "./lifecycle/starter.ts";
import { openVersions } from "./lifecycle/versions.ts";
import type { RecommendOptions, RecommendSettings } from "./options.ts";
import { createRecommender } from "./service/recommender.ts";

export type OpenRecommender = Awaited<ReturnType<typeof openRecommender>>;

const MOST_OF_ONE_PERSON = 100_000;
const SAMPLE = join(packageDirectory(), "samples", "bank");

const nobodyIsKnown = async (): Promise<undefined> => undefined;

/** Opens it. What fails to open is closed again before the error is thrown. */
export async function openRecommender(
  settings: RecommendSettings,
  { profileOf = nobodyIsKnown, productsFrom }: RecommendOptions,
  context: OpenContext,
) {
  const { environment, telemetry, configDirectory, databases, files, bot } = context;
  const { clock } = environment;
  const port = productsFrom ?? filePort(settings, configDirectory);
  const products = await port.list();
  const catalogue = new Map(products.map((product) => [product.id, product]));
  const sampleFile = sampleFileOf(settings, productsFrom, configDirectory);
  const beginning = sampleFile === undefined ? [] : await readSampleInteractions(sampleFile);
  const place = placeOf(settings, context);
  const store = await openStore(place, context.databases);
  const text = createProductText(products);
  const database = databases.open(FILE);
  const versions = await openVersions({ database, files, bot: bot.id, clock });
  const starter = async () => (beginning.length === 0 ? undefined : await makeStarter(products, beginning, clock()));
  const serving = createServing(versions, starter, telemetry.log);
  const recommender = createRecommender({
    bundle: serving.bundle,
    catalogue,
    source: createProductSource({ port, known: catalogue, clock, telemetry }),
    text,
    store,
    profileOf,
    exclusions: { products: new Set(settings.exclude.products), categories: new Set(settings.exclude.categories) },
    clock,
  });
  const { announce } = context;
  const training = { versions, serving, port, store: place, sampleFile, environment, telemetry, announce };
  const refresher = createRefresher({ bot: bot.id, ...training });
  const consent = createConsent(bot.id, settings.capture, context.store.values, clock);
  return {
    recommender,
    refresher,
    serving,
    versions,
    store,
    consent,
    catalogue,
    /** Reads and cleans everything that may be learned from. */
    readData: async (): Promise<TrainingData> => {
      const read = () => readForTraining(store, sampleFile);
      return await readTrainingData({ products: await port.list(), read, now: clock() });
    },
    /** What is kept of a person: what they did and whether it may be learned from. */
    kept: async (userId: string): Promise<Json> =>
      await keptOf([...(await idsOfOnePerson(userId, profileOf, store))], { store, consent }),
    /** Erases what is kept of a person; gives how many interactions. */
    forget: async (userId: string): Promise<number> =>
      await forgetAll(await idsOfOnePerson(userId, profileOf, store), { store, consent }),
    close: async (): Promise<void> => {
      text.close();
      await store.close();
      await database.close();
    },
  };
}

interface Keeping {
  readonly store: InteractionStore;
  readonly consent: Consent;
}

async function forgetAll(ids: ReadonlySet<string>, { store, consent }: Keeping): Promise<number> {
  let erased = 0;
  for (const id of ids) {
    await consent.forget(id);
    erased += await store.forget(id);
  }
  return erased;
}

/** Each interaction once, whichever of the ids it is noted under. */
async function keptOf(ids: readonly string[], { store, consent }: Keeping): Promise<Json> {
  const found = await Promise.all(ids.map(async (id) => await store.ofUser(id, MOST_OF_ONE_PERSON)));
  const interactions = [...new Map(found.flat().map((one) => [`${one.source} ${one.id}`, one])).values()];
  const answers = await Promise.all(ids.map(async (id) => await consent.kept(id)));
  return Json.parse(JSON.parse(JSON.stringify({ interactions, answers: answers.filter(Boolean) })));
}

/** Somebody of the chat who is a customer is one person: linked now, or when something was noted. */
async function idsOfOnePerson(
  userId: string,
  profileOf: NonNullable<RecommendOptions["profileOf"]>,
  store: InteractionStore,
): Promise<ReadonlySet<string>> {
  const [profile, own] = [await profileOf(userId), await store.ofUser(userId, MOST_OF_ONE_PERSON)];
  const noted = own.filter((one) => one.userId === userId).map(({ customerId }) => customerId);
  return new Set([userId, profile?.customerId, ...noted].filter((id) => id !== undefined));
}

/** Products in a file are as fresh as the file: they are read when the bot starts and before each training. */
function filePort({ products }: RecommendSettings, configDirectory: string): ProductPort {
  const path = products === undefined ? join(SAMPLE, "products.json") : resolve(configDirectory, products);
  let known: ReadonlyMap<string, Product> = new Map();
  return {
    list: async () => {
      const read = await readProducts(path);
      known = new Map(read.map((product) => [product.id, product]));
      return read;
    },
    details: async (ids) => ids.flatMap((id) => known.get(id) ?? []),
  };
}

/** The sample's interactions are of the sample's products: with other products there are none unless they are named. */
function sampleFileOf(
  { products, interactions }: RecommendSettings,
  productsFrom: ProductPort | undefined,
  configDirectory: string,
): string | undefined {
  if (interactions === false) return undefined;
  if (interactions !== undefined) return resolve(configDirectory, interactions);
  return products === undefined && productsFrom === undefined ? join(SAMPLE, "interactions.json") : undefined;
}

function placeOf({ store }: RecommendSettings, { bot, databases, configDirectory }: OpenContext): StorePlace {
  if (store === undefined) return { kind: "databases", bot: bot.id, origin: databases.origin };
  return { kind: "mongodb", bot: bot.id, url: revealed(store.url, configDirectory), collection: store.collection };
}

function revealed(reference: Secret | SecretReference, configDirectory: string): string {
  const readFile = (path: string): string => readFileSync(resolve(configDirectory, path), "utf8");
  const { value, issues } = resolveSecrets(reference, { environment: process.env, readFile });
  if (value instanceof Secret && issues.length === 0) return value.reveal();
  const faults = issues.map(({ message, fix }) => `${message}. ${fix}`).join(" ");
  throw new InvalidInputError("recommend/no-database", `recommend({ store: … }) needs MongoDB's address: ${faults}`);
}
