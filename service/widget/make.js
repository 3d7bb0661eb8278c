/* The few pieces that all views are made of. Text enters the page as text only, never as markup. */

/** make("p.note", ...) is <p class="note" part="note">: what we style, a page may style. In the
    settings, strings become attributes, all else properties; children that are not there are left out. */
function make(kind, settings, ...children) {
  const [tag, ...names] = kind.split(".");
  const node = document.createElement(tag);
  node.className = node.part = names.join(" ");
  for (const [name, value] of Object.entries(settings)) {
    if (typeof value === "string") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter(Boolean));
  return node;
}

/** Words of the poll's own, set apart from a page that may run in another language or direction. */
function wordsOf(poll, text) {
  return make("bdi", { lang: poll.locale ?? "" }, text);
}

/** A choice's picture, of one size whatever it is of: nothing moves when it comes. */
function picture({ image_url: src, image_alt: alt }) {
  const referrerpolicy = "no-referrer";
  return (
    /^https:/.test(src) &&
    make("img.image", { loading: "lazy", referrerpolicy, alt: alt ?? "", src })
  );
}

/** A poll's thanks. Where they are not due yet, their room is kept for them. */
function thanks(poll, due) {
  const kind = due ? "p.thanks" : "p.thanks.later";
  return poll.thank_you && make(kind, {}, wordsOf(poll, poll.thank_you));
}

function title(poll, question) {
  return make("h2.question", { tabIndex: -1 }, wordsOf(poll, question.text));
}

function help(poll, question) {
  return question.help && make("p.help", {}, wordsOf(poll, question.help));
}

function button(name, text, onclick) {
  return make(`button.${name}`, { type: "button", onclick }, text);
}

/** For the ear alone: what the eye reads from a mark or a column's head. */
function unseen(text) {
  return make("span.unseen", {}, text);
}

function actions(...children) {
  return make("div.actions", {}, ...children);
}

function note(text) {
  return make("p.note", {}, text);
}
