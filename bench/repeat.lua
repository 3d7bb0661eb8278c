-- Each request is a ballot of somebody who has voted; bench/voters.py says who they are. Words: the
-- origin, how many they are, what their ballots' ids begin with, the status that is right.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "ballots.lua")

function init(args)
  local voters, begins = tonumber(args[2]), args[3]
  prepare(args[1])
  expect(tonumber(args[4]))
  function request()
    local voter = math.random(0, voters - 1)
    local id = string.format("%s-0000-4000-8000-%012d", begins, voter)
    return ballot(id, string.format("bench-voter-%012d", voter), voter % 8 + 1)
  end
end
