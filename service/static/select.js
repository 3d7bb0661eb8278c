"use strict";

/* Ticking many rows of a list: <input data-all="name"> ticks all boxes of the name, and
   <span data-counts="name"> says how many are ticked. */

for (const all of document.querySelectorAll("[data-all]")) {
  const boxes = [...document.getElementsByName(all.dataset.all)];
  const count = document.querySelector(`[data-counts="${all.dataset.all}"]`);
  const tell = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    if (count) count.textContent = ticked ? `${ticked} selected` : "";
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell(); // a page that the browser restores has ticks already
}
