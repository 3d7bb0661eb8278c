/* How the widget speaks. Nearly all it says comes with the poll, in the language that the widget asked
   for: `poll.texts`, by the keys of texts.json. Only what is said before a poll is there is known
   beforehand, put in place by the build: EARLY, what is said while it loads, and UNTRANSLATED, what
   there is to say where it never comes. */

function languageOf(tag) {
  return tag.split("-")[0];
}

/** The language to speak: the element's own, else that of what it stands in, else the reader's. */
function localeOf(element) {
  let tag = element.getAttribute("locale");
  for (let node = element; node && !tag; node = node.parentNode ?? node.host) tag = node.lang;
  return tag || (navigator.languages.find((each) => EARLY.includes(languageOf(each))) ?? navigator.language);
}

function earlyTexts(locale) {
  const place = Math.max(0, EARLY.indexOf(languageOf(locale)));
  return { locale: EARLY[place], loading: EARLY[place + 1] };
}

/** The texts, with the habits (digits, 24 or 12 hours) of the region that the page names, else of the
    reader's own, where they fit the language. */
function atHome(texts, locale) {
  const fits = (tag) =>
    languageOf(tag) === languageOf(texts.locale) && attempt(() => new Intl.Locale(tag).region);
  return { ...texts, habits: [locale, ...navigator.languages].find(fits) ?? texts.locale };
}

/** The text with its values put in, "Choose {min}" with {min: 2} as "Choose 2", each number as the
    language writes it. Of a text in several forms it is the one that fits the number `n`. */
function say({ locale, habits }, text = "", values) {
  const form = text.other ? (text[new Intl.PluralRules(locale).select(values.n)] ?? text.other) : text;
  return form.replace(/{(\w+)}/g, (_, name) => values[name]?.toLocaleString(habits));
}

function numeral({ habits }, number) {
  return number.toLocaleString(habits);
}

function percentage({ habits }, percent) {
  const style = { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return (percent / 100).toLocaleString(habits, style);
}

/** A moment in the reader's own time zone. */
function moment({ habits }, iso) {
  return new Date(iso).toLocaleString(habits, { dateStyle: "long", timeStyle: "short" });
}
