/* The ballot paper: the questions with their choices to mark. */

class FormView {
  #fields;
  #vote = make("button.vote", {}, TEXTS.vote);
  #view;
  #note = note(TEXTS.sample);

  constructor(poll, { ballot, onVote, onView }) {
    this.#fields = poll.questions.map((question) => new Field(poll, question, ballot));
    this.#view = onView ? button("view", TEXTS.viewResults, onView) : null;
    this.#note.ariaLive = "polite";
    const onsubmit = (event) => {
      event.preventDefault();
      onVote();
    };
    this.element = make(
      "form.form",
      { noValidate: true, onsubmit },
      ...this.#fields.map((field) => field.element),
      actions(this.#vote, this.#view),
      this.#note,
      thanks(poll, false),
    );
  }

  /** {answers: {question: [choices]}, other_texts: {question: text}}; a question left open has no
      entry, and a ballot without texts none for them. */
  get ballot() {
    const answers = {};
    const texts = {};
    for (const { id, chosen, text } of this.#fields) {
      if (chosen.length) answers[id] = chosen;
      if (text) texts[id] = text;
    }
    return Object.keys(texts).length ? { answers, other_texts: texts } : { answers };
  }

  /** Whether the ballot can be cast; each question says what it lacks, the first is led to. */
  check() {
    const lacking = this.#fields.filter((field) => !field.check());
    lacking[0]?.focus();
    return !lacking.length;
  }

  focus() {
    this.#fields[0].focus();
  }

  sending() {
    /* The button holds the focus that a disabled field would lose. */
    if (this.element.matches(":focus-within")) this.#vote.focus({ preventScroll: true });
    this.#lock(true, true);
    this.#vote.textContent = TEXTS.sending;
    this.#say(TEXTS.sample, false);
  }

  /** After a failure. A ballot that is `kept` is to be sent again, so it must not change. */
  failed(message, kept) {
    this.#lock(kept, false);
    this.#vote.textContent = kept ? TEXTS.tryAgain : TEXTS.vote;
    this.#say(message, true);
  }

  /** While the results are on their way. */
  loading(busy) {
    if (this.#view) this.#view.textContent = busy ? TEXTS.loading : TEXTS.viewResults;
  }

  #lock(locked, alone) {
    for (const field of this.#fields) field.element.disabled = locked;
    if (this.#view) this.#view.hidden = alone;
    this.loading(false);
  }

  #say(message, bad) {
    this.#note.textContent = message;
    this.#note.classList.toggle("bad", bad);
  }
}

/** One question: native radio buttons or checkboxes, under the question as their legend. */
class Field {
  #question;
  #inputs;
  #other; // the mark of the choice that asks for words
  #words;
  #hint;

  constructor(poll, question, { answers, other_texts: texts }) {
    this.#question = question;
    const type = question.type === "single_choice" ? "radio" : "checkbox";
    const chosen = answers[question.id] ?? [];
    this.#inputs = question.choices.map(({ id }) =>
      make("input.mark", { type, name: question.id, value: id, checked: chosen.includes(id) }),
    );
    this.#other = this.#inputs[question.choices.findIndex((choice) => choice.is_other)];
    this.#words = make("input.text", {
      type: "text",
      maxlength: "200",
      autocomplete: "off",
      "aria-label": TEXTS.ownWords,
      value: texts?.[question.id] ?? "",
      oninput: () => this.#write(),
    });
    const id = `${question.id}-hint`;
    this.#hint = make("p.hint", { id, "aria-live": "polite" });
    this.#say("");
    this.element = make(
      "fieldset.field",
      { "aria-describedby": id, onchange: () => this.#say("") },
      make("legend", {}, title(poll, question)),
      help(poll, question),
      this.#hint,
      ...question.choices.map((choice, i) => this.#row(poll, choice, this.#inputs[i])),
    );
  }

  get id() {
    return this.#question.id;
  }

  get chosen() {
    return this.#inputs.filter((input) => input.checked).map((input) => input.value);
  }

  /** The reader's own words, where the choice that asks for them is marked. */
  get text() {
    return this.#other?.checked ? this.#words.value.trim() : "";
  }

  check() {
    const { required, min_choices: min, max_choices: max } = this.#question;
    const count = this.chosen.length;
    const fits = count ? count >= min && count <= max : !required;
    this.#say(fits ? "" : count ? hint(this.#question) : TEXTS.nothingChosen);
    if (fits && this.#mute) this.#say(TEXTS.nothingWritten);
    return fits && !this.#mute;
  }

  focus() {
    const marked = this.#inputs.find((input) => input.checked) ?? this.#inputs[0];
    (this.#mute ? this.#words : marked).focus();
  }

  /** Whether words are asked for and there are none. */
  get #mute() {
    return this.#other?.checked && !this.text;
  }

  #row(poll, choice, input) {
    const text = words(poll, choice.text);
    return make("label.row", {}, input, picture(choice), text, choice.is_other ? this.#words : null);
  }

  /* Who writes has chosen. */
  #write() {
    this.#other.checked = true;
    this.#say("");
  }

  /* A complaint takes the hint's place: that is tied to the field already, and nothing moves. */
  #say(complaint) {
    this.#hint.textContent = complaint || hint(this.#question);
    this.#hint.classList.toggle("bad", Boolean(complaint));
  }
}
