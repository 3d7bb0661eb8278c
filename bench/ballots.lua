-- Ballots as the widget sends them. The first word is the origin they come from.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

function prepare(origin)
  math.randomseed(os.time() * 1000 + number * 7919)
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Origin"] = origin
end

function ballot(id, voter, choice)
  local body = string.format(
    '{"ballot_id":"%s","voter":"%s","answers":{"q1":["c%d"]},"page":null}', id, voter, choice
  )
  return wrk.format("POST", wrk.path .. "/ballots", nil, body)
end

local function hex(digits)
  local text = {}
  for place = 1, digits do
    text[place] = string.format("%x", math.random(0, 15))
  end
  return table.concat(text)
end

function new_voters_ballot()
  local id = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(12)
  return ballot(id, hex(24), math.random(1, 8))
end
