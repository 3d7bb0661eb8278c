-- Plain GETs.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")
