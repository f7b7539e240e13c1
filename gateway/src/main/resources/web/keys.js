/** Start of the page of signing keys: reads every five seconds while somebody can see it, and draws. Gives no orders. */

import { Problem, readKeyHistory, readKeyPlan, readKeys, readSession } from "./api.js";
import { drawTables } from "./keys-tables.js";
import { drawTimeline } from "./keys-timeline.js";
import { announce, element, explain, hide, notice, show } from "./notices.js";
import { untilAnswered } from "./patience.js";

const EVERY_MS = 5_000;
const ENTRIES = 20;

const content = document.getElementById("content");
const summary = document.getElementById("summary");

/** The end of the journal. It only grows, so each look reads what is new. */
const journal = { entries: [], seen: 0, head: "" };

const timeline = document.getElementById("timeline");

let drawn = null;
let said = null;
let running = false;
let over = false;
let timer;

async function readJournal() {
  for (let next = journal.seen; next !== null; ) {
    const page = await readKeyHistory(next);
    // A look that was given up may still be reading the same page.
    const fresh = page.entries.filter(({ seq }) => seq > journal.seen);
    journal.entries = [...journal.entries, ...fresh].slice(-ENTRIES);
    journal.seen = fresh.at(-1)?.seq ?? journal.seen;
    journal.head = page.head;
    next = page.next ?? null;
  }
}

async function read() {
  const [keys, { steps, dying_tokens: dying }] = await Promise.all([readKeys(), readKeyPlan(), readJournal()]);
  return { ...keys, plan: steps, dying: dying.about, entries: journal.entries, head: journal.head };
}

function draw() {
  drawTables(drawn);
  drawTimeline(timeline, drawn);
}

/** Nothing here mends these by waiting; what was shown before stays, unless it is nobody's business any more. */
function refused(problem) {
  over = true;
  if (problem.signedOut) {
    const link = element("a", "button", "Sign in");
    link.href = `/login?return_to=${encodeURIComponent(location.pathname)}`;
    say("", "You are signed out.", "Sign in again to see the keys.", link);
  } else if (problem.code === "auth.operator_required") {
    content.hidden = true;
    const words = "Your account lacks the role operator, which this page needs. Nothing is wrong with your session.";
    say("danger", "You are not an operator.", `${words} (${problem.status}, ${problem.code})`);
  } else {
    over = false;
    say("danger", ...explain(problem, "The keys could not be read"));
  }
  if (content.hidden) {
    summary.textContent = "Not shown.";
  }
}

/** Spoken once, however often it is found to be so still. */
function say(kind, strong, text, ...actions) {
  const words = `${strong} ${text}`;
  if (words !== said) {
    said = words;
    show("keys", notice(kind, strong, text, ...actions));
    announce(words);
  }
}

async function look() {
  clearTimeout(timer);
  if (running || over || document.visibilityState !== "visible") {
    return;
  }
  running = true;
  try {
    // A busy server is asked again as late as it says; the banner counts down.
    drawn = await untilAnswered(read);
    said = null;
    hide("keys");
    content.hidden = false;
    draw();
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    refused(problem);
  } finally {
    running = false;
    timer = setTimeout(look, EVERY_MS);
  }
}

async function greet() {
  try {
    const { user } = await untilAnswered(readSession);
    const email = document.getElementById("account-email");
    email.textContent = user.email;
    email.title = user.email;
    document.getElementById("account").hidden = false;
  } catch (problem) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    // Who is signed in is said for comfort; the calls that matter say what is wrong.
  }
}

document.addEventListener("visibilitychange", look);
// "Back" may bring this page out of the browser's memory as it was, also after signing out.
addEventListener("pageshow", (event) => event.persisted && location.reload());
// Letters keep their size, so another width is another drawing.
addEventListener("resize", () => drawn && drawTimeline(timeline, drawn));
await Promise.all([greet(), look()]);
