"use strict";

/* What the owners' pages do by themselves, beside htmx. */

// htmx sends the form token of the page with every request.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  event.detail.ctx.request.headers["X-CSRFToken"] = token;
});

// Where the bar or the tabs are wider than the screen, the place one is at is moved into sight.
for (const here of document.querySelectorAll(":is(.places, .tabs) > [aria-current]")) {
  const room = here.parentElement;
  const beyond = here.getBoundingClientRect().right - room.getBoundingClientRect().right;
  room.scrollLeft += Math.max(0, Math.ceil(beyond));
}

// An open menu closes by Escape, which gives the focus back, and by a click elsewhere.
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
