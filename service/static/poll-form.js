"use strict";

/* The poll form: rows that are added, moved and removed without a request, and the preview. All of
   it but the preview works without this file too, by the same buttons. */

const form = document.querySelector("[data-poll-form]");
const said = form.querySelector("[data-said]");
let changed = "touched" in form.dataset;

/* Rows. A row's fields are named by its code, and its place in the list is its place in the poll,
   so to move a row is to move its node. */

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-row]")];
const textOf = (row) => row.querySelector("[data-text]");
const called = (row) => textOf(row).value.trim() || "this choice";
const actOf = (row, verb) => row.querySelector(`button[value^="${verb} "]`);

function touch() {
  changed = true;
  plan();
}

function say(words) {
  said.textContent = words;
}

/** What follows from the rows' places and words. */
function settle(list) {
  const rows = rowsOf(list);
  rows.forEach((row, place) => {
    actOf(row, "up").disabled = place === 0;
    actOf(row, "down").disabled = place === rows.length - 1;
    row.querySelector(".choice-text label").textContent = `Choice ${place + 1}`;
    name(row);
  });
}

function name(row) {
  const acts = { up: "Move {} up", down: "Move {} down", remove: "Remove {}", retire: "Retire {}" };
  for (const [verb, words] of Object.entries(acts)) {
    actOf(row, verb)?.setAttribute("aria-label", words.replace("{}", called(row)));
  }
  row.querySelector("summary").ariaLabel = `More about ${called(row)}: picture, own answer`;
}

/** A code for a new row: the page's own, until the poll is saved. */
function newCode(list) {
  const codes = rowsOf(list).map((row) => /^n(\d+)$/.exec(row.querySelector("input").value)?.[1]);
  return `n${Math.max(0, Number(list.dataset.last ?? 0), ...codes.map((code) => Number(code ?? 0))) + 1}`;
}

function add(list, after = null) {
  const code = newCode(list);
  list.dataset.last = code.slice(1);
  const blank = list.parentElement.querySelector("template[data-blank]");
  const row = blank.content.firstElementChild.cloneNode(true);
  for (const node of [row, ...row.querySelectorAll("*")]) {
    for (const attribute of node.attributes) {
      if (attribute.value.includes("__new__")) {
        attribute.value = attribute.value.replaceAll("__new__", code);
      }
    }
  }
  if (after) after.after(row);
  else list.append(row);
  settle(list);
  touch();
  textOf(row).focus();
}

function remove(list, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const words = called(row);
  row.remove();
  settle(list);
  touch();
  say(`Removed ${words}.`);
  if (next) textOf(next).focus();
  else list.parentElement.querySelector('button[value^="add "]').focus();
}

function move(list, row, step, button) {
  const rows = rowsOf(list);
  const other = rows[rows.indexOf(row) + step];
  if (!other) return;
  if (step < 0) other.before(row);
  else other.after(row);
  settle(list);
  touch();
  if (button.disabled) actOf(row, step < 0 ? "down" : "up").focus();
  else button.focus();
  tellPlace(list, row);
}

function tellPlace(list, row) {
  const rows = rowsOf(list);
  say(`${called(row)} is number ${rows.indexOf(row) + 1} of ${rows.length} now.`);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="do"]');
  if (!button) return;
  const [verb] = button.value.split(" ");
  const row = button.closest("[data-row]");
  const list = row?.parentElement ?? button.parentElement.querySelector(":scope > [data-rows]");
  const act = {
    add: () => add(list),
    remove: () => remove(list, row),
    up: () => move(list, row, -1, button),
    down: () => move(list, row, 1, button),
  }[verb];
  if (!act || !list) return;
  event.preventDefault();
  act();
});

