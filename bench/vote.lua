-- Each request is a new voter's ballot.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "ballots.lua")

function init(args)
  prepare(args[1])
  expect(201)
  request = new_voters_ballot
end
