-- KEYS[1]  the tally's hash
-- ARGV[1]  its revision   ARGV[2]  the tally as JSON   ARGV[3]  lifetime in seconds
-- ARGV[4]  "1" to replace even a newer one (it holds more than SQL does)
return publish_tally(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4] == "1")
