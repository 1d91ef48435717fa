/** What every host of `npm run test:hosts` runs; each has its own copy of the file. */
import { bank, crew, defineConfig, env, web } from "parleyjs";
import { documents } from "parleyjs/documents";
import { postgres } from "parleyjs/postgres";
import { recommend } from "parleyjs/recommend";
import { redis } from "parleyjs/redis";
import { s3 } from "parleyjs/s3";
import { telegram } from "parleyjs/telegram";

const accounts = bank();
const often = { rate: { messages: 1_000, perSeconds: 60 } };
const api = (name: string) => ({ apiRoot: process.env[name] ?? "", pollSeconds: 2 });

export default defineConfig({
  bots: {
    harbour: {
      name: "Harbour Assistant",
      accounts: [web(), telegram({ token: env("TELEGRAM_TOKEN"), ...api("TELEGRAM_API") })],
      crew: crew({ model: "offline" }),
      tools: [
        documents({ directory: "documents" }),
        accounts,
        recommend({ profileOf: accounts.profileOf, capture: "on" }),
      ],
      limits: often,
    },
    echo: {
      name: "Echo",
      accounts: [telegram({ name: "echo", token: env("ECHO_TOKEN"), ...api("ECHO_API") })],
      crew: {
        name: "echo",
        summary: {},
        open: async () => ({
          run: async ({ text }) => ({
            reply: { text: `said ${text}`, confidence: 1, model: "echo" },
            remember: [],
            cacheable: false,
          }),
          close: async () => {},
        }),
      },
      cacheSeconds: 0,
      limits: often,
    },
  },
  broker: redis({ url: env("REDIS_URL") }),
  store: postgres({ url: env("DATABASE_URL") }),
  files: s3({
    bucket: process.env["S3_BUCKET"] ?? "",
    endpoint: process.env["S3_ENDPOINT"] ?? "",
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: env("S3_KEY_ID"), secretAccessKey: env("S3_SECRET") },
  }),
  gateway: { accessToken: env("PARLEY_ACCESS_TOKEN"), trustedToken: env("PARLEY_TRUSTED_TOKEN") },
});
