/* How the widget speaks. Nearly all it says comes with the poll, in the language that the widget asked
   for: `poll.texts`, by the keys of texts.json. Only what is said before a poll is there is known
   beforehand: EARLY, put in place by the build. */

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
  const [loading, notLoaded, tryAgain] = EARLY.slice(place + 1);
  return { locale, loading, notLoaded, tryAgain };
}

/** The texts, with the reader's own habits (24 or 12 hours, digits) where they fit the language. */
function atHome(texts) {
  const kin = (tag) => languageOf(tag) === languageOf(texts.locale);
  return { ...texts, locale: navigator.languages.find(kin) ?? texts.locale };
}

/** The text with its values put in, "Choose {min}" with {min: 2} as "Choose 2", each number as the
    language writes it. Of a text in several forms it is the one that fits the number `n`. */
function say({ locale }, text = "", values) {
  const form = text.other ? (text[new Intl.PluralRules(locale).select(values.n)] ?? text.other) : text;
  return form.replace(/{(\w+)}/g, (_, name) => values[name]?.toLocaleString(locale));
}

function numeral({ locale }, number) {
  return number.toLocaleString(locale);
}

function percentage({ locale }, percent) {
  const style = { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return (percent / 100).toLocaleString(locale, style);
}

/** A moment in the reader's own time zone. */
function moment({ locale }, iso) {
  return new Date(iso).toLocaleString(locale, { dateStyle: "long", timeStyle: "short" });
}
