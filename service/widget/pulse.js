/* When to ask for fresh results: while they can be seen, and no oftener than it helps. */

const REFRESH = 5_000;
const SLOWEST = 120_000;

/** Calls `beat` every few seconds while the element can be seen; more slowly while it fails. */
class Pulse {
  #element;
  #beat;
  #timer;
  #wait = REFRESH;
  #last = 0;
  #seen = false;
  #observer = new IntersectionObserver((entries) => {
    this.#seen = entries.at(-1).isIntersecting;
    this.#plan();
  });

  constructor(element, beat) {
    this.#element = element;
    this.#beat = beat;
  }

  start() {
    this.stop();
    this.#last = Date.now();
    this.#wait = REFRESH;
    this.#observer.observe(this.#element);
    document.addEventListener("visibilitychange", this.#plan);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#seen = false;
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#plan);
  }

  /* The jitter keeps a million open pages from asking in step. */
  #plan = () => {
    clearTimeout(this.#timer);
    if (!this.#seen || document.hidden) return;
    const due = this.#last + this.#wait * (0.8 + Math.random() * 0.4);
    this.#timer = setTimeout(this.#tick, Math.max(0, due - Date.now()));
  };

  #tick = async () => {
    this.#last = Date.now();
    try {
      await this.#beat();
      this.#wait = REFRESH;
    } catch (error) {
      this.#wait = Math.max(Math.min(this.#wait * 2, SLOWEST), (error.wait ?? 0) * 1000);
    }
    this.#plan();
  };
}
