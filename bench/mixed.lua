-- A hundred reads, of the poll and of its results in turn, to one new voter's ballot.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "ballots.lua")

local requests = 0

function init(args)
  prepare(args[1])
  local poll = wrk.format("GET")
  local results = wrk.format("GET", wrk.path .. "/results")
  function request()
    requests = requests + 1
    if requests % 101 == 0 then
      return new_voters_ballot()
    end
    return requests % 2 == 0 and poll or results
  end
end
