/* In which order choices stand, where that is the widget's to say. */

/** The poll as this reader gets it: shuffled choices in an order of the reader's own, the same at
    every look, with an other one as the last. */
function arranged(poll, reader) {
  if (poll.choice_order !== "shuffled") return poll;
  for (const question of poll.questions) {
    const seed = reader() + poll.id + question.id;
    const place = ({ id, is_other: last }) => (last ? Infinity : hash(id + seed));
    question.choices.sort((one, other) => place(one) - place(other) || 0);
  }
  return poll;
}

/* FNV-1a. What differs comes first in the text, so that all that follows spreads it. */
function hash(text) {
  let sum = 0x811c9dc5;
  for (const letter of text) sum = Math.imul(sum ^ letter.charCodeAt(0), 0x01000193);
  return sum >>> 0;
}

/** Moves rows of a list into their new order without losing the focus. */
function rearrange(list, rows) {
  const held = list.getRootNode().activeElement;
  list.append(...rows);
  held?.focus({ preventScroll: true });
}
