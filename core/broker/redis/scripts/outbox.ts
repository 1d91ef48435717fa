/** Scripts of the outbox and its one owner. */
import { defineScript } from "../script.ts";
import { NOW } from "./shared.ts";

/** Answers the epoch, 0 while another process owns the account. KEYS owner; ARGV owner lease */
export const ownScript = defineScript(`${NOW}
local w = redis.call('HMGET', KEYS[1], 'o', 'e', 'd')
local time = now()
local epoch = tonumber(w[2] or 0)
if w[1] ~= ARGV[1] then
  if w[1] and tonumber(w[3]) > time then return 0 end
  epoch = epoch + 1
end
redis.call('HSET', KEYS[1], 'o', ARGV[1], 'e', epoch, 'd', time + ARGV[2])
return epoch`);

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
