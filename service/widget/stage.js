/* What stands in the element: one view, and a line that speaks where a view cannot. */

function stageIn(root) {
  /* The direction is that of our own words: the poll's, each in a bdi, have no say in it. */
  const line = make("p", { role: "status", tabIndex: -1, dir: "auto" });
  const place = make("div", { dir: "auto" });
  root.append(line, place);

  const tell = (name, text) => {
    line.className = line.part = name;
    line.textContent = text;
  };

  const stage = {
    view: null,

    /** The language of all that is said. */
    speak({ locale }) {
      line.lang = place.lang = locale;
    },

    /** A message in the room of a poll that is on its way, or that cannot be shown. */
    clear(name, message, room, action = "") {
      const held = root.activeElement;
      stage.view = null;
      place.replaceChildren(skeleton(room), action);
      tell(name, message);
      if (held) line.focus({ preventScroll: true });
    },

    /** Puts a view in place; the focus goes along only if it was here before. */
    show(view) {
      const held = root.activeElement;
      stage.view = view;
      place.replaceChildren(view.element);
      stage.announce("");
      if (held) view.focus();
    },

    /** Tells those who cannot see the view what has changed. */
    announce: (text) => tell("unseen", text),
  };
  return stage;
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
