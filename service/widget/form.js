/* The ballot paper: the questions with their choices to mark. */

/** A view of the poll to vote in: `ballot` is what is marked already. */
function formView(poll, ballot, onVote, onView) {
  const { texts } = poll;
  const fields = poll.questions.map((question) => fieldOf(poll, question, ballot));
  const vote = make("button.vote", {}, texts.vote);
  const look = onView && button("view", texts.viewResults, onView);
  const remark = note(texts.sample);
  remark.ariaLive = "polite";

  const onsubmit = (event) => {
    event.preventDefault();
    onVote();
  };

  const asking = (busy) => {
    if (look) look.textContent = busy ? texts.loading : texts.viewResults;
  };

  const lock = (locked, alone) => {
    for (const field of fields) field.element.disabled = locked;
    if (look) look.hidden = alone;
    asking(false);
  };

  const tell = (message, bad) => {
    if (remark.textContent !== message) remark.textContent = message;
    remark.classList.toggle("bad", bad);
  };

  const view = {
    element: make(
      "form.form",
      { noValidate: true, onsubmit },
      ...fields.map((field) => field.element),
      actions(vote, look),
      remark,
      thanks(poll, false),
    ),

    /** Whether it holds a ballot that is to be sent again. */
    kept: false,

    /** {answers: {question: [choices]}, other_texts: {question: text}}; a question left open has
        no entry, and a ballot without texts none for them. */
    marked() {
      const answers = {};
      let other_texts;
      for (const { id, chosen, written } of fields) {
        if (chosen().length) answers[id] = chosen();
        if (written()) (other_texts ??= {})[id] = written();
      }
      return { answers, other_texts };
    },

    /** Whether the ballot can be cast; each question says what it lacks, the first is led to. */
    check() {
      const lacking = fields.filter((field) => !field.check());
      lacking[0]?.focus();
      return !lacking.length;
    },

    focus: () => fields[0].focus(),

    posting() {
      /* The button holds the focus that a disabled field would lose. */
      if (view.element.matches(":focus-within")) vote.focus({ preventScroll: true });
      lock(true, true);
      vote.textContent = texts.sending;
      tell(texts.sample, false);
    },

    /** After a failure. A ballot that is `kept` is to be sent again, so it must not change. */
    failed(message, kept) {
      view.kept = kept;
      lock(kept, false);
      vote.textContent = kept ? texts.tryAgain : texts.vote;
      tell(message, true);
    },

    /** While the results are on their way. */
    asking,
  };
  return view;
}

/** One question: native radio buttons or checkboxes, under the question as their legend. */
function fieldOf(poll, question, { answers, other_texts: written }) {
  const { texts } = poll;
  const { id, choices, required, min_choices: min, max_choices: max } = question;
  const hint = say(texts, question.hint, { min, max });
  const type = question.type === "single_choice" ? "radio" : "checkbox";
  const inputs = choices.map(({ id: value }) =>
    make("input.mark", { type, name: id, value, checked: (answers[id] ?? []).includes(value) }),
  );
  const about = make("p.hint", { id: `${id}-hint`, "aria-live": "polite" });

  /* A complaint takes the hint's place: that is tied to the field already, and nothing moves. */
  const tell = (complaint) => {
    about.textContent = complaint || hint;
    about.classList.toggle("bad", Boolean(complaint));
    for (const input of inputs) input.ariaInvalid = complaint ? "true" : null;
  };
  const settle = () => tell("");

  /* The mark of the choice that asks for words, and the words. Who writes has chosen. */
  const other = inputs[choices.findIndex((choice) => choice.is_other)];
  const oninput = () => {
    other.checked = true;
    settle();
  };
  const words = make("input.text", {
    type: "text",
    maxlength: "200",
    autocomplete: "off",
    "aria-label": texts.ownWords ?? "",
    value: written?.[id] ?? "",
    oninput,
  });
  const text = () => (other?.checked ? words.value.trim() : "");
  const mute = () => other?.checked && !text();
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);

  const row = (choice, i) =>
    make(
      "label.row",
      {},
      inputs[i],
      picture(choice),
      wordsOf(poll, choice.text),
      choice.is_other && words,
    );

  settle();
  return {
    id,
    chosen,
    written: text,
    element: make(
      "fieldset.field",
      { "aria-describedby": about.id, onchange: settle },
      make("legend", {}, title(poll, question)),
      help(poll, question),
      about,
      ...choices.map(row),
    ),

    check() {
      const count = chosen().length;
      const fits = count ? count >= min && count <= max : !required;
      tell(fits ? mute() && texts.nothingWritten : count ? hint : texts.nothingChosen);
      return fits && !mute();
    },

    focus() {
      const marked = inputs.find((input) => input.checked) ?? inputs[0];
      (mute() ? words : marked).focus();
    },
  };
}
