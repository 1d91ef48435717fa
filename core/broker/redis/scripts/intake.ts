/** Scripts that put events into mailboxes or change them there. */
import { defineScript } from "../script.ts";
import { APPEND, EACH, NOW } from "./shared.ts";

/**
 * Accepts events once, in their order. Answers each: [sequence, wake delay or -1]; [0] duplicate; [-1] mailbox full.
 * KEYS due, then of each event: seen mailbox conversation; ARGV ttl grace limit channel, then of each: id item hold
 */
export const acceptScript = defineScript(`${NOW}${APPEND}${EACH}
local grace, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
return each((#KEYS - 1) / 3, function(index)
  local key, value = index * 3 - 1, index * 3 + 2
  if not redis.call('SET', KEYS[key], 1, 'NX', 'EX', ARGV[1]) then return {0} end
  local sequence, wake = append(KEYS[key + 1], KEYS[key + 2], KEYS[1], ARGV[value], ARGV[value + 1],
    tonumber(ARGV[value + 2]), grace, ARGV[4], limit)
  if sequence < 0 then redis.call('DEL', KEYS[key]) end
  return {sequence, wake}
end)`);

/** Answers 1 when new. KEYS scheduled events; ARGV event id, at, event json */
export const scheduleScript = defineScript(`
if redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1`);

/** KEYS scheduled events; ARGV event id */
export const unscheduleScript = defineScript(`
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])`);

/**
 * Accepts a scheduled event whose time has come. Answers the wake delay or -1.
 * KEYS scheduled events seen mailbox conversation due; ARGV event id, id item ttl grace channel
 */
export const promoteScript = defineScript(`${NOW}${APPEND}
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return -1 end
redis.call('HDEL', KEYS[2], ARGV[1])
if not redis.call('SET', KEYS[3], 1, 'NX', 'EX', ARGV[4]) then return -1 end
local _, wake = append(KEYS[4], KEYS[5], KEYS[6], ARGV[2], ARGV[3], 0, tonumber(ARGV[5]), ARGV[6], math.huge)
return wake`);

/**
 * Puts a dead letter at the end of its mailbox. Answers the wake delay, -1 without a wake, -2 unknown.
 * KEYS dead mailbox conversation due; ARGV entry id, id item grace channel
 */
export const resubmitScript = defineScript(`${NOW}${APPEND}
if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return -2 end
local _, wake = append(KEYS[2], KEYS[3], KEYS[4], ARGV[2], ARGV[3], 0, tonumber(ARGV[4]), ARGV[5], math.huge)
return wake`);

/**
 * Hands out what is overdue and looks again after the pause, should the wake-up be lost. Answers: overdue conversations,
 * scheduled events whose time has come, and in how many ms the next of either is due (-1: nothing is).
 * KEYS due scheduled; ARGV pause count
 */
export const sweepScript = defineScript(`${NOW}
local time = now()
local overdue = redis.call('ZRANGEBYSCORE', KEYS[1], 0, time, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(overdue) do redis.call('ZADD', KEYS[1], time + ARGV[1], id) end
local next = -1
for _, key in ipairs(KEYS) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if first then
    local left = math.max(0, math.ceil(first - time))
    if next < 0 or left < next then next = left end
  end
end
return {overdue, redis.call('ZRANGEBYSCORE', KEYS[2], 0, time, 'LIMIT', 0, ARGV[2]), next}`);

/**
 * Finds the waiting events with this message id that the live claim has not been handed, newest first. Answers the
 * items; 0 duplicate. KEYS seen mailbox conversation; ARGV message id
 */
export const findScript = defineScript(`
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local c = redis.call('HMGET', KEYS[3], 's', 'h')
local handed = c[1] == 'r' and tonumber(c[2] or 0) or 0
local items = redis.call('LRANGE', KEYS[2], 0, -1)
local found = {}
for index = #items, 1, -1 do
  local sequence, id = string.match(items[index], '^(%d+)|([^|]*)|')
  if id == ARGV[1] and tonumber(sequence) > handed then found[#found + 1] = items[index] end
end
return found`);

/** `is_free(item)`: whether exactly this item still waits and no claim has been handed it. */
const IS_FREE = `
local c = redis.call('HMGET', KEYS[3], 's', 'h')
local function is_free(item)
  local sequence = tonumber(string.match(item, '^%d+'))
  if c[1] == 'r' and sequence <= tonumber(c[2] or 0) then return false end
  return redis.call('LPOS', KEYS[2], item)
end
`;

/**
 * Answers 1 done, 0 duplicate, -1 changed meanwhile.
 * KEYS seen mailbox conversation; ARGV ttl item replacement
 */
export const replaceScript = defineScript(`${IS_FREE}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local position = is_free(ARGV[2])
if not position then return -1 end
redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])
redis.call('LSET', KEYS[2], position, ARGV[3])
return 1`);

/**
 * Removes the items; with the head goes what it waited for. Answers as above, and 2 when a new head is due.
 * KEYS seen mailbox conversation due; ARGV ttl grace id items...
 */
export const cancelScript = defineScript(`${NOW}${IS_FREE}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local head = redis.call('LINDEX', KEYS[2], 0)
local head_goes = false
for index = 4, #ARGV do
  if not is_free(ARGV[index]) then return -1 end
  head_goes = head_goes or ARGV[index] == head
end
redis.call('SET', KEYS[1], 1, 'EX', ARGV[1])
for index = 4, #ARGV do redis.call('LREM', KEYS[2], 1, ARGV[index]) end
if c[1] == 'r' or not head_goes then return 1 end
if redis.call('LLEN', KEYS[2]) == 0 then
  redis.call('HSET', KEYS[3], 's', 'i', 't', 0, 'f', 0, 'k', 0, 'd', 0)
  redis.call('ZREM', KEYS[4], ARGV[3])
  return 1
end
redis.call('HSET', KEYS[3], 's', 's', 't', 0, 'f', 0, 'k', 0, 'd', 0)
redis.call('ZADD', KEYS[4], now() + ARGV[2], ARGV[3])
return 2`);
