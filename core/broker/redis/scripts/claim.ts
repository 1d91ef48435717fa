/** Scripts of the claim: begin, renew, peek, commit, retry, bury, finish. The epoch is the fence. */
import { defineScript } from "../script.ts";
import { EACH, NOW } from "./shared.ts";

/**
 * `after_death(conversation, crashes, deaths, blamed)`: the process that held the claim died, and the head is a suspect;
 * `blamed` when nothing else was in flight. Answers both counts.
 */
const AFTER_DEATH = `
local function after_death(conversation, crashes, deaths, blamed)
  crashes, deaths = (crashes or 0) + 1, (deaths or 0) + (blamed and 1 or 0)
  redis.call('HSET', conversation, 's', 's', 'k', crashes, 'd', deaths)
  return crashes, deaths
end
`;

/** `give_up(mailbox, conversation, due, id, grace, starts)`: ends a claim. Answers 1 when events still wait. */
const GIVE_UP = `
local function give_up(mailbox, conversation, due, id, grace, starts)
  if redis.call('LLEN', mailbox) == 0 then
    redis.call('HSET', conversation, 's', 'i', 't', 0, 'f', 0, 'k', 0, 'd', 0)
    redis.call('ZREM', due, id)
    return 0
  end
  redis.call('HSET', conversation, 's', 's', 't', starts)
  redis.call('ZADD', due, now() + grace, id)
  return 1
end
`;

/**
 * Begins claims of one shard. Answers each a word when there is no claim (for a suspect the quarantine that it needs),
 * else [epoch, starts, failures, crashes, deaths, items...]. A token that ends with "alone" was begun with nothing beside it.
 * KEYS due paused, then of each: mailbox conversation; ARGV of each: id account lease batch token quarantine pause
 */
export const beginScript = defineScript(`${NOW}${EACH}${AFTER_DEATH}
local due, paused, time = KEYS[1], KEYS[2], now()
local rank = {[''] = 0, few = 1, singly = 2, alone = 3}
local function needs(crashes, deaths)
  if crashes == 0 then return '' end
  if deaths > 0 or crashes > 2 then return 'alone' end
  return crashes == 2 and 'singly' or 'few'
end
local function begin(mailbox, conversation, id, account, lease, batch, token, quarantine, pause)
  local c = redis.call('HMGET', conversation, 's', 'e', 't', 'f', 'l', 'k', 'd', 'o')
  local state = c[1]
  if (state == 'r' or state == 'w') and tonumber(c[5]) > time then
    redis.call('ZADD', due, c[5], id)
    return state == 'r' and 'busy' or 'waiting'
  end
  local items = redis.call('LRANGE', mailbox, 0, batch - 1)
  if #items == 0 then
    if state then redis.call('HSET', conversation, 's', 'i', 't', 0, 'f', 0, 'k', 0, 'd', 0) end
    redis.call('ZREM', due, id)
    return 'empty'
  end
  local stopped = redis.call('SMISMEMBER', paused, '*', account, id)
  if stopped[1] + stopped[2] + stopped[3] > 0 then
    redis.call('ZADD', due, '+inf', id)
    return 'paused'
  end
  local crashes, deaths = tonumber(c[6] or 0), tonumber(c[7] or 0)
  if state == 'r' then
    crashes, deaths = after_death(conversation, crashes, deaths, string.match(c[8] or '', ':alone$'))
  end
  local needed = needs(crashes, deaths)
  if rank[needed] > rank[quarantine] then
    redis.call('ZADD', due, time + pause, id)
    return needed
  end
  local epoch = (c[2] or 0) + 1
  local starts = (c[3] or 0) + 1
  local failures = tonumber(c[4] or 0)
  redis.call('HSET', conversation, 's', 'r', 'e', epoch, 't', starts, 'f', failures, 'l', time + lease,
    'h', string.match(items[#items], '^%d+'), 'o', token)
  redis.call('ZADD', due, time + lease, id)
  return {epoch, starts, failures, crashes, deaths, unpack(items)}
end
return each((#KEYS - 2) / 2, function(index)
  local key, value = index * 2 + 1, index * 7 - 6
  return begin(KEYS[key], KEYS[key + 1], unpack(ARGV, value, value + 6))
end)`);

