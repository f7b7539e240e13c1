/** Keys as bars on a time axis, drawn to the width that there is, so that letters keep their size. */

import { moment, shortIds } from "./keys-tables.js";

const SVG = "http://www.w3.org/2000/svg";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How much past is shown at most; the table below has the rest. */
const PAST_MS = 45 * DAY_MS;

/** How much future at least, so that the line of "now" is not the edge. */
const FUTURE_MS = DAY_MS;

const ROW = 46;
const BAR = 14;
const AXIS = 22;
const EDGE = 10;
/** What lasts seconds is still to be seen. */
const THINNEST = 3;
const LABEL_PX = 84;

const STEPS = [1 / 6, 0.5, 1, 3, 6, 12, 24, 48, 120, 240, 480].map((hours) => hours * HOUR_MS);

const PAST = [
  ["created_at", "staged"],
  ["published_at", "published"],
  ["activated_at", "active"],
  ["retiring_at", "retiring"],
  ["retired_at", "retired"],
  ["revoked_at", "revoked"],
];
const BECOMES = { prepare: "staged", publish: "published", activate: "active", retire: "retired" };
const ENDS = new Set(["retired", "revoked"]);

function make(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

/** When a key entered each state: what has been, then what is planned. A key that takes over retires the active one. */
function course(key, plan, now) {
  const been = PAST.filter(([field]) => key[field]).map(([field, state]) => ({ at: Date.parse(key[field]), state }));
  const planned = plan
    .filter((step) => step.kid === key.kid && BECOMES[step.step])
    .map((step) => ({ at: Math.max(now, Date.parse(step.at)), state: BECOMES[step.step] }));
  const successor = key.state === "active" && plan.find((step) => step.step === "activate" && step.kid !== key.kid);
  if (successor) {
    planned.push({ at: Math.max(now, Date.parse(successor.at)), state: "end" });
  }
  return [...been, ...planned.sort((a, b) => a.at - b.at)];
}

/** Bars of one key: each state until the next, cut at now into what was and what is planned. */
function bars(points, now, until) {
  return points.flatMap(({ at, state }, index) => {
    if (state === "end") {
      return [];
    }
    const end = ENDS.has(state) ? at : (points[index + 1]?.at ?? until);
    if (at >= now) {
      return [{ state, from: at, to: end, planned: true }];
    }
    const been = { state, from: at, to: Math.min(end, now), planned: false };
    return end > now ? [been, { state, from: now, to: end, planned: true }] : [been];
  });
}

function rowsOf({ keys, plan, now: nowText }) {
  const now = Date.parse(nowText);
  const known = shortIds(keys);
  const rows = keys.map((key) => ({ name: known.get(key.kid), state: key.state, points: course(key, plan, now) }));
  const coming = plan.filter((step) => step.kid === null);
  if (coming.length > 0) {
    rows.push({ name: "the next key", state: "not made yet", points: course({ kid: null }, plan, now) });
  }
  return { rows, now };
}

const lastOf = ({ points }) => points.at(-1).at;

function tickText(at, step) {
  const text = new Date(at).toISOString();
  if (step >= DAY_MS) {
    return text.slice(0, 10);
  }
  return at % DAY_MS === 0 ? text.slice(5, 10) : text.slice(11, 16);
}

function axis(svg, scale, { from, until, width, height }) {
  const room = Math.max(2, Math.floor(width / LABEL_PX));
  const step = STEPS.find((size) => (until - from) / size <= room) ?? Math.ceil((until - from) / room / DAY_MS) * DAY_MS;
  for (let at = Math.ceil(from / step) * step; at <= until; at += step) {
    const x = scale(at);
    svg.append(make("line", { class: "grid", x1: x, x2: x, y1: AXIS, y2: height }));
    // At the edges the line must do: a label would be cut, or run into its neighbour.
    if (x > LABEL_PX / 2 - 8 && x < width - LABEL_PX / 2 + 8) {
      svg.append(make("text", { x, y: 13, "text-anchor": "middle" }, tickText(at, step)));
    }
  }
}

function labelOf(row, top) {
  const label = make("text", { class: "row-text", x: 0, y: top + 14 });
  label.append(make("tspan", { class: "row-name" }, row.name), make("tspan", { dx: 8 }, row.state));
  return label;
}

function drawBars(svg, scale, row, top, now) {
  for (const { state, from, to, planned } of bars(row.points, now, scale.until)) {
    const x = Math.max(0, scale(from));
    const wide = Math.max(THINNEST, scale(to) - x);
    const shape = { x: Math.min(x, scale.width - THINNEST), y: top + 21, width: wide, height: BAR, rx: Math.min(3, wide / 2) };
    const bar = make("rect", { class: `bar-${state}${planned ? " planned" : ""}`, ...shape });
    const words = ENDS.has(state) ? moment(from) : `from ${moment(from)}`;
    bar.append(make("title", {}, `${row.name}: ${planned ? "planned: " : ""}${state} ${words}`));
    svg.append(bar);
  }
}

/** Replaces what the container shows. */
export function drawTimeline(container, report) {
  const width = Math.floor(container.clientWidth);
  if (width < 1) {
    return;
  }
  const { rows: all, now } = rowsOf(report);
  const rows = all.filter((row) => !ENDS.has(row.state) || lastOf(row) > now - PAST_MS);
  const from = Math.max(now - PAST_MS, Math.min(now, ...rows.map((row) => row.points[0].at))) - HOUR_MS;
  const until = Math.max(now + FUTURE_MS, ...rows.map(lastOf)) + FUTURE_MS / 2;
  const scale = (at) => EDGE + ((at - from) / (until - from)) * (width - 2 * EDGE);
  Object.assign(scale, { until, width });
  const height = AXIS + rows.length * ROW + 6;
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": spoken(rows) });
  axis(svg, scale, { from, until, width, height });
  for (const freeze of report.schedule.freezes) {
    const [x, end] = [freeze.from, freeze.to].map((at) => Math.min(width, Math.max(0, scale(Date.parse(at)))));
    if (end > x) {
      const shade = make("rect", { class: "freeze", x, y: AXIS, width: end - x, height: height - AXIS });
      shade.append(make("title", {}, `Freeze: ${freeze.reason}`));
      svg.append(shade);
    }
  }
  rows.forEach((row, index) => drawBars(svg, scale, row, AXIS + index * ROW, now));
  svg.append(make("line", { class: "now", x1: scale(now), x2: scale(now), y1: AXIS - 4, y2: height }));
  // Over all lines, so that none goes through a letter.
  svg.append(...rows.map((row, index) => labelOf(row, AXIS + index * ROW)));
  container.replaceChildren(svg);
  const hidden = all.length - rows.length;
  document.getElementById("older").textContent =
    hidden > 0 ? `Not drawn: ${hidden} ${hidden === 1 ? "key" : "keys"} that ended more than 45 days ago.` : "";
}

const spoken = (rows) =>
  `Keys on a time axis; the table below says the same. ${rows.map(({ name, state }) => `${name}: ${state}`).join(", ")}.`;
