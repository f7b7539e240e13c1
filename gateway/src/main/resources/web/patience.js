/** Asking again when the server is busy: paced by Retry-After, spread by jitter, shown as one banner for all waits. */

import { Problem } from "./api.js";
import { announce, button, element, hide, notice, show } from "./notices.js";

/** Nobody waits longer than this for the next try, whatever a server says. */
const LONGEST_SECONDS = 60;

/** Without Retry-After: 1, 2, 4, 8, 16, 30, 30, … seconds. */
const LONGEST_BACKOFF_SECONDS = 30;

/** Up to a quarter is added, never taken away: not before the time the server named, and not all at once. */
const JITTER = 0.25;

/** A write asks this often before it asks the person; a read goes on, as the page has nothing to show without it. */
const WRITE_TRIES = 6;

/** Seconds until the next try, as a fraction. */
export function pause(attempt, retryAfter, random = Math.random()) {
  const asked = retryAfter ?? Math.min(2 ** attempt, LONGEST_BACKOFF_SECONDS);
  return Math.min(Math.max(asked, 1) * (1 + JITTER * random), LONGEST_SECONDS);
}

const waits = new Set();
let ticker = null;
let shownCause = null;

const secondsLeft = () => Math.max(1, Math.ceil((Math.min(...[...waits].map((wait) => wait.at)) - Date.now()) / 1000));

const plural = (seconds) => `${seconds} second${seconds === 1 ? "" : "s"}`;

function causeOf(problem) {
  if (problem.status === 0) {
    return navigator.onLine ? "No answer from the service." : "You are offline.";
  }
  return problem.status === 429 ? "Too many requests at once." : "The service is busy.";
}

function draw(problem) {
  const cause = causeOf(problem);
  if (shownCause !== cause) {
    shownCause = cause;
    const count = element("span", "countdown", plural(secondsLeft()));
    const text = element("span", "", "Nothing is lost. Trying again in ", count, ".");
    show("busy", notice("warn", cause, text, button("secondary", "Try now", tryNow)));
    announce(`${cause} Trying again in ${plural(secondsLeft())}. Nothing is lost.`);
  }
  ticker ??= setInterval(tick, 250);
  tick();
}

function tick() {
  const count = document.querySelector('[data-notice="busy"] .countdown');
  const text = waits.size > 0 ? plural(secondsLeft()) : "a moment";
  // Only the visible text changes each second; the live region spoke once.
  if (count && count.textContent !== text) {
    count.textContent = text;
  }
}

/** Ends every wait at once. */
export function tryNow() {
  [...waits].forEach((wait) => wait.end());
}

function waitFor(seconds, problem) {
  return new Promise((resolve) => {
    const wait = { at: Date.now() + seconds * 1000 };
    wait.end = () => {
      clearTimeout(wait.timer);
      waits.delete(wait);
      resolve();
    };
    wait.timer = setTimeout(wait.end, seconds * 1000);
    waits.add(wait);
    draw(problem);
  });
}

let waiting = 0;

function settle() {
  if (waiting > 0) {
    return;
  }
  clearInterval(ticker);
  ticker = null;
  shownCause = null;
  hide("busy");
}

/**
 * Runs an operation until it succeeds, fails for a reason that waiting does not mend, or has used up its tries.
 *
 * @param {() => Promise} operation may run several times
 * @param {{tries?: number, repeatable?: (problem: Problem) => boolean}} options
 */
export async function patiently(operation, { tries = WRITE_TRIES, repeatable = () => true } = {}) {
  let delayed = false;
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await operation();
        if (delayed && waiting === 1) {
          announce("The service answers again.");
        }
        return result;
      } catch (problem) {
        const again = problem instanceof Problem && problem.busy && attempt + 1 < tries && repeatable(problem);
        if (!again) {
          throw problem;
        }
        if (!delayed) {
          delayed = true;
          waiting++;
        }
        await waitFor(pause(attempt, problem.retryAfter), problem);
      }
    }
  } finally {
    if (delayed) {
      waiting--;
      settle();
    }
  }
}

/** For what the page cannot do without: asks as long as the page is open, never more often than the server allows. */
export const untilAnswered = (operation) => patiently(operation, { tries: Infinity });

addEventListener("online", tryNow);
