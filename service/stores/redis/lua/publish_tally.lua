-- Publishes a poll's tally unless a newer one stands there already.
-- KEYS[1]  the tally's hash
-- ARGV[1]  its revision   ARGV[2]  the tally as JSON   ARGV[3]  lifetime in seconds
-- ARGV[4]  "1" to replace even a newer one (it holds more than SQL does)
-- Returns 1 if it was published, 0 if a newer one stands.
local tally_key = KEYS[1]
local revision, tally, seconds = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local standing = tonumber(redis.call("HGET", tally_key, "revision") or "-1")
if standing > revision and ARGV[4] ~= "1" then
  return 0
end
redis.call("HSET", tally_key, "revision", revision, "tally", tally)
redis.call("EXPIRE", tally_key, seconds)
return 1
