"use strict";

/* The page of API keys: presets tick scopes without a new page, and the secret can be copied. */

document.addEventListener("click", (event) => {
  const preset = event.target.closest("[data-scopes]");
  if (!preset) return;
  event.preventDefault();
  const granted = preset.dataset.scopes.split(" ");
  for (const box of document.getElementsByName("scopes")) box.checked = granted.includes(box.value);
});

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    document.getElementById("copied").textContent = "Copied.";
  });
}
