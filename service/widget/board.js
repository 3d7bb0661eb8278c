/* The board: where the poll stands. Its rows are the form's rows at the same heights, so that one
   takes the other's place without moving a word. */

function isClosed({ status }) {
  return status === "closed" || status === "archived";
}

/** Whether to ask for results at all; the service has the last word. */
function resultsVisible(poll, voted) {
  if (poll.status === "scheduled") return false;
  const after = { always: true, after_vote: voted || isClosed(poll), after_close: isClosed(poll) };
  return after[poll.results_visibility] ?? false;
}

/** What to say where the figures are not shown. */
function whyHidden({ results_visibility: rule, closes_at: closes }) {
  if (rule === "after_close" && closes) return fill(TEXTS.hiddenTillTime, { time: moment(closes) });
  const reasons = {
    always: "",
    after_vote: TEXTS.hiddenTillVote,
    after_close: TEXTS.hiddenTillClose,
  };
  return reasons[rule] ?? TEXTS.hidden;
}

/** Whether one can vote, and whether one has. */
function standing(poll, voted) {
  if (poll.status === "scheduled") {
    return poll.opens_at ? fill(TEXTS.opens, { time: moment(poll.opens_at) }) : TEXTS.notOpen;
  }
  return [voted && TEXTS.voted, isClosed(poll) && TEXTS.closed].filter(Boolean).join(" · ");
}

class BoardView {
  #charts;
  #total = make("p.total", {});

  constructor(poll, { results, answers, voted, status, remark, action }) {
    this.#charts = poll.questions.map((question) => new Chart(poll, question, answers, results));
    const said = make("p.status", {}, voted ? check() : null, status);
    this.element = make(
      "div.results",
      {},
      ...this.#charts.map((chart) => chart.element),
      actions(make("div", {}, status ? said : null, results && this.#total), action),
      note(remark),
    );
    if (results) this.update(results);
  }

  focus() {
    this.element.querySelector("h2").focus({ preventScroll: true });
  }

  /** Newer figures into the same rows; false where they no longer fit. */
  update(results) {
    this.#total.textContent = readers(results.ballots);
    return this.#charts.every((chart) => chart.update(results));
  }
}

function check() {
  return make("span.check", { ariaHidden: true });
}

function figuresOf(results, id) {
  return results?.questions.find((question) => question.id === id);
}

/** One question's rows: label, votes and share in aligned columns, a bar on the rule below. */
class Chart {
  #id;
  #rows;

  constructor(poll, question, answers, results) {
    const figures = figuresOf(results, question.id);
    const own = answers[question.id] ?? [];
    this.#id = question.id;
    this.#rows = (figures?.choices ?? question.choices).map(
      (choice) => new Row(poll, choice, own.includes(choice.id), figures && base(figures.base)),
    );
    this.element = make(
      "section.field",
      {},
      title(poll, question),
      help(poll, question),
      columns(figures),
      make("ul", { role: "list" }, ...this.#rows.map((row) => row.element)),
    );
  }

  update(results) {
    const choices = figuresOf(results, this.#id)?.choices ?? [];
    const fits =
      choices.length === this.#rows.length && choices.every(({ id }, i) => id === this.#rows[i].id);
    if (fits) choices.forEach((choice, i) => this.#rows[i].update(choice));
    return fits;
  }
}

/** The columns' heads: for the eye, since each row says the same to the ear. */
function columns(figures) {
  const heads = [
    make("span.votes", {}, TEXTS.votes.other),
    make("span.percent", {}, base(figures?.base)),
  ];
  return make("p.hint.row", { ariaHidden: true }, ...(figures ? heads : []));
}

class Row {
  #votes = make("span.votes", {});
  #percent = make("span.percent", {});
  #bar = make("span.bar", { ariaHidden: true });
  #base;

  constructor(poll, choice, own, shareOf) {
    this.id = choice.id;
    this.#base = shareOf;
    this.element = make(
      own ? "li.row.own" : "li.row",
      {},
      own ? check() : null,
      own ? unseen(`${TEXTS.yourChoice} `) : null,
      words(poll, choice.text),
      ...(shareOf ? [this.#votes, this.#percent, this.#bar] : []),
    );
  }

  update({ votes, percent }) {
    const unit = ` ${TEXTS.votes[PLURAL.select(votes)] ?? TEXTS.votes.other}`;
    const figure = make("bdi", {}, NUMBER.format(votes), make("span.unit", {}, unit));
    this.#votes.replaceChildren(figure);
    this.#percent.replaceChildren(PERCENT.format(percent / 100), unseen(` ${this.#base}`));
    this.#bar.style.setProperty("inline-size", `${percent}%`);
  }
}
