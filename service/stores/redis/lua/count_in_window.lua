-- Counts what happens in the running window: votes of a network, failed sign-ins.
-- KEYS[1]  the window's counter
-- ARGV[1]  how many to add   ARGV[2]  lifetime in seconds, set when the window begins
-- Returns how many there were before.
local before = redis.call("INCRBY", KEYS[1], ARGV[1]) - ARGV[1]
if before == 0 then
  redis.call("EXPIRE", KEYS[1], ARGV[2])
end
return before
