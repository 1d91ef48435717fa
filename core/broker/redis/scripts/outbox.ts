/** Scripts of the outbox and its one owner, and those that tell others. */
import { defineScript } from "../script.ts";
import { EACH, NOW } from "./shared.ts";

/** Answers the epoch, 0 while another process owns the account. KEYS owner owned; ARGV owner lease account past */
export const ownScript = defineScript(`${NOW}
local w = redis.call('HMGET', KEYS[1], 'o', 'e', 'd')
local time = now()
local epoch = tonumber(w[2] or 0)
if w[1] ~= ARGV[1] then
  if w[1] and w[1] ~= ARGV[4] and tonumber(w[3]) > time then return 0 end
  epoch = epoch + 1
  redis.call('SADD', KEYS[2], ARGV[3])
end
redis.call('HSET', KEYS[1], 'o', ARGV[1], 'e', epoch, 'd', time + ARGV[2])
return epoch`);

/** Ends the ownership of a dead process. KEYS owner; ARGV process */
export const releaseOfScript = defineScript(`
if string.match(redis.call('HGET', KEYS[1], 'o') or '', '^[^ ]*') == ARGV[1] then
  redis.call('HSET', KEYS[1], 'd', 0, 'o', '')
end
return 1`);

/** KEYS owner; ARGV owner */
export const releaseScript = defineScript(`
if redis.call('HGET', KEYS[1], 'o') == ARGV[1] then redis.call('HSET', KEYS[1], 'd', 0, 'o', '') end
return 1`);

/**
 * Notes progress and removes finished entries; answers 0 when the ownership was lost, and changes nothing then.
 * KEYS owner progress outbox; ARGV epoch, how many notes, (entry id, progress json)..., positions..., entry ids...
 */
export const ownersScript = defineScript(`
if redis.call('HGET', KEYS[1], 'e') ~= ARGV[1] then return 0 end
local noted = 2 + 2 * ARGV[2]
if noted > 2 then redis.call('HSET', KEYS[2], unpack(ARGV, 3, noted)) end
local finished = (#ARGV - noted) / 2
if finished > 0 then
  redis.call('XDEL', KEYS[3], unpack(ARGV, noted + 1, noted + finished))
  redis.call('HDEL', KEYS[2], unpack(ARGV, noted + finished + 1))
end
return 1`);

/** Appends a reply that answers no event, once. KEYS sent outbox; ARGV ttl, draft json */
export const sendScript = defineScript(`
if not redis.call('SET', KEYS[1], 1, 'NX', 'EX', ARGV[1]) then return 0 end
redis.call('XADD', KEYS[2], '*', 'd', ARGV[2])
return 1`);

/** Sets an entry aside that this version cannot read. KEYS outbox unreadable; ARGV position, raw text */
export const setAsideEntryScript = defineScript(`
if redis.call('XDEL', KEYS[1], ARGV[1]) == 1 then redis.call('RPUSH', KEYS[2], ARGV[2]) end
return 1`);

/**
 * Appends to the lifecycle stream, which is kept short. KEYS stream; ARGV how many are kept, the oldest time kept in ms,
 * event json...
 */
export const emitScript = defineScript(`${EACH}
local last = #ARGV - 2
return each(last, function(index)
  if index < last then return redis.call('XADD', KEYS[1], '*', 'd', ARGV[index + 2]) end
  redis.call('XTRIM', KEYS[1], 'MINID', '~', ARGV[2])
  return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'd', ARGV[index + 2])
end)`);

/** Publishes. ARGV (channel, text)... */
export const publishScript = defineScript(`${EACH}
return each(#ARGV / 2, function(index) return redis.call('PUBLISH', ARGV[index * 2 - 1], ARGV[index * 2]) end)`);
