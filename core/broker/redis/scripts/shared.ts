/**
 * Lua functions that several scripts share. Leases and due times are measured by the server's clock alone, so clocks of
 * workers may be wrong by any amount.
 */

/** `now()`: the server's time in ms, asked for once: it stands still while a script runs. */
export const NOW = `
local moment
local function now()
  if not moment then
    local t = redis.call('TIME')
    moment = t[1] * 1000 + math.floor(t[2] / 1000)
  end
  return moment
end
`;

/** `each(count, work)`: answers `work(1)` to `work(count)`; where one fails, its error stands in its place. */
export const EACH = `
local function each(count, work)
  local answers = {}
  for index = 1, count do
    local done, answer = pcall(work, index)
    if not done and type(answer) ~= 'table' then answer = {err = tostring(answer)} end
    answers[index] = answer
  end
  return answers
end
`;

/**
 * `append(mailbox, conversation, due, id, item, hold, grace, channel, limit)`: adds an event to a mailbox. Answers its sequence (-1: the
 * mailbox is full) and after how many ms the mailbox must be woken (-1: somebody will see it anyway).
 */
export const APPEND = `
local function append(mailbox, conversation, due, id, item, hold, grace, channel, limit)
  local c = redis.call('HMGET', conversation, 's', 'q', 'o')
  local sequence = (c[2] or 0) + 1
  if redis.call('RPUSH', mailbox, sequence .. '|' .. item) > limit then
    redis.call('RPOP', mailbox)
    return -1, -1
  end
  if c[1] and c[1] ~= 'i' then
    redis.call('HSET', conversation, 'q', sequence)
    if c[1] == 'r' and c[3] and c[3] ~= '' then
      redis.call('PUBLISH', channel .. string.match(c[3], '^[^:]*'), id .. '\\n' .. item)
    end
    return sequence, -1
  end
  if hold > 0 then
    local at = now() + hold
    redis.call('HSET', conversation, 'q', sequence, 's', 'w', 'l', at)
    redis.call('ZADD', due, at, id)
  else
    redis.call('HSET', conversation, 'q', sequence, 's', 's')
    redis.call('ZADD', due, now() + grace, id)
  end
  return sequence, hold
end
`;
