#!/bin/bash
# Chromium without the pages that every new window loads beside ours, which took two thirds of a
# window's time. The last list of features counts, so that ours joins Playwright's.
unneeded=WebUIOmniboxPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI,SpareRendererForSitePerProcess
exec "${CHROMIUM:-chromium}" "${@/#--disable-features=/--disable-features=$unneeded,}"
