/* When to do what can wait: once the element is seen, or nearly. */

/** Calls `beat` once, so many seconds after `start`, while the element can be seen; at once where
    the network comes back meanwhile. */
function pulse(element, beat) {
  let timer;
  let due; // when, or 0 where nothing is put off
  let seen;
  let ends; // what is listened to

  const now = () => {
    if (!due) return;
    due = 0;
    beat();
  };

  const plan = () => {
    clearTimeout(timer);
    if (seen && !document.hidden) timer = setTimeout(now, Math.max(0, due - Date.now()));
  };

  const observer = new IntersectionObserver(
    (entries) => {
      seen = entries.at(-1).isIntersecting;
      plan();
    },
    { rootMargin: "100%" },
  );

  return {
    /* The jitter keeps a million open pages from asking in step. */
    start(seconds) {
      due = Date.now() + seconds * 1000 + Math.min(seconds, 60) * Math.random() * 200;
      if (ends) return plan();
      ends = new AbortController();
      observer.observe(element);
      document.addEventListener("visibilitychange", plan, ends);
      addEventListener("online", now, ends);
    },

    stop() {
      clearTimeout(timer);
      seen = due = 0;
      observer.disconnect();
      ends?.abort();
      ends = null;
    },
  };
}
