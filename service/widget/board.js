/* The board: where the poll stands. Its rows are the form's rows at the same heights, so that one
   takes the other's place without moving a word. */

function isClosed({ status }) {
  return status === "closed" || status === "archived";
}

/** Whether the poll is over and shows no figures any more. */
function isSilent(poll) {
  return isClosed(poll) && /question|nothing/.test(poll.when_closed);
}

/** Whether to ask for results at all; the service has the last word. */
function resultsVisible(poll, voted) {
  if (poll.status === "scheduled" || isSilent(poll)) return false;
  const closed = isClosed(poll);
  const after = { always: true, after_vote: voted || closed, after_close: closed };
  return after[poll.results_visibility] ?? false;
}

/** What to say where the figures are not shown. */
function whyHidden(poll) {
  const { results_visibility: rule, closes_at: closes } = poll;
  if (isSilent(poll)) return "";
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

  constructor(poll, { results, answers, voted, remark, refused, action }) {
    const asked = isSilent(poll) && poll.when_closed === "nothing" ? [] : poll.questions;
    this.#charts = asked.map((question) => new Chart(poll, question, answers, results));
    const status = standing(poll, voted);
    const said = make("p.status", { tabIndex: -1 }, voted ? check() : null, status);
    const last = note(refused || remark);
    last.classList.toggle("bad", Boolean(refused));
    const thanked = thanks(poll, voted);
    this.element = make(
      "div.results",
      {},
      ...this.#charts.map((chart) => chart.element),
      actions(make("div", {}, status ? said : null, results && this.#total), action),
      ...(voted ? [thanked, last] : [last, thanked]),
    );
    if (results) this.update(results);
  }

  focus() {
    this.element.querySelector("h2, .status")?.focus({ preventScroll: true });
  }

  /** Newer figures into the same rows; false where they no longer fit. */
  update(results) {
    const { ballots } = results;
    this.#total.textContent = ballots === null ? "" : readers(ballots);
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
  #list;

  constructor(poll, question, answers, results) {
    const figures = figuresOf(results, question.id);
    const own = answers[question.id] ?? [];
    this.#id = question.id;
    this.#rows = (figures?.choices ?? question.choices).map((choice) => {
      const offered = question.choices.find(({ id }) => id === choice.id);
      /* The poll is in the reader's language; results are the same bytes for all. */
      return new Row(poll, { ...choice, ...offered }, own.includes(choice.id));
    });
    this.#list = make("ul", { role: "list" }, ...this.#rows.map((row) => row.element));
    this.element = make(
      "section.field",
      {},
      title(poll, question),
      help(poll, question),
      columns(figures),
      this.#list,
    );
  }

  update(results) {
    const { choices = [], other_texts: texts = [] } = figuresOf(results, this.#id) ?? {};
    const rows = choices.map(({ id }) => this.#rows.find((row) => row.id === id));
    if (rows.length !== this.#rows.length || rows.includes(undefined)) return false;
    rows.forEach((row, i) => row.update(choices[i], texts));
    if (rows.some((row, i) => row !== this.#rows[i])) {
      rearrange(
        this.#list,
        rows.map((row) => row.element),
      );
    }
    this.#rows = rows;
    return true;
  }
}

/** The columns' heads: for the eye, since each row says the same to the ear. */
function columns(figures) {
  const votes = figures && figures.votes !== null && make("span.votes", {}, TEXTS.votes.other);
  const share = make("span.percent", {}, TEXTS.share);
  return make("p.hint.row.heads", { ariaHidden: true }, votes || null, figures ? share : null);
}

class Row {
  #poll;
  #votes = null;
  #percent = null;
  #bar = null;
  #texts;

  constructor(poll, choice, own) {
    this.#poll = poll;
    this.id = choice.id;
    const shown = choice.percent !== undefined;
    if (shown && choice.votes !== null) this.#votes = make("span.votes", {});
    if (shown) this.#percent = make("span.percent", {});
    if (shown) this.#bar = make("span.bar", { ariaHidden: true });
    this.#texts = make("div.texts", {});
    const label = words(poll, choice.text);
    if (choice.retired) label.append(" ", make("small", { lang: TEXTS.locale }, TEXTS.retired));
    this.element = make(
      own ? "li.row.own" : "li.row",
      {},
      own ? check() : null,
      own ? unseen(`${TEXTS.yourChoice} `) : null,
      picture(choice),
      label,
      this.#votes,
      this.#percent,
      this.#bar,
      choice.is_other ? this.#texts : null,
    );
  }

  update({ votes, percent }, texts) {
    if (this.#votes) {
      const unit = ` ${TEXTS.votes[PLURAL.select(votes)] ?? TEXTS.votes.other}`;
      const figure = make("bdi", {}, NUMBER.format(votes), make("span.unit", {}, unit));
      this.#votes.replaceChildren(figure);
    }
    this.#percent.replaceChildren(PERCENT.format(percent / 100), unseen(` ${TEXTS.ofVoters}`));
    this.#bar.style.setProperty("inline-size", `${percent}%`);
    this.#tell(texts);
  }

  /* The list is made once, so that it stays open while its figures change. */
  #tell(texts) {
    if (!texts.length) return this.#texts.replaceChildren();
    const lines = texts.map(({ text, votes }) => {
      const count = votes === null ? "" : ` ${NUMBER.format(votes)}`;
      return make("li", {}, words(this.#poll, text), count);
    });
    const list = this.#texts.querySelector("ul");
    if (list) return list.replaceChildren(...lines);
    const heading = make("summary", {}, TEXTS.written);
    this.#texts.append(make("details", {}, heading, make("ul", { role: "list" }, ...lines)));
  }
}
