/**
 * The mutant without a fence: a commit that was refused is carried out all the same, with raw commands: it takes as many
 * events from the head as the turn covered, whatever they are by now, and appends the replies.
 */
import { Redis } from "ioredis";
import { createKeys } from "../../core/broker/redis/layout.ts";
import { openSqlite } from "../../core/store/sqlite/driver.ts";
import type { Claim, ClaimCommit, ClaimHandler } from "../../core/broker/broker.ts";
import { FencedError } from "../../core/broker/errors.ts";
import { brokerPath, type RoadSpec } from "./road.ts";

/** Wraps the handler so that its commits ignore fencing. */
export function withoutFence(handler: ClaimHandler, spec: RoadSpec): ClaimHandler {
  const force = spec.kind === "redis" ? forceOnRedis(spec) : forceOnSqlite(spec);
  return async (claim) =>
    await handler({
      ...claim,
      commit: async (commit) => {
        try {
          await claim.commit(commit);
        } catch (thrown) {
          if (!(thrown instanceof FencedError)) throw thrown;
          await force(claim, commit);
        }
      },
    });
}

type Force = (claim: Claim, commit: ClaimCommit) => Promise<void>;

const covered = ({ waiting }: Claim, { through }: ClaimCommit): number =>
  waiting.filter(({ sequence }) => sequence <= through).length;

function forceOnRedis(spec: RoadSpec): Force {
  const redis = new Redis(spec.url, { lazyConnect: true });
  const keys = createKeys(spec.prefix);
  return async (claim, commit) => {
    await redis.lpop(keys.conversation(claim.conversation).mailbox, covered(claim, commit));
    for (const reply of commit.replies) {
      await redis.xadd(keys.outboxOf(claim.conversation), "*", "d", JSON.stringify(reply));
    }
  };
}

function forceOnSqlite(spec: RoadSpec): Force {
  return async (claim, commit) => {
    const database = openSqlite(brokerPath(spec.directory), { timeout: 10_000 });
    const take = database.prepare(
      `DELETE FROM mailbox WHERE conversation = ? AND sequence IN
         (SELECT sequence FROM mailbox WHERE conversation = ? ORDER BY sequence LIMIT ?)`,
    );
    const count = database.prepare("UPDATE conversations SET waiting = max(0, waiting - ?) WHERE id = ?");
    const append = database.prepare("INSERT INTO outbox (account, conversation, id, entry) VALUES (?, ?, ?, ?)");
    database
      .transaction(() => {
        const { changes } = take.run(claim.conversation, claim.conversation, covered(claim, commit));
        count.run(changes, claim.conversation);
        for (const reply of commit.replies) {
          append.run(reply.account, reply.conversation, reply.id, JSON.stringify(reply));
        }
      })
      .immediate();
    database.close();
  };
}