/** Answers which of these conversations a process has claims on. KEYS conversation...; ARGV process */
export const heldByScript = defineScript(`
local held = {}
for index, conversation in ipairs(KEYS) do
  local c = redis.call('HMGET', conversation, 's', 'o')
  if c[1] == 'r' and string.match(c[2] or '', '^[^:]*:%d+:([^:]*)') == ARGV[1] then held[#held + 1] = index end
end
return held`);

/**
 * Ends a claim of a dead process. Answers 1 when events still wait, 0 when there is nothing to do.
 * KEYS mailbox conversation due; ARGV id process blamed
 */
export const afterDeathScript = defineScript(`${NOW}${GIVE_UP}${AFTER_DEATH}
local c = redis.call('HMGET', KEYS[2], 's', 'o', 'k', 'd', 't')
if c[1] ~= 'r' or string.match(c[2] or '', '^[^:]*:%d+:([^:]*)') ~= ARGV[2] then return 0 end
after_death(KEYS[2], c[3], c[4], ARGV[3] == '1' or string.match(c[2], ':alone$'))
return give_up(KEYS[1], KEYS[2], KEYS[3], ARGV[1], 0, c[5])`);

/**
 * Takes a begin back whose answer never came.
 * KEYS mailbox conversation due; ARGV id token
 */
export const takeBackScript = defineScript(`${NOW}${GIVE_UP}
local c = redis.call('HMGET', KEYS[2], 's', 'o', 't')
if c[1] ~= 'r' or c[2] ~= ARGV[2] then return 0 end
return give_up(KEYS[1], KEYS[2], KEYS[3], ARGV[1], 0, c[3] - 1)`);

/** KEYS conversation due; ARGV id epoch lease */
export const renewScript = defineScript(`${NOW}
local c = redis.call('HMGET', KEYS[1], 's', 'e')
if c[1] ~= 'r' or c[2] ~= ARGV[2] then return 0 end
local lease = now() + ARGV[3]
redis.call('HSET', KEYS[1], 'l', lease)
redis.call('ZADD', KEYS[2], lease, ARGV[1])
return 1`);

/**
 * Reads on after what the claim with this epoch knows already; from the start when that is not the live claim.
 * Answers [where the items start, items...]. KEYS mailbox conversation; ARGV count epoch known
 */
export const peekScript = defineScript(`
local c = redis.call('HMGET', KEYS[2], 's', 'h', 'e')
local from = c[1] == 'r' and c[3] == ARGV[2] and tonumber(ARGV[3]) or 0
local items = redis.call('LRANGE', KEYS[1], from, ARGV[1] - 1)
if #items > 0 and c[1] == 'r' then
  local last = string.match(items[#items], '^%d+')
  if tonumber(last) > tonumber(c[2]) then redis.call('HSET', KEYS[2], 'h', last) end
end
return {from, unpack(items)}`);

/**
 * Commits turns of one account. Answers each how many events still wait, -1 when fenced, -2 when the claim ended with
 * its commit. The lease in the sweeper's list stays as it was: the sweeper asks too early then, is told "busy", and the
 * list is put right; nothing else is written either that need not be: writes are what costs, in memory and in the file.
 * KEYS outbox due, then of each turn: mailbox conversation; ARGV of each: id (empty: the claim goes on) epoch through
 * lease count replies...
 */
