/* Makes dist/widget.js of the files beside this one: `make widget`. The outcome is committed, so
   that nothing but a change to the widget needs node. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { po } from "gettext-parser";
import { transform as transformStyles } from "lightningcss";
import { minify_sync as minify } from "terser";

const HERE = new URL(".", import.meta.url);
const read = (name) => readFileSync(new URL(name, HERE), "utf8");
const digest = (name) => createHash("sha256").update(read(name)).digest("hex");

/* One script in a scope of its own; the file that starts the widget comes last. */
const scripts = readdirSync(HERE)
  .filter((name) => name.endsWith(".js") && name !== "vox-pop.js")
  .sort()
  .concat("vox-pop.js");
const sheet = { filename: "vox-pop.css", code: readFileSync(new URL("vox-pop.css", HERE)) };
/* Of the properties that are ours alone two letters are enough. */
const styles = transformStyles({ ...sheet, minify: true })
  .code.toString()
  .replace(/--_(\w)[\w-]*(\w)/g, "--_$1$2");
/* What is said before a poll is there: while it loads in English, then in the translators'
   languages, and where it never comes in English alone. */
const { locale: english, loading, notLoaded, tryAgain } = JSON.parse(read("texts.json"));
const catalogues = readdirSync(new URL("../translations", HERE), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => [name, `../translations/${name}/LC_MESSAGES/messages.po`]);
const translated = catalogues.sort().flatMap(([locale, file]) => {
  const messages = po.parse(read(file)).translations[""];
  return [locale, messages[loading].msgstr[0] || loading];
});
const early = [english, loading, ...translated].join("|");
const untranslated = JSON.stringify({ locale: english, notLoaded, tryAgain });

const source = `const STYLES = ${JSON.stringify(styles)}; const EARLY = ${JSON.stringify(early)}.split("|");
const UNTRANSLATED = ${untranslated};
${scripts.map(read).join("\n")}`;

/* Members that our own files alone speak of: no page, no answer and no browser knows them. */
const mangleProps =
  /^(action|announce|asking|attribute|cast|check|chosen|clear|count|countUnknown|doubt|drop|element|emit|failed|goBack|habits|kept|later|leave|lookAtResults|marked|onBack|pending|pictured|posting|reader|refused|remark|restart|resume|rows|run|show|speak|start|stop|underway|update|view|votable|wait)$/;
const syntax = { minify: true, format: "iife", target: "es2022", charset: "utf8" };
const terse = { passes: 3, unsafe: true, unsafe_arrows: true, unsafe_methods: true, pure_getters: true };

/* esbuild names things by how often they stand, and terser writes what is left shorter. */
function make(name, previews) {
  const { code } = transformSync(source, { ...syntax, mangleProps, define: { PREVIEWS: `${previews}` } });
  const script = minify(code, { ecma: 2022, toplevel: true, compress: terse }).code;
  writeFileSync(new URL(`dist/${name}`, HERE), script);
}

/* Only pages that make polls look at those that are not there yet. */
make("widget.js", false);
make("widget-preview.js", true);

/* What it was made of, by which a test without node sees whether it is up to date. */
const made = [...scripts, "vox-pop.css", "texts.json", "build.mjs", "widget.mjs", "dist/widget.js", "dist/widget-preview.js"];
const sums = made.map((name) => `${digest(name)}  ${name}\n`);
writeFileSync(new URL("dist/SHA256SUMS", HERE), sums.join(""));
