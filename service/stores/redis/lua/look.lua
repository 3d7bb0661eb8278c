-- What is known of a batch of ballots of one poll, whose networks' votes it counts on the way.
-- KEYS[1]  the number of the poll's voters   KEYS[2...]  the networks' counters of this window
-- ARGV[1]  the counters' lifetime in seconds   ARGV[2...#KEYS]  the votes of each network
-- ARGV[#KEYS + 1...]  the batch's voters
-- Returns the stamp of each voter's ballot, nil for a stranger, and what was counted before.
local before, stamps = {}, {}
for i = 2, #KEYS do
  before[i - 1] = count_in_window(KEYS[i], ARGV[i], ARGV[1])
end
local buckets = buckets_for(known_voters(KEYS[1]))
local span = span_of(buckets)
for i = #KEYS + 1, #ARGV do
  local bucket = bucket_of(ARGV[i], buckets, span)
  stamps[i - #KEYS] = run("HGET", KEYS[1] .. ":" .. bucket, ARGV[i])
end
return {stamps, before}
