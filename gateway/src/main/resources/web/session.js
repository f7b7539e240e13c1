/** Who is signed in, and what the page says when that changes. Only a 401 ends anything. */

import { Problem, readSession } from "./api.js";
import { timeOfDay } from "./dates.js";
import * as drafts from "./drafts.js";
import { announce, element, hide, notice, show } from "./notices.js";
import { untilAnswered } from "./patience.js";

/** A look at the session now and then lets the gateway renew it while nobody types; spread over the minute. */
const LOOK_EVERY_MS = 60_000;

const SIGN_IN = "/login?return_to=/";

/** What a session says of its renewal, if there is anything to say. Neither is an end. */
const WORDS = {
  delayed: ({ valid_until: until }) => [
    "calm",
    "The sign-in service is slow to answer.",
    `You stay signed in, and your tasks work as usual at least until ${timeOfDay(until)}. There is nothing to do.`,
  ],
  paused: () => [
    "warn",
    "The sign-in service does not answer.",
    "You stay signed in, but tasks cannot be read or saved until it does. What you type is kept; this page goes on trying.",
  ],
};

function signInLink(text) {
  const link = element("a", "button", text);
  link.href = SIGN_IN;
  return link;
}

export class Session {
  #account = null;
  #over = false;
  #looking = false;
  #said = null;
  #timer;

  /** The session, or null if the gateway said with proof that there is none. */
  async start() {
    let session;
    try {
      session = await untilAnswered(() => this.#firstLook());
    } catch (problem) {
      if (problem instanceof Problem && problem.signedOut) {
        return null;
      }
      throw problem;
    } finally {
      hide("key-unknown");
    }
    this.#account = session.user.id;
    drafts.belongTo(session.user.id);
    this.#watch();
    this.#draw(session);
    return session;
  }

  /** This node may lack the key that sealed the cookie: waiting mends it, and so does a new sign-in. */
  async #firstLook() {
    try {
      return await readSession();
    } catch (problem) {
      if (problem.code === "session.key_unknown") {
        show("key-unknown", notice("", "This may take a moment.", "You can also sign in again.", signInLink("Sign in again")));
      }
      throw problem;
    }
  }

  /** Called by whoever met a 401: a quiet banner, and everything stays on the page. */
  ended() {
    if (this.#over) {
      return;
    }
    this.#over = true;
    hide("renewal");
    const text = "Sign in again to go on. What you typed is kept in this tab.";
    show("signed-out", notice("", "You are signed out.", text, signInLink("Sign in again")));
    announce(`You are signed out. ${text}`);
  }

  #watch() {
    document.getElementById("sign-out").addEventListener("submit", () => drafts.forgetAll());
    // "Back" may bring this page out of the browser's memory as it was, also after signing out. Drafts survive a reload.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.addEventListener("visibilitychange", () => this.#lookIfSeen());
    this.#lookLater();
  }

  #lookLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lookIfSeen(), LOOK_EVERY_MS * (0.85 + 0.3 * Math.random()));
  }

  async #lookIfSeen() {
    if (document.visibilityState === "visible" && !this.#over && !this.#looking) {
      this.#looking = true;
      try {
        await this.#look();
      } finally {
        this.#looking = false;
      }
    }
    this.#lookLater();
  }

  async #look() {
    try {
      const session = await readSession();
      if (session.user.id !== this.#account) {
        // Somebody else signed in in another tab: this page's list and drafts are not theirs.
        location.reload();
        return;
      }
      this.#draw(session);
    } catch (problem) {
      if (!(problem instanceof Problem)) {
        throw problem;
      }
      if (problem.signedOut) {
        this.ended();
      }
      // Anything else says nothing about the session; the requests that matter show their own trouble.
    }
  }

  #draw(session) {
    const said = WORDS[session.renewal];
    if (!said) {
      if (hide("renewal")) {
        announce("The sign-in service answers again.");
      }
      this.#said = null;
      return;
    }
    const [kind, strong, text] = said(session);
    if (this.#said !== session.renewal) {
      this.#said = session.renewal;
      announce(`${strong} ${text}`);
    }
    show("renewal", notice(kind, strong, text));
  }
}
