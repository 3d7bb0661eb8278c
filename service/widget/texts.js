/* What the widget says, and how it writes numbers and times. Every word that a reader sees and that
   is not the poll's own stands here. */

const TEXTS = Object.freeze({
  locale: "en",
  loading: "Loading ...",
  vote: "Vote",
  sending: "Sending ...",
  viewResults: "View Results",
  backToVote: "Back to vote",
  tryAgain: "Try again",

  chooseOne: "Choose one",
  chooseAny: "Choose as many as you like",
  chooseExactly: "Choose {min}",
  chooseUpTo: "Choose up to {max}",
  chooseBetween: "Choose {min} to {max}",
  optional: "{hint} (optional)",
  nothingChosen: "Choose an answer, then vote",

  yourChoice: "Your choice:",
  votes: Object.freeze({ one: "vote", other: "votes" }),
  ofBallots: "of voters",
  ofAnswered: "of answers",
  ofVotes: "of votes",
  readers: Object.freeze({ one: "{n} reader has voted", other: "{n} readers have voted" }),
  nobody: "No reader has voted yet",
  resultsShown: "The results are shown.",
  counted: "Your vote is counted.",
  countedShown: "Your vote is counted. The results are shown.",
  sample: "Readers who chose to take part; not a scientific sample.",

  voted: "You have voted",
  alreadyVoted: "You have already voted in this poll.",
  closed: "Voting has closed",
  notOpen: "Voting has not opened yet",
  opens: "Voting opens on {time}",
  hiddenTillVote: "Results are shown to readers who have voted.",
  hiddenTillClose: "Results are shown when voting has closed.",
  hiddenTillTime: "Results are shown when voting closes on {time}.",
  hidden: "Results are not published.",

  notLoaded: "This poll could not be loaded.",
  notFound: "This poll is not available.",
  noResults: "The results could not be loaded.",
  notSent: "Your vote did not get through. Try again.",
  notTaken: "Your vote was not accepted.",
  busy: "Voting is very busy. Your choice is kept; try again in a moment.",
  busyFor: Object.freeze({
    one: "Voting is very busy. Your choice is kept; try again in {n} second.",
    other: "Voting is very busy. Your choice is kept; try again in {n} seconds.",
  }),
  elsewhere: "Answer on the page of this poll",
});

/* The reader's own habits (24 or 12 hours) where they fit the language of the texts. */
const LOCALE =
  navigator.languages?.find((tag) => tag.split("-")[0] === TEXTS.locale) ?? TEXTS.locale;
const NUMBER = new Intl.NumberFormat(LOCALE);
const PERCENT = new Intl.NumberFormat(LOCALE, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const PLURAL = new Intl.PluralRules(LOCALE);

/** "Choose {min}" with {min: 2} becomes "Choose 2". */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The form of a text that fits the number, with the number written in. */
function plural(forms, n) {
  return fill(forms[PLURAL.select(n)] ?? forms.other, { n: NUMBER.format(n) });
}

/** A moment in the reader's own time zone. */
function moment(iso) {
  const format = new Intl.DateTimeFormat(LOCALE, { dateStyle: "long", timeStyle: "short" });
  return format.format(new Date(iso));
}

function readers(n) {
  return n ? plural(TEXTS.readers, n) : TEXTS.nobody;
}

/** What the percentages of a question are shares of: never left for the reader to guess. */
function base(name) {
  return { answered: TEXTS.ofAnswered, votes: TEXTS.ofVotes }[name] ?? TEXTS.ofBallots;
}

/** How many choices a question takes, in words. */
function hint({ type, min_choices: min, max_choices: max, required, choices }) {
  const one = type === "single_choice" || max === 1;
  const text = fill(TEXTS[one ? "chooseOne" : range(min, max, choices.length)], { min, max });
  return required ? text : fill(TEXTS.optional, { hint: text });
}

function range(min, max, offered) {
  if (min === max) return "chooseExactly";
  if (min > 1) return "chooseBetween";
  return max < offered ? "chooseUpTo" : "chooseAny";
}
