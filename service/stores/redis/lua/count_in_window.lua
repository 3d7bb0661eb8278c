-- Counts what happens in the running window: votes of a network, failed sign-ins. The counter's
-- lifetime is set when the window begins. Returns how many there were before.
local function count_in_window(key, more, seconds)
  local before = run("INCRBY", key, more) - more
  if before == 0 then
    redis.call("EXPIRE", key, seconds)
  end
  return before
end
