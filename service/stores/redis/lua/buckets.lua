-- Where a poll's voters are: in numbered hashes, as many as the number of voters asks for. When it
-- passes a multiple of VOTERS_A_BUCKET, the next bucket takes its share out of one (linear hashing).
local VOTERS_A_BUCKET = 64
local MOST_VOTERS = 1000000000 -- a number that says more is not ours

local function buckets_for(voters)
  return math.floor(voters / VOTERS_A_BUCKET) + 1
end

-- The least power of two that is not below the number of buckets.
local function span_of(buckets)
  local span = 1
  while span < buckets do
    span = span * 2
  end
  return span
end

local function bucket_of(voter, buckets, span)
  local bucket = struct.unpack(">I4", voter) % span
  return bucket < buckets and bucket or bucket - span / 2
end

local function known_voters(voters_key)
  local known = number_of(run("GET", voters_key), 0)
  return known < MOST_VOTERS and known or 0
end
