/* A reader's visit to a poll: what stands in the element, from its first request to its last. */

/* The script's own address names its service. It is known only while the script first runs, and to
   a module never: that says before whose it is. */
const SERVICE = new URL(".", document.currentScript?.src || location).href;

/* How many rows to keep room for while the poll is on its way, unless the page says. */
const USUAL_CHOICES = 8;

/* Seconds between looks at the results, unless the poll says; and the most while they fail. */
const REFRESH = 5;
const SLOWEST = 120;

const TYPES = ["single_choice", "multiple_choice"];

const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLES);

function visitTo(element) {
  const theme = new CSSStyleSheet();
  const root = element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet, theme];
  const stage = stageIn(root);
  const clock = pulse(element, () => beat());
  const attribute = (name) => element.getAttribute(name);

  let alive = false; // on a page
  let step; // ends when another step begins
  let underway; // whether the step waits for the answer to a ballot
  let wait = REFRESH;
  let draft; // what was marked before a look at the results
  let locale;
  let service;
  let ballots;
  let poll;
  let texts;
  let results;

  /** Ends what is under way: whatever it waits for is wanted no more. */
  const begin = () => {
    step?.abort();
    step = new AbortController();
    underway = false;
    return step.signal;
  };

  const visit = {
    /** Starts, or goes on where the element stood when it left the page. */
    resume() {
      alive = true;
      if (!poll || !stage.view) start();
      else if (ballots.pending()) again();
      else if (stage.view.check) stage.view.asking(false);
      else later();
    },

    leave() {
      alive = underway = false;
      step?.abort();
      clock.stop();
    },

    restart() {
      poll = results = draft = null;
      if (!alive) return;
      visit.leave();
      queueMicrotask(() => element.isConnected && !alive && visit.resume());
    },

    /** Does at once what was put off, if anything was. */
    refresh() {
      if (stage.view) beat();
    },

    lookAtResults() {
      if (!underway && stage.view?.check && resultsVisible(poll, false)) onView();
    },

    goBack() {
      if (stage.view?.update && votable()) onBack();
    },
  };

  /** One step; whatever goes wrong in it is dealt with here and never thrown into the page. */
  const run = async (todo, failed = fail) => {
    const signal = begin();
    try {
      await todo(signal);
    } catch (refusal) {
      if (signal.aborted) return;
      emit("error", { code: refusal.code ?? "malformed" });
      if (!signal.aborted) await failed(refusal, signal);
    }
    if (!signal.aborted) underway = false;
  };

  const emit = (name, detail) => {
    const told = { poll: poll?.id ?? attribute("poll"), ...detail };
    const settings = { bubbles: true, composed: true, detail: told };
    element.dispatchEvent(new CustomEvent(`voxpop:${name}`, settings));
  };

  /** Plans the next beat, if there is anything to wait for: ever later while it fails. */
  const later = (failed, least = 0) => {
    const { refresh_seconds: usual = REFRESH, status } = poll ?? {};
    wait = failed ? Math.min(wait * 2, SLOWEST) : usual;
    const soon = failed || unsent() || (results && status === "open");
    if (alive && soon) clock.start(Math.max(wait, least));
  };

  /** Puts a view in the place of another, with nothing put off any more. */
  const show = (view) => {
    clock.stop();
    stage.show(view);
  };

  /** Whether there is a way from the board to the form. */
  const votable = () =>
    poll.status === "open" && (!ballots.counted() || (PREVIEWS && visit.preview));

  const onBack = () => {
    if (PREVIEWS && visit.preview) ballots.drop();
    showForm();
  };

  /** The form as it was left. A ballot that is still to be sent stands in it, unchangeable. */
  const showForm = () => {
    const pending = ballots.pending();
    const ballot = pending ?? draft ?? { answers: {} };
    begin();
    show(formView(poll, ballot, onVote, resultsVisible(poll, false) && onView));
    if (pending) stage.view.failed(texts.notSent, true);
    if (unsent()) later(true);
  };

  /* Only where it is needed: with it, the request costs a preflight and no cache may help. */
  const receipt = () => poll.results_visibility === "after_vote" && ballots.counted()?.receipt;

  /** The board, with the results `given` by an answer or fetched for it. */
  const openBoard = async (signal, given, refused) => {
    let failed;
    const asked = !given && resultsVisible(poll, ballots.counted());
    const missed = ({ code }) => {
      failed = code !== "results_hidden";
      if (failed && !signal.aborted) emit("error", { code });
    };
    const found = asked ? await service.results(receipt(), signal).catch(missed) : given;
    signal.throwIfAborted();
    results = found;
    showBoard(refused, failed);
    if (refused) stage.announce(`${refused} ${standing(poll, ballots.counted())}`);
  };

  const showBoard = (refused, failed) => {
    const counted = ballots.counted();
    const retry = () => run((signal) => openBoard(signal, null, refused));
    show(
      boardView(poll, {
        results,
        answers: counted?.answers ?? {},
        voted: counted,
        refused,
        remark: results ? texts.sample : failed ? texts.noResults : whyHidden(poll),
        action: failed
          ? button("again", texts.tryAgain, retry)
          : votable() && button("back", texts.backToVote, onBack),
      }),
    );
    later();
    if (results) emit("results", { results });
  };

  /** Newer figures into the board, unless the reader goes elsewhere meanwhile. */
  const refresh = () =>
    run(
      async (signal) => {
        const fresh = await service.results(receipt(), signal);
        signal.throwIfAborted();
        update(fresh);
      },
      /* Hidden, they are over: it closed, and shows no figures now. */
      ({ code, wait }) => (code === "results_hidden" ? load() : later(true, wait)),
    );

  const update = (fresh) => {
    const changed = JSON.stringify(fresh) !== JSON.stringify(results);
    /* A cache on the way may lag behind the answer to the reader's own vote. */
    if (changed && fresh.revision >= results.revision) {
      const stands = fresh.status === poll.status && stage.view.update(fresh);
      results = fresh;
      poll.status = fresh.status;
      if (!stands) return showBoard();
      emit("results", { results });
    }
    later();
  };

  const send = (ballot, quiet) => {
    run(
      async (signal) => {
        underway = true;
        if (!quiet) stage.view.posting?.();
        const token = attribute("voter") ?? undefined;
        const answer = await service.cast(ballot, token, signal);
        signal.throwIfAborted();
        ballots.count(ballot, answer.receipt);
        emit("voted");
        /* From here on nothing that goes wrong is the vote's. */
        if (!signal.aborted) run((next) => thank(next, answer.results));
      },
      (refusal, signal) => (refusal.status ? refuse(refusal) : doubt(ballot, signal)),
    );
  };

  const thank = async (signal, given) => {
    await openBoard(signal, given);
    const said = [texts.counted, results && texts.resultsShown, poll.thank_you];
    stage.announce(said.filter(Boolean).join(" "));
  };

  /** A ballot that may have arrived, or may yet be taken, is kept to be sent again. */
  const refuse = ({ status, code, results: given, wait: n }) => {
    const shut = { poll_closed: "closed", poll_not_open: "scheduled" }[code];
    const close = (why) => run((signal) => openBoard(signal, given, why));
    if (code === "already_voted") {
      ballots.countUnknown();
      close(texts.alreadyVoted);
    } else if (shut) {
      ballots.drop();
      poll.status = shut;
      close(texts.notTaken);
    } else if (status === 429 || status === 503) {
      keep(n ? say(texts, texts.busyFor, { n }) : texts.busy, n);
      /* A page may have a fresh token in a moment. */
    } else if (status > 499 || code === "voter_token_expired") keep(texts.notSent, n);
    else giveUp();
  };

  const keep = (why, wait) => {
    stage.view.failed?.(why, true);
    later(true, wait);
  };

  const giveUp = () => {
    ballots.drop();
    if (!stage.view.failed) showForm();
    stage.view.failed(texts.notTaken, false);
  };

  /** Without an answer a ballot waits until the service itself can be reached: a request with a
      receipt, whichever, is answered by no cache. But to a page that may not vote a refusal looks the
      same, and there it can: so that ballot is not sent for ever, it is dropped at the second time
      in a row. */
  const doubt = async (ballot, signal) => {
    const reached = await service
      .results("-", signal)
      .catch(({ status }) => status && status < 500);
    if (signal.aborted) return;
    if (reached && ballot.doubted) return giveUp();
    ballots.doubt(ballot, Boolean(reached));
    if (!reached) return keep(texts.waiting || texts.notSent);
    stage.view.failed?.(texts.notSent, true);
    console.warn(`Voxpop: is ${location.origin} on the site's list?`);
  };

  /** Keeps room for the poll, and asks for it when the reader comes near. */
  const start = () => {
    const slug = attribute("poll");
    const preview = PREVIEWS && visit.preview;
    if (!slug && !preview) {
      return stage.show({ element: "", focus() {} });
    }
    [service, ballots] = preview
      ? previewed(preview)
      : [serviceAt(address(), slug, attribute("site")), ballotsIn(slug)];
    locale = localeOf(element);
    texts = null;
    const early = earlyTexts(locale);
    stage.speak(early);
    stage.clear("loading", early.loading, room());
    if (preview || attribute("loading") === "eager" || ballots.pending()) load();
    else clock.start(0);
  };

  const address = () =>
    new URL(attribute("service") ?? SERVICE, document.baseURI).href.replace(/\/$/, "");

  const ballotsIn = (id) => ballotsOf(address(), id, attribute("voter"));

  /* How many rows to keep room for, and of which kind. */
  const room = () => ({
    rows: attribute("choices") ?? USUAL_CHOICES,
    pictured: element.hasAttribute("images"),
  });

  /** A ballot that is sent by itself: it waits for the service, not for the reader. */
  const unsent = () => {
    const pending = poll && ballots.pending();
    return pending && !pending.doubted;
  };

  /** What was put off until now. */
  const beat = () => {
    const { view } = stage;
    if (!poll) load();
    else if (unsent()) again(true);
    else if (view.update) results && refresh();
    else if (view.kept) run(arrive);
  };

  const load = () => {
    run(async (signal) => {
      const found = await service.poll(locale, signal);
      signal.throwIfAborted();
      if (attribute("site")) ballots = ballotsIn(found.id);
      texts = found.texts = atHome(found.texts ?? UNTRANSLATED, locale);
      poll = arranged(found, () => (PREVIEWS && visit.preview ? "" : voter(address())));
      stage.speak(texts);
      /* A browser's first number takes it long; so it is written before there is anything to draw. */
      setTimeout(() => numeral(texts, 0));
      /* The site's colours; what the page says of the element itself goes before them. */
      theme.replaceSync(`:host{${found.theme}}`);
      await arrive(signal);
      if (alive) emit("ready");
    });
  };

  /** Shows what this reader finds: a ballot to send again, results, or the form. */
  const arrive = async (signal) => {
    const pending = ballots.pending();
    const known = poll.questions.every(({ type }) => TYPES.includes(type));
    /* A newer service may ask what this script cannot, an older one may bring no words. */
    if (!known || !texts.vote) pointElsewhere();
    else if (pending) {
      showForm();
      send(pending);
    } else if (ballots.counted() || poll.status !== "open") await openBoard(signal);
    else showForm();
  };

  /** Sends again what waits, unless another tab has seen to it. */
  const again = (quiet) => {
    const pending = ballots.pending();
    if (underway) quiet || stage.view.posting?.();
    else if (pending) send(pending, quiet);
    else run(arrive);
  };

  const onView = () => {
    const form = stage.view;
    form.asking(true);
    run(
      async (signal) => {
        const found = await service.results(null, signal);
        signal.throwIfAborted();
        results = found;
        draft = form.marked();
        showBoard();
        stage.announce(texts.resultsShown);
      },
      () => {
        form.failed(texts.noResults, Boolean(ballots.pending()));
        if (unsent()) later(true);
      },
    );
  };

  const onVote = () => {
    const { kept, check, marked } = stage.view;
    if (kept) again();
    else if (underway || !check()) return;
    /* The reader may have voted meanwhile, in another tab or another copy of this poll. */
    else if (ballots.counted()) run((signal) => openBoard(signal, null, texts.alreadyVoted));
    else if (ballots.pending()) showForm();
    else send(ballots.cast(marked()));
  };

  const pointElsewhere = () => {
    const link = make("a.link", { href: service.page() }, texts.elsewhere ?? poll.title);
    show({ element: make("p", {}, link), focus: () => link.focus() });
  };

  /** Says that there is no poll to see, and leaves it at that where there is none at all. */
  const fail = ({ status, wait }) => {
    const said = { ...UNTRANSLATED, ...texts };
    const gone = status === 404;
    const retry = gone ? "" : button("again", said.tryAgain, visit.restart);
    poll = results = null;
    stage.speak(said);
    stage.clear("failed", said.notLoaded, gone ? { rows: 0 } : room(), retry);
    if (!gone) later(true, wait);
  };

  return visit;
}
