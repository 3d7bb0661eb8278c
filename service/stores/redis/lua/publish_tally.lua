-- Publishes a poll's tally unless a newer one stands there already, or even then by force.
-- Returns 1 if it was published, 0 if a newer one stands.
local function publish_tally(key, revision, tally, seconds, by_force)
  local standing = number_of(run("HGET", key, "revision"), -1)
  if standing > tonumber(revision) and not by_force then
    return 0
  end
  redis.call("HSET", key, "revision", revision, "tally", tally)
  redis.call("EXPIRE", key, seconds)
  return 1
end
