-- Remembers voters of one poll, and publishes its tally if it changed.
-- KEYS[1]  the number of the poll's voters   KEYS[2]  the tally's hash
-- ARGV[1]  the voters' lifetime in seconds   ARGV[2]  the tally's
-- ARGV[3]  its revision   ARGV[4]  the tally as JSON, empty if it did not change
-- ARGV[5]  how many ballots it counts
-- ARGV[6...]  voter, stamp, voter, stamp ...
local voters_key, seconds = KEYS[1], ARGV[1]

local function fill(new)
  local span = span_of(new + 1)
  local source, target = voters_key .. ":" .. new - span / 2, voters_key .. ":" .. new
  local held, moved, voters = run("HGETALL", source), {}, {}
  for i = 1, #held, 2 do
    if bucket_of(held[i], new + 1, span) == new then
      moved[#moved + 1], moved[#moved + 2] = held[i], held[i + 1]
      voters[#voters + 1] = held[i]
    end
  end
  if #voters > 0 then
    run("HSET", target, unpack(moved))
    redis.call("EXPIRE", target, seconds)
    redis.call("HDEL", source, unpack(voters))
  end
end

-- As many voters are there at least: so a number that was lost finds their buckets again.
local known = math.max(known_voters(voters_key), tonumber(ARGV[5]))
local buckets = buckets_for(known)
local span = span_of(buckets)
for i = 6, #ARGV, 2 do
  local bucket = voters_key .. ":" .. bucket_of(ARGV[i], buckets, span)
  known = known + run("HSET", bucket, ARGV[i], ARGV[i + 1])
  redis.call("EXPIRE", bucket, seconds)
  if buckets < buckets_for(known) then
    fill(buckets)
    buckets = buckets + 1
    span = span_of(buckets)
  end
end
redis.call("SET", voters_key, known, "EX", seconds)
if ARGV[4] ~= "" then
  publish_tally(KEYS[2], ARGV[3], ARGV[4], ARGV[2], false)
end
