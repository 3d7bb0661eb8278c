/* Makes dist/widget.js of the files beside this one: `make widget`. The outcome is committed, so
   that nothing but a change to the widget needs node. */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";

const HERE = new URL(".", import.meta.url);
const read = (name) => readFileSync(new URL(name, HERE), "utf8");
const digest = (name) => createHash("sha256").update(read(name)).digest("hex");

/* One script in a scope of its own; the file that starts the widget comes last. */
const scripts = readdirSync(HERE)
  .filter((name) => name.endsWith(".js") && name !== "vox-pop.js")
  .sort()
  .concat("vox-pop.js");
const styles = transformSync(read("vox-pop.css"), { loader: "css", minify: true }).code.trim();
const source = `"use strict"; const STYLES = ${JSON.stringify(styles)};
${scripts.map(read).join("\n")}`;

/* Each text goes where it is used: a table of them would name every one twice. */
const texts = Object.entries(JSON.parse(read("texts.json")));
const define = Object.fromEntries(texts.map(([k, text]) => [`TEXTS.${k}`, JSON.stringify(text)]));
/* Members that our own files alone speak of: no page, no answer and no browser knows them. */
const mangleProps =
  /^(action|anew|announce|ballot|beat|cast|check|chosen|count|countUnknown|doubt|drop|element|fail|failed|onView|onVote|pending|pictured|reader|refused|remark|rows|show|update|view|wait)$/;
const syntax = { minify: true, format: "iife", target: "es2022", charset: "utf8" };
const { code } = transformSync(source, { ...syntax, define, mangleProps });
writeFileSync(new URL("dist/widget.js", HERE), code.trim());

/* What it was made of, by which a test without node sees whether it is up to date. */
const made = [...scripts, "vox-pop.css", "texts.json", "build.mjs", "dist/widget.js"];
const sums = made.map((name) => `${digest(name)}  ${name}\n`);
writeFileSync(new URL("dist/SHA256SUMS", HERE), sums.join(""));