/* Enter goes on to the next choice, and makes one after the last; it does not send the form. */
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input, textarea")) return;
  const row = event.target.closest("[data-row]");
  if (event.target.matches("[data-text]")) {
    event.preventDefault();
    if (row.nextElementSibling) textOf(row.nextElementSibling).focus();
    else if (textOf(row).value.trim()) add(row.parentElement);
  } else if (event.target.closest(".ask")) {
    event.preventDefault();
    const first = event.target.closest("[data-question]").querySelector("[data-text]");
    first?.focus();
  } else if (event.target.matches('input:not([type="checkbox"], [type="radio"])')) {
    event.preventDefault();
  }
});

/* Dragging, by mouse, pen or finger alike. */
form.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  const row = grip.closest("[data-row]");
  const list = row.parentElement;
  const before = rowsOf(list).indexOf(row);
  grip.setPointerCapture(event.pointerId);
  row.classList.add("is-dragged");

  /* The other row moves, because a node that is moved loses the pointer. */
  const drag = ({ clientY }) => {
    const over = rowsOf(list).find((other) => {
      const { top, bottom } = other.getBoundingClientRect();
      return other !== row && clientY > top && clientY < bottom;
    });
    if (!over) return;
    const { top, height } = over.getBoundingClientRect();
    const below = row.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (below && clientY > top + height / 3) row.before(over);
    else if (!below && clientY < top + (2 * height) / 3) row.after(over);
  };
  const drop = () => {
    row.classList.remove("is-dragged");
    grip.removeEventListener("pointermove", drag);
    for (const end of ["pointerup", "pointercancel"]) grip.removeEventListener(end, drop);
    if (rowsOf(list).indexOf(row) === before) return;
    settle(list);
    touch();
    tellPlace(list, row);
  };
  grip.addEventListener("pointermove", drag);
  for (const end of ["pointerup", "pointercancel"]) grip.addEventListener(end, drop);
});

/* The preview: the service makes of the form what readers would get, the widget draws it. */

const pane = document.querySelector("[data-preview-pane]");
const stage = pane.querySelector("[data-stage]");
const widget = document.createElement("vox-pop");
const PAUSE = 250;
let timer;
let latest;

function plan() {
  clearTimeout(timer);
  timer = setTimeout(draw, PAUSE);
}

function picked(name) {
  return pane.querySelector(`input[name="preview-${name}"]:checked`).value;
}

async function draw() {
  clearTimeout(timer);
  latest?.abort();
  latest = new AbortController();
  const fields = new URLSearchParams(new FormData(form));
  fields.delete("base");
  fields.set("view", picked("view"));
  try {
    const { signal } = latest;
    const answer = await fetch(form.dataset.preview, { method: "POST", body: fields, signal });
    if (answer.ok) show(await answer.json());
  } catch {
    /* Away for the moment: what was drawn stays, and the next change asks again. */
  }
}

function show({ summaries, opens_later: later, ...preview }) {
  const drawn = JSON.stringify(preview);
  if (stage.dataset.drawn !== drawn) widget.preview = preview;
  if (!widget.isConnected) stage.append(widget);
  stage.dataset.drawn = drawn;
  for (const line of form.querySelectorAll("[data-summary]")) {
    line.textContent = summaries[line.dataset.summary] ?? line.textContent;
  }
  for (const button of form.querySelectorAll("[data-later]")) {
    button.textContent = later ? button.dataset.later : button.dataset.now;
  }
}

pane.addEventListener("change", ({ target }) => {
  stage.dataset.width = picked("width");
  stage.dataset.scheme = picked("scheme");
  if (target.name === "preview-view") draw();
});

form.addEventListener("input", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) name(row);
  touch();
});

/* Nothing typed is lost by a slip. */
let leaving = false;
form.addEventListener("submit", () => (leaving = true));
addEventListener("pageshow", () => (leaving = false));
addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});

for (const list of form.querySelectorAll("[data-rows]")) settle(list);
if (matchMedia("(prefers-color-scheme: dark)").matches) {
  pane.querySelector('input[value="dark"]').checked = true;
  stage.dataset.scheme = "dark";
}
draw();
