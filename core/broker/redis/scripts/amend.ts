/** Scripts that change what waits, when its writer edits or deletes it. */
import { defineScript } from "../script.ts";
import { NOW } from "./shared.ts";

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
  redis.call('HSET', KEYS[3], 's', 'i', 't', 0, 'f', 0)
  redis.call('ZREM', KEYS[4], ARGV[3])
  return 1
end
redis.call('HSET', KEYS[3], 's', 's', 't', 0, 'f', 0)
redis.call('ZADD', KEYS[4], now() + ARGV[2], ARGV[3])
return 2`);
