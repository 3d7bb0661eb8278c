"use strict";

/* Ballots over time, as bars that uPlot draws in the page's own colours.

   <div data-chart="address" data-zone="Asia/Kolkata"> gets the drawing; the address answers with
   {"step_seconds", "times", "ballots"}. The same figures stand in a table for who cannot see it.
   It is drawn anew when a live part of the page has changed that says `data-redraws`. */

// Ballots come whole: the axis counts in steps of 1, 2 and 5 of each power of ten.
const WHOLE = [...Array(10).keys()].flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power));
const HEIGHT = 240;
const DAY = 86_400;
const TIMES = [
  ...[1, 5, 10, 30, 60, 120, 240, 480, 720].map((minutes) => minutes * 60),
  ...[1, 2, 7, 14, 28, 91, 182, 364, 1820].map((days) => days * DAY),
];

class Chart {
  #root;
  #readout;
  #data = null;
  #plot = null;

  constructor(root) {
    this.#root = root;
    this.#readout = document.getElementById(root.dataset.readout);
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  async refresh() {
    try {
      const options = { redirect: "error", cache: "no-store" };
      const answer = await fetch(this.#root.dataset.chart, options);
      if (answer.ok) this.#data = await answer.json();
      this.#draw();
    } catch {
      // The network or the service is away: what is drawn stays.
    }
  }

  #draw() {
    this.#plot?.destroy();
    this.#plot = null;
    if (!this.#data?.times.length) return;
    const { times, ballots, step_seconds: step } = this.#data;
    this.#plot = new uPlot(this.#options(step), [times, ballots], this.#root);
  }

  #options(step) {
    return {
      ...this.#size(),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), this.#root.dataset.zone),
      // The time below the very end is written half beyond it.
      padding: [12, 24, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { range: () => this.#ends(step) }, y: { range: upTo } },
      axes: [
        {
          ...this.#axis(),
          incrs: TIMES.filter((seconds) => seconds >= step),
          space: 64,
          values: (_, times) => this.#clock(times, step),
        },
        { ...this.#axis(), size: 56, incrs: WHOLE },
      ],
      series: [{}, this.#bars()],
      hooks: { setCursor: [(plot) => this.#read(plot)] },
    };
  }

  /* The axis of time ends with the last bar, so never in what is still to come, and is never so
     short that a bar fills it. uPlot's own ends of a single time are a day apart. */
  #ends(step) {
    const { times } = this.#data;
    const end = times.at(-1) + step;
    return [Math.min(times[0] - step / 2, end - 12 * step), end];
  }

  #bars() {
    const colour = this.#token("--bar");
    const paths = uPlot.paths.bars({ size: [0.86, 64], align: 1 });
    return { fill: colour, stroke: colour, width: 0, points: { show: false }, paths };
  }

  #axis() {
    return {
      font: `13px ${this.#token("--sans")}`,
      stroke: this.#token("--quiet"),
      grid: { stroke: this.#token("--line"), width: 1 },
      ticks: { show: false },
    };
  }

  /* The times on the site's clocks, with the day where it is another. */
  #clock(times, step) {
    const zone = { timeZone: this.#root.dataset.zone };
    const day = new Intl.DateTimeFormat("en-GB", { ...zone, day: "numeric", month: "short" });
    const hour = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit" });
    let last = "";
    return times.map((seconds) => {
      const [today, now] = [day.format(seconds * 1000), hour.format(seconds * 1000)];
      if (step === DAY) return today;
      const words = today === last ? now : `${now}\n${today}`;
      last = today;
      return words;
    });
  }

  /* Say in figures what the pointer is at. */
  #read(plot) {
    const place = plot.cursor.idx;
    const ballots = place == null ? null : this.#data.ballots[place];
    this.#readout.textContent =
      ballots == null ? "" : `${this.#data.labels[place]}: ${ballots.toLocaleString("en")}`;
  }

  #token(name) {
    return getComputedStyle(this.#root).getPropertyValue(name).trim();
  }

  #size() {
    return { width: this.#root.clientWidth, height: HEIGHT };
  }
}

/* The axis of counts begins at nothing and ends above the most. */
function upTo(_plot, _least, most) {
  return [0, Math.max(4, most * 1.08)];
}

const charts = [...document.querySelectorAll("[data-chart]")].map((root) => new Chart(root));
for (const chart of charts) chart.refresh();
document.addEventListener("live:changed", (event) => {
  if ("redraws" in event.target.dataset) for (const chart of charts) chart.refresh();
});
