/* How the widget talks to the service: three requests, each with a time limit and no cookie. */

const TIME_LIMIT = 10_000;

/** An answer that is not the one hoped for; `status` is 0 where no usable answer came at all. */
class ServiceError extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.detail ?? "");
    this.status = status;
    this.code = problem?.code ?? "unreachable";
    this.results = problem?.results ?? null;
    this.wait = Math.max(0, Number(retryAfter)) || 0;
  }
}

class Service {
  #origin;
  #poll;

  constructor(origin, poll) {
    this.#origin = origin;
    this.#poll = encodeURIComponent(poll);
  }

  /** The poll's own page, for what the widget cannot show. */
  get page() {
    return `${this.#origin}/polls/${this.#poll}`;
  }

  /** The poll's definition; `anew` asks past all caches. */
  poll(signal, anew) {
    return this.#ask("", anew ? { cache: "no-store" } : {}, signal);
  }

  /* The default cache mode lets the browser ask with If-None-Match by itself. */
  results(receipt, signal) {
    const headers = receipt ? { "Voxpop-Receipt": receipt } : {};
    return this.#ask("/results", { headers }, signal);
  }

  cast({ id, answers, other_texts }, signal) {
    const ballot = { ballot_id: id, voter: voter(), answers, other_texts, page: pageAddress() };
    const body = JSON.stringify(ballot);
    const headers = { "Content-Type": "application/json" };
    return this.#ask("/ballots", { method: "POST", headers, body }, signal);
  }

  async #ask(path, options, signal) {
    const limit = new AbortController();
    const stop = () => limit.abort();
    const timer = setTimeout(stop, TIME_LIMIT);
    signal.addEventListener("abort", stop);
    try {
      const response = await fetch(`${this.#origin}/v1/polls/${this.#poll}${path}`, {
        ...options,
        credentials: "omit",
        signal: limit.signal,
      });
      const body = await response.json().catch(() => null);
      if (response.ok && body) return body;
      const status = response.ok ? 0 : response.status;
      throw new ServiceError(status, body, response.headers.get("Retry-After"));
    } catch (error) {
      throw error instanceof ServiceError ? error : new ServiceError(0);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Where the poll stands, without the query: that may hold what is the reader's alone. */
function pageAddress() {
  return location.protocol.startsWith("http") ? location.origin + location.pathname : null;
}