export const commitScript = defineScript(`${NOW}${EACH}
local function take(mailbox, through)
  local removed = false
  while true do
    local item = redis.call('LPOP', mailbox)
    if not item then return removed end
    local sequence = tonumber(string.match(item, '^%d+'))
    if sequence > through then
      redis.call('LPUSH', mailbox, item)
      return removed
    end
    removed = true
    if sequence == through then return removed end
  end
end
local function commit(mailbox, conversation, at, replies)
  local c = redis.call('HMGET', conversation, 's', 'e', 't', 'f', 'l', 'k')
  local id, through = ARGV[at], tonumber(ARGV[at + 2])
  if c[2] ~= ARGV[at + 1] then return -1 end
  if c[1] ~= 'r' then
    -- Ended by this very commit, whose answer was lost, or given up without it.
    local head = id ~= '' and redis.call('LINDEX', mailbox, 0)
    if id == '' or head and tonumber(string.match(head, '^%d+')) <= through then return -1 end
    return -2
  end
  local removed = take(mailbox, through)
  if removed then
    for index = at + 5, at + 4 + replies do redis.call('XADD', KEYS[1], '*', 'd', ARGV[index]) end
  end
  local left = redis.call('LLEN', mailbox)
  if left == 0 and id ~= '' then
    redis.call('HSET', conversation, 's', 'i', 't', 0, 'f', 0, 'k', 0, 'd', 0)
    redis.call('ZREM', KEYS[2], id)
    return -2
  end
  local fields = {}
  local starts = left > 0 and '1' or '0'
  if removed and (c[3] ~= starts or c[4] ~= '0') then fields = {'t', starts, 'f', 0} end
  if removed and c[6] and c[6] ~= '0' then
    for _, field in ipairs({'k', 0, 'd', 0}) do fields[#fields + 1] = field end
  end
  local time, lease = now(), ARGV[at + 3]
  if c[5] - time < lease / 2 then
    fields[#fields + 1] = 'l'
    fields[#fields + 1] = time + lease
  end
  if #fields > 0 then redis.call('HSET', conversation, unpack(fields)) end
  return left
end
local next = 1
return each((#KEYS - 2) / 2, function(index)
  local at = next
  local replies = tonumber(ARGV[at + 4])
  next = at + 5 + replies
  return commit(KEYS[index * 2 + 1], KEYS[index * 2 + 2], at, replies)
end)`);

/** KEYS conversation due; ARGV id epoch delay failures */
export const retryScript = defineScript(`${NOW}
local c = redis.call('HMGET', KEYS[1], 's', 'e', 'f')
if c[1] ~= 'r' or c[2] ~= ARGV[2] then return 0 end
local at = now() + ARGV[3]
redis.call('HSET', KEYS[1], 's', 'w', 'f', (c[3] or 0) + ARGV[4], 'l', at, 'k', 0, 'd', 0)
redis.call('ZADD', KEYS[2], at, ARGV[1])
return 1`);

/**
 * Answers -1 when fenced, else 1 when events still wait.
 * KEYS mailbox conversation due outbox dead; ARGV id epoch grace reason attempts retention replies...
 */
export const buryScript = defineScript(`${NOW}${GIVE_UP}
local c = redis.call('HMGET', KEYS[2], 's', 'e')
if c[1] ~= 'r' or c[2] ~= ARGV[2] then return -1 end
local item = redis.call('LPOP', KEYS[1])
if item then
  redis.call('XADD', KEYS[5], 'MINID', '~', now() - ARGV[6], '*', 'c', ARGV[1], 'i', item, 'r', ARGV[4], 'a', ARGV[5])
end
for index = 7, #ARGV do redis.call('XADD', KEYS[4], '*', 'd', ARGV[index]) end
redis.call('HSET', KEYS[2], 'f', 0, 'k', 0, 'd', 0)
return give_up(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[3], 0)`);

/** Answers -1 when fenced, else 1 when events still wait. KEYS mailbox conversation due; ARGV id epoch grace */
export const finishScript = defineScript(`${NOW}${GIVE_UP}
local c = redis.call('HMGET', KEYS[2], 's', 'e', 't')
if c[1] ~= 'r' or c[2] ~= ARGV[2] then return -1 end
return give_up(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[3], math.max(c[3] - 1, 0))`);

/**
 * Sets a head aside that this version cannot read, so that it does not block its conversation; ends the claim.
 * KEYS mailbox conversation due unreadable; ARGV id epoch grace
 */
export const setAsideScript = defineScript(`${NOW}${GIVE_UP}
local c = redis.call('HMGET', KEYS[2], 's', 'e')
if c[1] ~= 'r' or c[2] ~= ARGV[2] then return -1 end
local item = redis.call('LPOP', KEYS[1])
if item then redis.call('RPUSH', KEYS[4], ARGV[1] .. '|' .. item) end
redis.call('HSET', KEYS[2], 'f', 0, 'k', 0, 'd', 0)
return give_up(KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[3], 0)`);

/** KEYS paused due; ARGV member. What waited for its resumption is due at once; what is still paused goes back by itself. */
export const resumeScript = defineScript(`${NOW}
redis.call('SREM', KEYS[1], ARGV[1])
local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '+inf', '+inf')
local time = now()
for _, id in ipairs(ids) do redis.call('ZADD', KEYS[2], time, id) end
return #ids`);
