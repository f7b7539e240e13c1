/** What the page of signing keys says in words. Everything that came from a server is set as text. */

import { element } from "./notices.js";

const SHORTEST = 9;

const byId = (id) => document.getElementById(id);

/** "2026-11-27 12:00", UTC, as the command line writes it. */
export const moment = (at) => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** Ids as short as they stay different, as the command line shows them. */
export function shortIds(keys) {
  const all = keys.map(({ kid }) => kid);
  let length = SHORTEST;
  while (new Set(all.map((kid) => kid.slice(0, length))).size < all.length) {
    length++;
  }
  return new Map(all.map((kid) => [kid, kid.slice(0, length)]));
}

/** "3 s", "25 min", "23 h", "30 d". */
function span(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) {
    return `${whole} s`;
  }
  if (whole < 7_200) {
    return `${Math.round(whole / 60)} min`;
  }
  return whole < 172_800 ? `${Math.round(whole / 3_600)} h` : `${Math.round(whole / 86_400)} d`;
}

function when(at, now) {
  const seconds = (Date.parse(at) - Date.parse(now)) / 1000;
  return seconds <= 0 ? "when ready" : `in ${span(seconds)}`;
}

/** A moment whose date a narrow cell does not break. */
const dated = (at) => [element("span", "nowrap", moment(at).slice(0, 10)), moment(at).slice(10)];

const row = (...cells) => element("tr", "", ...cells);
const cell = (className, ...children) => element("td", className, ...children);

function id(kid, short) {
  const made = element("code", "", short);
  made.title = kid;
  return made;
}

const tag = (className, text) => element("span", `tag ${className}`.trim(), text);

function keyRow(key, ids, now) {
  const name = element("th", "name", id(key.kid, ids.get(key.kid)), element("span", "muted small block", key.algorithm));
  name.scope = "row";
  const next = key.next
    ? [`${key.next.step} ${when(key.next.at, now)}, `, ...dated(key.next.at)]
    : key.state === "revoked"
      ? ["revoked ", ...dated(key.revoked_at)]
      : ["–"];
  return row(name, cell("", tag(`state-${key.state}`, key.state)), cell("", ...next));
}

function verifierRow(verifier, now) {
  // A narrow table breaks the name at its slash.
  const name = element("th", "name", `${verifier.client}/`, element("wbr"), verifier.instance);
  name.scope = "row";
  return row(
    name,
    cell("number", String(verifier.keys_version)),
    cell("", `${span((Date.parse(now) - Date.parse(verifier.seen_at)) / 1000)} ago`),
    cell("", verifier.current ? "has it" : tag("lacks", "LACKS IT")),
  );
}

function step({ step: name, kid, at, waits_for: waits, why }, ids, now) {
  const made = element("li", "", element("p", "step-when muted small", `${when(at, now)}, ${moment(at)}`));
  made.append(element("p", "", element("strong", "", name), " ", kid === null ? "a new key" : id(kid, ids.get(kid) ?? kid)));
  made.append(element("p", "muted small", why));
  if (waits.length > 0) {
    made.append(element("p", "small waits", `waits for ${waits.join(", ")}`));
  }
  return made;
}

/** Only signing keys have a `kid`; of other rings the kind is named. */
function entry({ seq, at, actor, order, kid, subject, id: other, reason, before, after }, ids) {
  const change = after ? `: ${before ?? "new"} → ${after}` : "";
  const what = kid ? id(kid, ids.get(kid) ?? kid) : `${subject} ${other}`;
  return element(
    "li",
    "",
    element("p", "step-when muted small", `${seq}, ${moment(at)}`),
    element("p", "", element("strong", "", order), " ", what, change),
    element("p", "muted small", `${actor}: ${reason}`),
  );
}

const pair = (term, text) => element("div", "", element("dt", "", term), element("dd", "", text));

const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

function schedulePairs({ rotate_every_s: every, publish_ahead_s: ahead, next_rotation_at: next, freezes, frozen }, now) {
  return [
    pair("A new key signs", `every ${span(every)}`),
    pair("Published", `${span(ahead)} ahead`),
    pair("Next rotation", `${when(next, now)} (${moment(next)})`),
    pair("Now", frozen ? "frozen: nothing changes by itself" : "not frozen"),
    ...freezes.map(({ from, to, reason }) => pair("Freeze", `${moment(from)} to ${moment(to)}: ${reason}`)),
  ];
}

/** Shows one report of the server. */
export function drawTables(report) {
  const { version, now, keys, plan, schedule, verifiers, entries, head, dying } = report;
  const ids = shortIds(keys);
  const active = keys.filter(({ state }) => state === "active").length;
  const lacking = verifiers.filter(({ current }) => !current);
  const holding = `${verifiers.length - lacking.length} of ${count(verifiers.length, "verifier")}`;
  byId("summary").textContent = `${active === 1 ? "1 key signs" : `${active} keys sign`}, and ${holding} ${
    verifiers.length - lacking.length === 1 ? "has" : "have"
  } version ${version}.`;
  byId("as-of").textContent = `As of ${moment(now)}:${now.slice(17, 19)} UTC`;
  byId("keys").replaceChildren(...[...keys].reverse().map((key) => keyRow(key, ids, now)));
  byId("plan").replaceChildren(...plan.map((one) => step(one, ids, now)));
  byId("dying").textContent =
    dying > 0 ? `An emergency rotation now would end the tokens of about ${count(dying, "session")}; they are renewed.` : "";
  byId("schedule").replaceChildren(...schedulePairs(schedule, now));
  const names = lacking.map(({ client, instance }) => `${client}/${instance}`).join(", ");
  byId("lacking").textContent =
    lacking.length === 0 ? `All have version ${version}.` : `Version ${version} is lacking at ${names}; an activation waits for it.`;
  byId("verifiers").replaceChildren(...verifiers.map((verifier) => verifierRow(verifier, now)));
  byId("journal").replaceChildren(...[...entries].reverse().map((one) => entry(one, ids)));
  byId("head").textContent = head;
}
