-- Readers of one poll: each asks for the results again and again, and one time in five for the poll
-- in a page's language, with whatever a page's address or a browser adds.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")

local pace = 100 -- milliseconds from one request of a reader to the next; the widget's is 5,000
local languages = { "en", "en", "ar", "id" }
local encodings = { "gzip, deflate, br, zstd", "gzip, deflate, br", "gzip", "identity" }

function delay()
  return pace * (0.8 + math.random() * 0.4)
end

function request()
  local path = wrk.path .. "/results?utm_source=" .. math.random(1, 1000)
  if math.random(1, 5) == 1 then
    path = wrk.path .. "?locale=" .. languages[math.random(#languages)]
  end
  return wrk.format("GET", path, { ["Accept-Encoding"] = encodings[math.random(#encodings)] })
end
