/* How the widget writes numbers, times and texts. Every word that a reader sees and that is not the
   poll's own stands in texts.json: TEXTS.vote is what that says of it, put in place by the build. */


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

/** How many choices a question takes, in words. */
function hint({ type, min_choices: min, max_choices: max, required, choices }) {
  const one = type === "single_choice" || max === 1;
  const text = fill(one ? TEXTS.chooseOne : range(min, max, choices.length), { min, max });
  return required ? text : fill(TEXTS.optional, { hint: text });
}

function range(min, max, offered) {
  if (min === max) return TEXTS.chooseExactly;
  if (min > 1) return TEXTS.chooseBetween;
  return max < offered ? TEXTS.chooseUpTo : TEXTS.chooseAny;
}
