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
  return after[poll.results_visibility];
}

/** What to say where the figures are not shown. */
function whyHidden(poll) {
  const { texts, why_hidden: why, closes_at: closes } = poll;
  return isSilent(poll) ? "" : say(texts, why, { time: moment(texts, closes) });
}

/** Whether one can vote, and whether one has. */
function standing(poll, voted) {
  const { texts, opens_at: opens } = poll;
  if (poll.status === "scheduled") {
    return opens ? say(texts, texts.opens, { time: moment(texts, opens) }) : texts.notOpen;
  }
  return [voted && texts.voted, isClosed(poll) && texts.closed].filter(Boolean).join(" · ");
}

function boardView(poll, { results, answers, voted, remark, refused, action }) {
  const { texts } = poll;
  const asked = isSilent(poll) && poll.when_closed === "nothing" ? [] : poll.questions;
  const charts = asked.map((question) => chartOf(poll, question, answers, results));
  const total = make("p.total", {});
  const status = standing(poll, voted);
  const said = status && make("p.status", { tabIndex: -1 }, voted && check(), status);
  const last = note(refused || remark);
  last.classList.toggle("bad", Boolean(refused));
  const ends = [last, thanks(poll, voted)];
  const element = make(
    "div.results",
    {},
    ...charts.map((chart) => chart.element),
    actions(make("div", {}, said, results && total), action),
    ...(voted ? ends.reverse() : ends),
  );

  /** Newer figures into the same rows; false where they no longer fit. */
  const update = (fresh) => {
    const { ballots: n } = fresh;
    total.textContent = n === null ? "" : say(texts, n ? texts.readers : texts.nobody, { n });
    return charts.every((chart) => chart.update(fresh));
  };

  if (results) update(results);
  return {
    element,
    update,
    focus: () => element.querySelector("h2, .status")?.focus({ preventScroll: true }),
  };
}

function check() {
  return make("span.check", { ariaHidden: true });
}

/** One question's rows: label, votes and share in aligned columns, a bar on the rule below. */
function chartOf(poll, question, answers, results) {
  const { texts } = poll;
  const place = ({ id }) => question.choices.findIndex((choice) => choice.id === id) + 1 || Infinity;
  const figuresOf = (given) => {
    const found = given?.questions.find(({ id }) => id === question.id);
    if (!found || poll.choice_order !== "alphabetical" || poll.results_order === "by_votes") return found;
    /* The alphabet is that of the reader's language, as in the form. */
    const choices = [...found.choices].sort((one, other) => place(one) - place(other) || 0);
    return { ...found, choices };
  };
  const figures = figuresOf(results);
  const own = answers[question.id] ?? [];
  let rows = (figures?.choices ?? question.choices).map((choice) => {
    const offered = question.choices.find(({ id }) => id === choice.id);
    /* The poll is in the reader's language; results are the same bytes for all. */
    return rowOf(poll, { ...choice, ...offered }, own.includes(choice.id));
  });
  const list = make("ul", { role: "list" }, ...rows.map((row) => row.element));

  /* The columns' heads: for the eye, since each row says the same to the ear. */
  const heads = make(
    "p.hint.row.heads",
    { ariaHidden: true },
    figures && figures.votes !== null && make("span.votes", {}, texts.votes?.other),
    figures && make("span.percent", {}, texts.share),
  );

  return {
    element: make("section.field", {}, title(poll, question), help(poll, question), heads, list),

    update(fresh) {
      const { choices = [], other_texts: written = [] } = figuresOf(fresh) ?? {};
      const next = choices.map(({ id }) => rows.find((row) => row.id === id));
      if (next.length !== rows.length || next.includes(undefined)) return false;
      next.forEach((row, i) => row.update(choices[i], written));
      if (next.some((row, i) => row !== rows[i])) {
        rearrange(
          list,
          next.map((row) => row.element),
        );
      }
      rows = next;
      return true;
    },
  };
}

function rowOf(poll, choice, own) {
  const { texts } = poll;
  const shown = choice.percent !== undefined;
  const votes = shown && choice.votes !== null && make("span.votes", {});
  const share = shown && make("span.percent", {});
  const bar = shown && make("span.bar", { ariaHidden: true });
  const written = make("div.texts", {});
  /* What is offered no more comes with the results, in the site's language. */
  const label = wordsOf(choice.retired ? {} : poll, choice.text);
  if (choice.retired) label.append(" ", make("small", { lang: texts.locale }, texts.retired));

  /* The list is made once, so that it stays open while its figures change. */
  const tell = (lines) => {
    const list = written.querySelector("ul");
    if (!lines.length) written.replaceChildren();
    else if (list) list.replaceChildren(...lines);
    else {
      const heading = make("summary", {}, texts.written);
      written.append(make("details", {}, heading, make("ul", { role: "list" }, ...lines)));
    }
  };
  const line = ({ text, votes: n }) =>
    make("li", {}, wordsOf({}, text), n !== null && ` ${numeral(texts, n)}`);

  return {
    id: choice.id,
    element: make(
      own ? "li.row.own" : "li.row",
      {},
      own && check(),
      own && unseen(`${say(texts, texts.yourChoice)} `),
      picture(choice),
      label,
      votes,
      share,
      bar,
      choice.is_other && written,
    ),

    update({ votes: n, percent }, lines) {
      if (votes) {
        const unit = make("span.unit", {}, ` ${say(texts, texts.votes, { n })}`);
        votes.replaceChildren(make("bdi", {}, numeral(texts, n), unit));
      }
      share.replaceChildren(percentage(texts, percent), unseen(` ${say(texts, texts.ofVoters)}`));
      bar.style.setProperty("inline-size", `${percent}%`);
      tell(lines.map(line));
    },
  };
}
