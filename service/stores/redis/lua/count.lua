-- KEYS[1]  the window's counter
-- ARGV[1]  how many to add   ARGV[2]  lifetime in seconds
-- Returns how many there were before.
return count_in_window(KEYS[1], ARGV[1], ARGV[2])
