/* A reader's visit to a poll, from its first request to its last refresh. */

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
  let sending = false;
  let wait = REFRESH;
  let draft; // what was marked before a look at the results
  let locale;
  let service;
  let ballots;
  let poll;
  let texts;
  let results;

  const visit = {
    /** Starts, or goes on where the element stood when it left the page. */
    resume() {
      alive = true;
      if (!poll || !stage.view) start();
      else if (ballots.pending()) again();
      else if (stage.view.check) stage.view.asking(false);
      else if (results) later();
    },

    leave() {
      alive = sending = false;
      step?.abort();
      clock.stop();
    },

    restart() {
      poll = results = draft = null;
      if (!alive) return;
      visit.leave();
      queueMicrotask(() => element.isConnected && !alive && visit.resume());
    },

    refresh() {
      if (results) beat();
    },

    lookAtResults() {
      if (stage.view?.check && resultsVisible(poll, false)) onView();
    },

    goBack() {
      if (stage.view?.update && votable()) onBack();
    },
  };

  /** Keeps room for the poll, and asks for it when the reader comes near. */
  const start = () => {
    const slug = attribute("poll");
    const preview = PREVIEWS && visit.preview;
    if (!slug && !preview) return console.warn("Voxpop: <vox-pop> needs the attribute poll.");
    [service, ballots] = preview
      ? previewed(preview)
      : [serviceAt(address(), slug, attribute("site")), ballotsIn(slug)];
    locale = localeOf(element);
    stage.speak(locale);
    stage.clear("loading", earlyTexts(locale).loading, room());
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

  /** What was put off until now. */
  const beat = () => {
    if (!poll) load();
    else if (stage.view?.check) again();
    else refresh();
  };

  /** The next beat: ever later while it fails. */
  const later = (failed, least = 0) => {
    wait = failed ? Math.min(wait * 2, SLOWEST) : (poll.refresh_seconds ?? REFRESH);
    clock.start(Math.max(wait, least));
  };

  /** Ends what is under way: whatever it waits for is wanted no more. */
  const begin = () => {
    step?.abort();
    step = new AbortController();
    return step.signal;
  };

  /** One step; whatever goes wrong in it is dealt with here and never thrown into the page. */
  const run = async (todo, failed = fail) => {
    const signal = begin();
    try {
      await todo(signal);
    } catch (refusal) {
      if (signal.aborted) return;
      emit("error", { code: refusal.code ?? "malformed" });
      failed(refusal, signal);
    }
  };

  const load = () =>
    run(async (signal) => {
      const found = await service.poll(locale, signal);
      if (attribute("site")) ballots = ballotsIn(found.id);
      texts = found.texts = atHome(found.texts ?? earlyTexts(locale));
      poll = arranged(found, PREVIEWS && visit.preview ? String : voter);
      stage.speak(texts.locale);
      /* A browser's first number takes it long; so it is written before there is anything to draw. */
      setTimeout(() => numeral(texts, 0));
      /* The site's colours; what the page says of the element itself goes before them. */
      theme.replaceSync(`:host{${poll.theme}}`);
      await arrive(signal);
      emit("ready");
    });

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
  const again = () => {
    const pending = ballots.pending();
    if (sending) return;
    if (pending) send(pending);
    else run(arrive);
  };

  /** The form as it was left. A ballot that is still to be sent stands in it, unchangeable. */
  const showForm = () => {
    begin();
    clock.stop();
    const pending = ballots.pending();
    const ballot = pending ?? draft ?? { answers: {} };
    stage.show(formView(poll, ballot, onVote, resultsVisible(poll, false) && onView));
    if (pending) stage.view.failed(texts.notSent, true);
  };

  const onView = () => {
    const form = stage.view;
    form.asking(true);
    run(
      async (signal) => {
        results = await service.results(null, signal);
        draft = form.marked();
        showBoard();
        stage.announce(texts.resultsShown);
      },
      () => form.failed(texts.noResults, Boolean(ballots.pending())),
    );
  };

  const onBack = () => {
    if (PREVIEWS && visit.preview) ballots.drop();
    showForm();
  };

  const onVote = () => {
    const { kept, check, marked } = stage.view;
    if (kept) return again();
    if (sending || !check()) return;
    /* The reader may have voted meanwhile, in another tab or another copy of this poll. */
    if (ballots.counted()) run((signal) => openBoard(signal, null, texts.alreadyVoted));
    else send(ballots.pending() ?? ballots.cast(marked()));
  };

  const send = (ballot) => {
    sending = true;
    stage.view.posting();
    run(
      async (signal) => {
        const token = attribute("voter") ?? undefined;
        const answer = await service.cast(ballot, token, signal);
        sending = false;
        ballots.count(ballot, answer.receipt);
        emit("voted");
        await openBoard(signal, answer.results);
        const said = [texts.counted, results && texts.resultsShown, poll.thank_you];
        stage.announce(said.filter(Boolean).join(" "));
      },
      (refusal, signal) => (refusal.status ? refuse(ballot, refusal) : doubt(ballot, signal)),
    );
  };

  /** A ballot that may have arrived is kept, to be sent again; one that was refused is dropped. */
  const refuse = (ballot, refusal) => {
    const { status, code } = refusal;
    const shut = { poll_closed: "closed", poll_not_open: "scheduled" }[code];
    sending = false;
    if (code === "already_voted") {
      ballots.countUnknown();
      run((signal) => openBoard(signal, refusal.results, texts.alreadyVoted));
    } else if (shut) {
      ballots.drop();
      poll.status = shut;
      run((signal) => openBoard(signal, refusal.results));
    } else if (status === 429 || status === 503) {
      const { wait: n } = refusal;
      stage.view.failed(n ? say(texts, texts.busyFor, { n }) : texts.busy, true);
    } else if (status < 500) giveUp(refusal.detail);
    else stage.view.failed(texts.notSent, true);
  };

  const giveUp = (why) => {
    ballots.drop();
    stage.view.failed(why || texts.notTaken, false);
  };

  /** Without an answer a ballot waits until the service can be reached. But to a page that may not
      vote a refusal looks the same, and there it can: so that ballot is not sent for ever, it is
      dropped at the second time. */
  const doubt = async (ballot, signal) => {
    const reached = await service.reach(signal).catch(() => null);
    if (signal.aborted) return;
    sending = false;
    if (reached && ballot.doubted) return giveUp();
    stage.view.failed((!reached && texts.waiting) || texts.notSent, true);
    if (!reached) return later(true);
    ballots.doubt(ballot);
    console.warn(`Voxpop: no answer to a vote. Is ${location.origin} on the site's list of origins?`);
  };

  /** The board, with the results `given` by an answer or fetched for it. */
  const openBoard = async (signal, given, refused) => {
    let failed;
    const refuse = (refusal) => {
      if (signal.aborted) throw refusal;
      failed = refusal.code !== "results_hidden";
      if (failed) emit("error", { code: refusal.code });
    };
    const asked = !given && resultsVisible(poll, ballots.counted());
    results = asked ? await service.results(receipt(), signal).catch(refuse) : given;
    showBoard(refused, failed);
  };

  const showBoard = (refused, failed) => {
    const counted = ballots.counted();
    const retry = () => run((signal) => openBoard(signal, null, refused));
    clock.stop();
    stage.show(
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
    if (!results) return;
    emit("results", { results });
    if (poll.status === "open") later();
  };

  /** Whether there is a way from the board to the form. */
  const votable = () => poll.status === "open" && (!ballots.counted() || (PREVIEWS && visit.preview));

  /* Only where it is needed: with it, the request costs a preflight and no cache may help. */
  const receipt = () => poll.results_visibility === "after_vote" && ballots.counted()?.receipt;

  /** Newer figures into the board, unless the reader goes elsewhere meanwhile. */
  const refresh = async () => {
    const signal = begin();
    try {
      update(await service.results(receipt(), signal));
    } catch (refusal) {
      if (signal.aborted) return;
      /* It closed, and shows no figures now that it is over. */
      if (refusal.code === "results_hidden") load();
      else later(true, refusal.wait);
    }
  };

  const update = (fresh) => {
    /* A cache on the way may lag behind the answer to the reader's own vote. */
    if (fresh.revision < results.revision) return later();
    const stands = fresh.status === poll.status && stage.view.update(fresh);
    results = fresh;
    poll.status = fresh.status;
    if (!stands) return showBoard();
    emit("results", { results });
    later();
  };

  const pointElsewhere = () => {
    const link = make("a.link", { href: service.page() }, texts.elsewhere ?? poll.title);
    stage.show({ element: make("p", {}, link), focus: () => link.focus() });
  };

  /** Says that there is no poll to see, and leaves it at that where there is none at all. */
  const fail = ({ status }) => {
    const { notLoaded, tryAgain } = earlyTexts(locale);
    const gone = status === 404;
    const retry = gone ? "" : button("again", tryAgain, visit.restart);
    stage.clear("failed", notLoaded, gone ? { rows: 0 } : room(), retry);
  };

  const emit = (name, detail) => {
    const told = { poll: poll?.id ?? attribute("poll"), ...detail };
    const settings = { bubbles: true, composed: true, detail: told };
    element.dispatchEvent(new CustomEvent(`voxpop:${name}`, settings));
  };

  return visit;
}
