-- Runs a command on a key. Where what stands there is not ours, which the command would fail on
-- until somebody removes it, it gives way.
local function run(command, key, ...)
  local reply = redis.pcall(command, key, ...)
  local trouble = type(reply) == "table" and reply.err
  if not trouble then
    return reply
  end
  if trouble:find("WRONGTYPE", 1, true) or trouble:find("not an integer", 1, true) then
    redis.call("DEL", key)
  end
  return redis.call(command, key, ...)
end

-- What was kept as a number; `otherwise` for nothing, and for all that no count of ours comes to.
local function number_of(kept, otherwise)
  local digits = kept and #kept <= 15 and kept:match("^%d+$")
  return digits and tonumber(digits) or otherwise
end
