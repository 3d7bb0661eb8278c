-- Prints what a run has come to, as one line of JSON. A script that knows the one right status says
-- so by `expect`, in each thread's own state; otherwise those from 400 on are the wrong ones.
local threads = {}
unexpected = 0

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function expect(status)
  expecting = true
  function response(seen)
    if seen ~= status then
      unexpected = unexpected + 1
    end
  end
end

local function wrong(summary)
  if not threads[1]:get("expecting") then
    return summary.errors.status
  end
  local total = 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("unexpected")
  end
  return total
end

function done(summary, latency)
  local errors = wrong(summary)
    + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    'JSON {"requests":%d,"seconds":%f,"errors":%d,"p50_ms":%f,"p95_ms":%f,"p99_ms":%f}\n',
    summary.requests, summary.duration / 1e6, errors,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000
  ))
end
