-- Each request is a new voter's ballot.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init(args)
  math.randomseed(os.time() * 1000 + number * 7919)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Origin"] = args[1]
end

local function hex(digits)
  local text = {}
  for place = 1, digits do
    text[place] = string.format("%x", math.random(0, 15))
  end
  return table.concat(text)
end

function request()
  local id = hex(8) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(12)
  local body = string.format(
    '{"ballot_id":"%s","voter":"%s","answers":{"q1":["c%d"]},"page":null}',
    id, hex(24), math.random(1, 8)
  )
  return wrk.format(nil, nil, nil, body)
end
