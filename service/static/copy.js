"use strict";

/* Copy buttons. Where the browser forbids the clipboard, the snippet is selected instead, so that
   one keystroke is left. */

const said = document.getElementById("copied");
const buttons = document.querySelectorAll("[data-copies]");

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(button) {
  const snippet = document.getElementById(button.dataset.copies);
  let words = "Copied";
  for (const each of buttons) each.textContent = "Copy";
  said.textContent = "";
  try {
    await navigator.clipboard.writeText(snippet.textContent);
  } catch {
    select(snippet);
    words = "Selected: press Ctrl or ⌘ and C";
  }
  button.textContent = words;
  said.textContent = words;
}

for (const button of buttons) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
