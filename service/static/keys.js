"use strict";

/* The page of API keys: presets tick scopes without a new page. */

document.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-scopes]");
  if (!preset) return;
  event.preventDefault();
  const granted = preset.dataset.scopes.split(" ");
  for (const box of document.getElementsByName("scopes")) box.checked = granted.includes(box.value);
});
