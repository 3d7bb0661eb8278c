/* What stands in the element: one view, and a line that speaks where a view cannot. */

class Stage {
  #root;
  #line = make("p", { role: "status", tabIndex: -1 });
  #place = make("div", {});
  view = null;

  constructor(root) {
    this.#root = root;
    root.append(this.#line, this.#place);
  }

  /** Keeps room for the poll while it is on its way. */
  wait(room) {
    this.#clear("loading", TEXTS.loading, skeleton(room));
  }

  /** Says in the same room that the poll cannot be shown. */
  fail(message, room, ...actions) {
    this.#clear("failed", message, skeleton(room), ...actions);
  }

  /** Puts a view in place; the focus goes along only if it was here before. */
  show(view) {
    const held = this.#root.activeElement;
    this.view = view;
    this.#place.replaceChildren(view.element);
    this.#say("unseen", "");
    if (held) view.focus();
  }

  /** Tells those who cannot see the view what has changed. */
  announce(text) {
    this.#say("unseen", text);
  }

  #clear(name, text, ...nodes) {
    const held = this.#root.activeElement;
    this.view = null;
    this.#place.replaceChildren(...nodes);
    this.#say(name, text);
    if (held) this.#line.focus({ preventScroll: true });
  }

  #say(name, text) {
    this.#line.className = this.#line.part = name;
    this.#line.textContent = text;
  }
}

/** The board that is to come, with empty rows: its height is there before its words are. */
function skeleton({ rows, pictured }) {
  const row = () => make(pictured ? "li.row.pictured" : "li.row", {});
  return make(
    "div.board",
    { ariaHidden: true },
    make("p.question", {}),
    make("p.hint", {}),
    make("ul", {}, ...Array.from({ length: rows }, row)),
    actions(),
    note(""),
  );
}
