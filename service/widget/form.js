/* The ballot paper: the questions with their choices to mark. */

class FormView {
  #fields;
  #vote = make("button.vote", {}, TEXTS.vote);
  #view;
  #note = note(TEXTS.sample);

  constructor(poll, { answers, onVote, onView }) {
    this.#fields = poll.questions.map((question) => new Field(poll, question, answers));
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
    );
  }

  /** {question: [choices]}; a question left open has no entry. */
  get answers() {
    const given = this.#fields.filter((field) => field.chosen.length);
    return Object.fromEntries(given.map((field) => [field.id, field.chosen]));
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
    this.#lock(true);
    this.#vote.textContent = TEXTS.sending;
    this.#say(TEXTS.sample, false);
  }

  /** After a failure. A ballot that is `kept` is to be sent again, so it must not change. */
  failed(message, kept) {
    this.#lock(kept);
    this.#vote.textContent = kept ? TEXTS.tryAgain : TEXTS.vote;
    this.#say(message, true);
  }

  /** While the results are on their way. */
  loading(busy) {
    if (this.#view) this.#view.textContent = busy ? TEXTS.loading : TEXTS.viewResults;
  }

  #lock(locked) {
    for (const field of this.#fields) field.element.disabled = locked;
    if (this.#view) this.#view.hidden = locked;
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
  #hint;

  constructor(poll, question, answers) {
    this.#question = question;
    const type = question.type === "single_choice" ? "radio" : "checkbox";
    const chosen = answers[question.id] ?? [];
    this.#inputs = question.choices.map(({ id }) =>
      make("input", { type, name: question.id, value: id, checked: chosen.includes(id) }),
    );
    const id = `${question.id}-hint`;
    this.#hint = make("p.hint", { id, "aria-live": "polite" });
    this.#say("");
    this.element = make(
      "fieldset.field",
      { "aria-describedby": id, onchange: () => this.#say("") },
      make("legend", {}, title(poll, question)),
      help(poll, question),
      this.#hint,
      ...question.choices.map((choice, i) =>
        make("label.row", {}, this.#inputs[i], words(poll, choice.text)),
      ),
    );
  }

  get id() {
    return this.#question.id;
  }

  get chosen() {
    return this.#inputs.filter((input) => input.checked).map((input) => input.value);
  }

  check() {
    const { required, min_choices: min, max_choices: max } = this.#question;
    const count = this.chosen.length;
    const fits = count ? count >= min && count <= max : !required;
    this.#say(fits ? "" : count ? hint(this.#question) : TEXTS.nothingChosen);
    return fits;
  }

  focus() {
    (this.#inputs.find((input) => input.checked) ?? this.#inputs[0]).focus();
  }

  /* A complaint takes the hint's place: that is tied to the field already, and nothing moves. */
  #say(complaint) {
    this.#hint.textContent = complaint || hint(this.#question);
    this.#hint.classList.toggle("bad", Boolean(complaint));
  }
}
