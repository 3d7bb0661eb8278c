/* How the widget talks to the service: three requests, each with a time limit and no cookie. */

const TIME_LIMIT = 10_000;

function serviceAt(address, slug, site) {
  let place = pathOf(slug);
  if (site) place = `sites/${encodeURIComponent(site)}/${place}`;

  /* Throws what the service says is wrong; with the status 0 where no usable answer came. */
  const ask = async (path, options, signal) => {
    const limit = new AbortController();
    const stop = () => limit.abort();
    setTimeout(stop, TIME_LIMIT);
    const refusal = { status: 0, code: "unreachable" };
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    try {
      const response = await fetch(`${address}/v1/${place}${path}`, {
        ...options,
        credentials: "omit",
        signal: limit.signal,
      });
      if (!response.ok) refusal.status = response.status;
      refusal.wait = Math.max(0, Number(response.headers.get("Retry-After"))) || 0;
      const body = await response.json();
      if (response.ok && body) return body;
      Object.assign(refusal, body);
    } catch {
      /* Nothing that can be read. */
    }
    throw refusal;
  };

  return {
    /** The poll's own page, for what the widget cannot show. */
    page: () => `${address}/${place}`,

    /** The poll's definition; out of the browser's cache, however old, where the service is away. */
    async poll(locale, signal) {
      const path = `?locale=${encodeURIComponent(locale)}`;
      const poll = await ask(path, {}, signal).catch((refusal) => {
        if (signal.aborted || (refusal.status && refusal.status < 500)) throw refusal;
        return ask(path, { cache: "force-cache" }, signal);
      });
      /* Which of a site's polls was meant is known only now. */
      place = pathOf(poll.id);
      return poll;
    },

    /** With a receipt they come from the service itself, past all caches. */
    results: (receipt, signal) =>
      ask(
        "/results",
        receipt ? { cache: "no-cache", headers: { "Voxpop-Receipt": receipt } } : {},
        signal,
      ),

    cast({ id, answers, other_texts }, voter_token, signal) {
      const sent = { ballot_id: id, voter: voter(address), voter_token, answers, other_texts };
      const body = JSON.stringify({ ...sent, page: pageAddress() });
      const headers = { "Content-Type": "application/json" };
      return ask("/ballots", { method: "POST", headers, body }, signal);
    },
  };
}

function pathOf(slug) {
  return `polls/${encodeURIComponent(slug)}`;
}

/** Where the poll stands, without the query: that may hold what is the reader's alone. */
function pageAddress() {
  return location.protocol.startsWith("http") ? location.origin + location.pathname : null;
}
