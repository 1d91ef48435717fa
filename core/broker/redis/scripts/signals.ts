/** Scripts that tell others. */
import { defineScript } from "../script.ts";
import { EACH } from "./shared.ts";

/** Appends to the lifecycle stream, which is kept short. KEYS stream; ARGV how many are kept, event json... */
export const emitScript = defineScript(`${EACH}
local last = #ARGV - 1
return each(last, function(index)
  if index < last then return redis.call('XADD', KEYS[1], '*', 'd', ARGV[index + 1]) end
  return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'd', ARGV[index + 1])
end)`);

/** Publishes. ARGV (channel, text)... */
export const publishScript = defineScript(`${EACH}
return each(#ARGV / 2, function(index) return redis.call('PUBLISH', ARGV[index * 2 - 1], ARGV[index * 2]) end)`);
