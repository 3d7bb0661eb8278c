"use strict";

/* Parts of a page that keep up by themselves.

   <div data-live="address" data-every="2"> holds a fragment. It is asked for anew, by conditional
   GET, every so many seconds while the page is in view, until it says `data-over` somewhere. Only
   what differs is changed, in place, so that focus and selection stay where they are; then the
   event `live:changed` says so. Once the session has ended <p id="signed-out"> is shown, and its
   <time> says of when the figures are. An element with `data-says` holds what <p id="said" role="status">
   tells those who do not see the figures move. */

class Live {
  #root;
  #tag = null;
  #timer;
  #seen = new Date();

  constructor(root) {
    this.#root = root;
    if (this.#isOver()) return;
    const look = () => document.hidden || this.#refresh();
    this.#timer = setInterval(look, Number(root.dataset.every) * 1000);
    document.addEventListener("visibilitychange", look);
  }

  async #refresh() {
    if (!this.#timer) return;
    try {
      const headers = this.#tag ? { "If-None-Match": this.#tag } : {};
      const address = this.#root.dataset.live;
      await this.#take(await fetch(address, { headers, redirect: "error", cache: "no-store" }));
    } catch {
      // The network or the service is away: the next look may find it again.
    }
  }

  async #take(answer) {
    if ([401, 403, 404].includes(answer.status)) this.#stop();
    if (answer.status === 401) this.#tellSignedOut();
    if (answer.status === 200 || answer.status === 304) this.#seen = new Date();
    if (answer.status !== 200) return;
    this.#tag = answer.headers.get("ETag");
    const fresh = this.#root.cloneNode();
    fresh.innerHTML = await answer.text();
    morph(this.#root, fresh);
    if (this.#isOver()) this.#stop();
    this.#root.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
  }

  #isOver() {
    return this.#root.querySelector("[data-over]") !== null;
  }

  #tellSignedOut() {
    const words = document.getElementById("signed-out");
    if (!words.hidden) return;
    const timeZone = words.dataset.zone;
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
    words.querySelector("time").textContent = this.#seen.toLocaleTimeString("en", options);
    words.hidden = false;
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }
}

/* Make `old` like `fresh`, node by node. */
function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
  } else if (old.nodeType === Node.ELEMENT_NODE) {
    morphAttributes(old, fresh);
    morphChildren(old, fresh);
  } else if (old.data !== fresh.data) {
    old.data = fresh.data;
  }
}

function morphAttributes(old, fresh) {
  const names = new Set([...old.getAttributeNames(), ...fresh.getAttributeNames()]);
  names.delete("open"); // whether <details> are open is for who looks at them to say
  for (const name of names) {
    const value = fresh.getAttribute(name);
    if (value === null) old.removeAttribute(name);
    else if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function morphChildren(old, fresh) {
  const [olds, freshes] = [[...old.childNodes], [...fresh.childNodes]];
  for (const node of olds.slice(freshes.length)) node.remove();
  freshes.forEach((node, place) => {
    if (place < olds.length) morph(olds[place], node);
    else old.append(node);
  });
}

/* Says the newest words, but not more often than every ten seconds: a busy poll would never be
   silent. */
class Announcer {
  #region;
  #words;
  #next = 0;
  #timer = null;

  constructor(region, words) {
    this.#region = region;
    this.#words = words;
  }

  say(words) {
    if (words === this.#words) return;
    this.#words = words;
    this.#timer ??= setTimeout(() => this.#speak(), Math.max(0, this.#next - Date.now()));
  }

  #speak() {
    this.#timer = null;
    this.#next = Date.now() + 10_000;
    this.#region.textContent = this.#words;
  }
}

const says = () => document.querySelector("[data-says]")?.dataset.says ?? "";
const announcer = new Announcer(document.getElementById("said"), says());
document.addEventListener("live:changed", () => announcer.say(says()));
for (const root of document.querySelectorAll("[data-live]")) new Live(root);
