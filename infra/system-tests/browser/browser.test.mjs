/**
 * The pages in a real Chromium against a running stack: signing in, working with tasks, and what a person sees when
 * something behind the page is busy. Real answers wherever the test does not say "intercepts".
 */

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ALICE, ORIGIN, SCHEMES, SIZES } from "./support.mjs";
import { call, expectAccessible, focused, launch, open, row, screenshot, signInByKeyboard, tabTo, tasks } from "./support.mjs";

const PROBLEM = "application/problem+json";
const unique = (words) => `${words} ${Math.random().toString(36).slice(2, 8)}`;

let browser;
/** Cookies of one sign-in, shared by the tests that are not about signing in: a password costs the server real work. */
let signedIn;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

/** Opens a page, runs the test, expects that the page did nothing it must not do, closes it whatever happened. */
async function on(options, test) {
  const { context, page, faults } = await open(browser, options);
  try {
    await test(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

async function onTasks(options, test) {
  assert.ok(signedIn, "the sign-in test has to pass first");
  await on({ storageState: signedIn, ...options }, async (page, context) => {
    await page.goto("/");
    await page.locator("#list:not([aria-busy])").waitFor({ state: "attached" });
    await page.locator("#workplace").waitFor();
    await test(page, context);
  });
}

async function added(page, title) {
  await page.fill("#add-title", title);
  await page.keyboard.press("Enter");
  await row(page, title).waitFor();
}

/** Answers the next matching request itself, once, and lets all others through. */
async function interceptOnce(page, method, url, answer) {
  let left = 1;
  await page.route(url, (route) =>
    route.request().method() === method && left-- > 0 ? route.fulfill(answer) : route.fallback(),
  );
}

const busy = (code, seconds, status = 503) => ({
  status,
  contentType: PROBLEM,
  headers: { "Retry-After": String(seconds) },
  body: JSON.stringify({ type: `/errors/${code}`, title: "Busy", status, code, act: "retry", trace_id: "0".repeat(32) }),
});

describe("signing in", () => {
  it("works with the keyboard alone", () =>
    on({}, async (page, context) => {
      await signInByKeyboard(page);

      await page.locator("#workplace").waitFor();
      assert.equal(new URL(page.url()).pathname, "/");
      assert.equal(await page.textContent("#account-email"), ALICE.email);
      assert.equal((await call(page, "GET", "/session")).body.user.email, ALICE.email);
      signedIn = await context.storageState();
    }));

  it("works without JavaScript, and so does signing out", () =>
    on({ javaScriptEnabled: false }, async (page) => {
      await page.goto("/");
      await page.click("#sign-in");
      await page.fill("#username", ALICE.email);
      await page.fill("#password", ALICE.password);
      await page.click('#login button[type="submit"]');
      await page.waitForURL((url) => url.pathname === "/");

      assert.equal((await call(page, "GET", "/session")).status, 200);
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.waitForLoadState();
      assert.equal((await call(page, "GET", "/session")).status, 401);
    }));

  it("says that the password is wrong, keeps the address and leads the keyboard to the fields", () =>
    on({}, async (page) => {
      await signInByKeyboard(page, { email: ALICE.email, password: "not-the-password" });

      await focused(page, "#summary");
      assert.equal(await page.inputValue("#username"), ALICE.email);
      assert.equal(await page.inputValue("#password"), "");
      for (const field of ["#username", "#password"]) {
        assert.equal(await page.getAttribute(field, "aria-invalid"), "true");
        assert.ok(await page.isVisible(`#${await page.getAttribute(field, "aria-describedby")}`));
      }
      await tabTo(page, '#summary a[href="#password"]');
      await page.keyboard.press("Enter");
      await focused(page, "#password");
    }));

  it("moves the focus to the trouble without JavaScript too", () =>
    on({ javaScriptEnabled: false }, async (page) => {
      await page.goto("/login");
      await page.fill("#username", ALICE.email);
      await page.fill("#password", "not-the-password");
      await page.click('#login button[type="submit"]');

      await page.locator("#summary:focus").waitFor();
    }));

  it("shows and hides the password on demand", () =>
    on({}, async (page) => {
      await page.goto("/login");
      await page.fill("#password", "visible?");
      await tabTo(page, "#show-password");
      await page.keyboard.press("Enter");
      assert.equal(await page.getAttribute("#password", "type"), "text");
      await page.keyboard.press("Enter");
      assert.equal(await page.getAttribute("#password", "type"), "password");
    }));

  it("does not move anything while the page loads", () =>
    on({}, async (page) => {
      await page.addInitScript(() => {
        globalThis.shift = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.shift += entry.value))).observe({
          type: "layout-shift",
          buffered: true,
        });
      });
      await page.goto("/login", { waitUntil: "networkidle" });
      assert.equal(await page.isVisible("#show-password"), true);
      assert.equal(await page.evaluate(() => globalThis.shift), 0);
    }));
});

describe("tasks", () => {
  it("are added, edited, completed and deleted with the keyboard alone, and are still so after a reload", () =>
    onTasks({}, async (page) => {
      const title = unique("Buy milk");
      const better = unique("Buy oat milk");

      await tabTo(page, "#add-title");
      await page.keyboard.type(title);
      await tabTo(page, "#add summary");
      await page.keyboard.press("Enter");
      await tabTo(page, "#add-notes");
      await page.keyboard.type("Two cartons");
      await tabTo(page, "#add-due");
      await page.keyboard.type("03152031");
      await tabTo(page, '#add button[type="submit"]');
      await page.keyboard.press("Enter");
      await row(page, title).waitFor();
      await focused(page, "#add-title");
      const made = (await tasks(page)).find((task) => task.title === title);
      assert.equal(made.notes, "Two cartons");
      assert.equal(made.due_date, "2031-03-15");

      await tabTo(page, `[aria-label="Edit: ${title}"]`, 400);
      await page.keyboard.press("Enter");
      await focused(page, '.edit [name="title"]');
      await page.keyboard.press("Control+A");
      await page.keyboard.type(better);
      await page.keyboard.press("Enter");
      await row(page, better).waitFor();
      await focused(page, `[aria-label="Edit: ${better}"]`);

      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Space");
      await row(page, better).and(page.locator(".done:not(.waiting)")).waitFor();
      assert.ok((await tasks(page)).find((task) => task.title === better).completed_at);

      await page.reload();
      await page.locator("#workplace").waitFor();
      await page.locator('#filter input[value="done"]').check();
      await row(page, better).and(page.locator(".done")).waitFor();

      await tabTo(page, `[aria-label="Delete: ${better}"]`, 400);
      await page.keyboard.press("Enter");
      await focused(page, '#confirm [value="keep"]');
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await row(page, better).waitFor({ state: "detached" });
      assert.equal((await tasks(page)).some((task) => task.title === better), false);
      assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY");
    }));

  it("are not deleted by Escape", () =>
    onTasks({}, async (page) => {
      const title = unique("Keep me");
      await added(page, title);
      await page.click(`[aria-label="Delete: ${title}"]`);
      await page.keyboard.press("Escape");

      await focused(page, `[aria-label="Delete: ${title}"]`);
      assert.ok((await tasks(page)).some((task) => task.title === title));
    }));

  it("come page by page, and the keyboard goes on at the first new one", () =>
    onTasks({}, async (page) => {
      const titles = Array.from({ length: 60 }, (_, index) => unique(`During the long list ${index}`));
      for (const title of titles) {
        assert.equal((await call(page, "POST", "/api/v1/tasks", { body: { title } })).status, 201);
      }
      await page.reload();
      await row(page, titles.at(-1)).waitFor();
      assert.equal(await page.locator(".task").count(), 50);
      assert.match(await page.textContent("#count"), /^50\+ open tasks$/);

      await tabTo(page, "#load-more", 400);
      await page.keyboard.press("Enter");

      await row(page, titles[0]).waitFor();
      await focused(page, ".task:nth-child(51) input");
      for (const task of (await tasks(page)).filter(mine)) {
        await call(page, "DELETE", `/api/v1/tasks/${task.id}`, { version: task.version });
      }
    }));

  it("are filtered, and one that was ticked stays in its place until the filter changes", () =>
    onTasks({}, async (page) => {
      const [open, done] = ["Keep me open", "Keep me done"].map(unique);
      await added(page, done);
      await added(page, open);
      await row(page, done).locator(".tick").click();
      await row(page, done).and(page.locator(".done:not(.waiting)")).waitFor();
      assert.equal(await row(page, done).isVisible(), true);

      await page.locator('#filter input[value="done"]').check();
      await row(page, open).waitFor({ state: "hidden" });
      assert.equal(await row(page, done).isVisible(), true);
      await page.locator('#filter input[value="open"]').check();
      await row(page, done).waitFor({ state: "hidden" });
      await page.locator('#filter input[value="all"]').check();
      await row(page, done).and(page.locator(":visible")).waitFor();
      await row(page, open).and(page.locator(":visible")).waitFor();
    }));

  it("with a title that is too long keep every letter and say what is wrong", () =>
    onTasks({}, async (page) => {
      await page.fill("#add-title", "x".repeat(231));
      await page.keyboard.press("Enter");

      await focused(page, '#add-title[aria-invalid="true"]');
      assert.match(await page.textContent("#add-title-error"), /200.*231/);
      assert.equal((await page.inputValue("#add-title")).length, 231);
    }));

  it("with a title that only the server refuses say so at the field (intercepts the answer)", () =>
    onTasks({}, async (page) => {
      await interceptOnce(page, "POST", "**/api/v1/tasks", {
        status: 400,
        contentType: PROBLEM,
        body: JSON.stringify({
          status: 400,
          code: "request.invalid",
          title: "Request not valid",
          violations: [{ field: "/notes", message: "must be plain text" }],
        }),
      });
      await page.fill("#add-title", "Fine");
      await page.keyboard.press("Enter");

      await focused(page, '#add-notes[aria-invalid="true"]');
      assert.equal(await page.textContent("#add-notes-error"), "Must be plain text.");
    }));

  it("show markup as text", () =>
    onTasks({}, async (page) => {
      const title = unique("<img src=x onerror=alert(1)>");
      await added(page, title.replaceAll(/[()]/g, ""));
      assert.equal(await page.locator(".task img").count(), 0);
    }));

  it("changed somewhere else are offered side by side, and nothing is overwritten unseen", () =>
    onTasks({}, async (page) => {
      const [title, mine, theirs] = ["First words", "My words", "Their words"].map(unique);
      await added(page, title);
      const task = (await tasks(page)).find((one) => one.title === title);
      await page.click(`[aria-label="Edit: ${title}"]`);
      await page.fill('.edit [name="title"]', mine);
      const other = await call(page, "PATCH", `/api/v1/tasks/${task.id}`, { body: { title: theirs }, version: task.version });
      assert.equal(other.status, 200);

      await page.keyboard.press("Enter");

      await focused(page, ".conflict");
      assert.equal(await page.inputValue('.edit [name="title"]'), mine);
      assert.match(await page.textContent(".differences"), new RegExp(`${mine}.*${theirs}`, "s"));
      await page.click("[data-mine]");
      await row(page, mine).waitFor();
      assert.equal((await tasks(page)).find((one) => one.id === task.id).title, mine);
    }));
});

describe("trouble", () => {
  it("busy: says so, waits as long as it is told and adds the task once (intercepts one answer)", () =>
    onTasks({}, async (page) => {
      const title = unique("During a storm");
      await interceptOnce(page, "POST", "**/api/v1/tasks", busy("pool.saturated", 2));
      const started = Date.now();
      await page.fill("#add-title", title);
      await page.keyboard.press("Enter");

      await page.locator('[data-notice="busy"]').waitFor();
      assert.equal(await page.inputValue("#add-title"), title);
      await row(page, title).waitFor();
      assert.ok(Date.now() - started >= 2000, "not before Retry-After");
      await page.locator('[data-notice="busy"]').waitFor({ state: "detached" });
      assert.equal((await tasks(page)).filter((task) => task.title === title).length, 1);
    }));

  it("busy: 'Try now' does not wait (intercepts one answer)", () =>
    onTasks({}, async (page) => {
      const title = unique("In a hurry");
      await interceptOnce(page, "POST", "**/api/v1/tasks", busy("rate.limited", 50, 429));
      await page.fill("#add-title", title);
      await page.keyboard.press("Enter");
      await page.click('[data-notice="busy"] button');

      await row(page, title).waitFor();
    }));

  it("busy: the pause is never shorter than asked, at most a quarter longer, and never over a minute", () =>
    onTasks({}, async (page) => {
      const pauses = await page.evaluate(async () => {
        const { pause } = await import("/assets/patience.js");
        return {
          told: [pause(0, 4, 0), pause(5, 4, 0.999)],
          untold: [0, 1, 4, 5, 50].map((attempt) => pause(attempt, null, 0)),
          absurd: pause(0, 86_400, 0.5),
          zero: pause(0, 0, 0),
        };
      });
      assert.equal(pauses.told[0], 4);
      assert.ok(pauses.told[1] > 4 && pauses.told[1] < 5);
      assert.deepEqual(pauses.untold, [1, 2, 16, 30, 30]);
      assert.equal(pauses.absurd, 60);
      assert.equal(pauses.zero, 1);
    }));

  it("no clear answer: looks before it adds again (intercepts the answer, not the request)", () =>
    onTasks({}, async (page) => {
      const title = unique("Lost answer");
      let left = 1;
      await page.route("**/api/v1/tasks", async (route) => {
        if (route.request().method() === "POST" && left-- > 0) {
          await route.fetch();
          await route.fulfill(busy("service.upstream_timeout", 1));
        } else {
          await route.fallback();
        }
      });
      await page.fill("#add-title", title);
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Look and try again" }).click();

      await row(page, title).waitFor();
      assert.equal((await tasks(page)).filter((task) => task.title === title).length, 1);
    }));

  for (const status of [429, 500, 502, 503, 504]) {
    it(`${status} never signs anybody out and keeps what was typed (intercepts every write)`, () =>
      onTasks({}, async (page) => {
        await page.route("**/api/v1/tasks", (route) =>
          route.request().method() === "POST" ? route.fulfill(busy("internal", 30, status)) : route.fallback(),
        );
        await page.fill("#add-title", "Typed in vain");
        await page.keyboard.press("Enter");
        await page.locator('#add .notice, [data-notice="busy"]').first().waitFor();

        assert.equal(await page.isVisible("#workplace"), true);
        assert.equal(await page.locator('[data-notice="signed-out"]').count(), 0);
        assert.equal(await page.inputValue("#add-title"), "Typed in vain");
        await page.reload();
        await page.locator("#workplace").waitFor();
        assert.equal(await page.inputValue("#add-title"), "Typed in vain");
        assert.equal((await call(page, "GET", "/session")).status, 200);
      }));
  }

  it("401, and only that, asks to sign in again; the text is there afterwards (intercepts the writes)", () =>
    onTasks({}, async (page) => {
      await page.route("**/api/v1/tasks", (route) =>
        route.request().method() === "POST" ? route.fulfill(busy("session.ended", 1, 401)) : route.fallback(),
      );
      await page.fill("#add-title", "Typed before the end");
      await page.keyboard.press("Enter");

      const link = page.locator('[data-notice="signed-out"] a');
      await link.waitFor();
      assert.equal(await page.isVisible("#workplace"), true);
      await page.unroute("**/api/v1/tasks");
      await link.click();
      await page.waitForURL((url) => ["/", "/auth/login"].includes(url.pathname));
      if (new URL(page.url()).pathname === "/auth/login") {
        await page.fill("#username", ALICE.email);
        await page.fill("#password", ALICE.password);
        await page.click('#login button[type="submit"]');
      }
      await page.locator("#workplace").waitFor();
      assert.equal(await page.inputValue("#add-title"), "Typed before the end");
    }));

  it("'Back' after the end of a session does not bring the tasks back", () =>
    onTasks({}, async (page, context) => {
      await context.clearCookies();
      await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
      await page.locator("#welcome h1").waitFor();
      assert.equal(await page.locator(".task").count(), 0);
    }));

  for (const [renewal, words] of [["delayed", "tasks work as usual"], ["paused", "What you type is kept"]]) {
    it(`a renewal that is ${renewal} is a notice that goes away, never an end (intercepts /session)`, () =>
      onTasks({}, async (page) => {
        const look = () => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await page.route("**/session", async (route) => {
          const real = await route.fetch();
          await route.fulfill({ response: real, json: { ...(await real.json()), renewal } });
        });
        await look();
        await page.locator('[data-notice="renewal"]', { hasText: words }).waitFor();
        assert.equal(await page.locator('[data-notice="signed-out"]').count(), 0);
        await page.unroute("**/session");
        await look();
        await page.locator('[data-notice="renewal"]').waitFor({ state: "detached" });
      }));
  }
});

describe("the look", () => {
  before(() =>
    onTasks({}, async (page) => {
      const { body } = await call(page, "GET", "/api/v1/categories");
      const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
      for (const task of [
        { title: unique("Keep me in the pictures: late"), due_date: day(-3), category_id: body.items[0].id },
        { title: unique("Keep me in the pictures: soon"), due_date: day(1), notes: "A first line.\nAnd a second one." },
        { title: unique(`Keep me in the pictures: ${"long words go on ".repeat(6).trim()}`), due_date: day(400) },
      ]) {
        assert.equal((await call(page, "POST", "/api/v1/tasks", { body: task })).status, 201);
      }
    }),
  );

  for (const size of Object.keys(SIZES)) {
    for (const colorScheme of SCHEMES) {
      const options = { ...SIZES[size], colorScheme };

      it(`is accessible: start page, sign-in and the page of an error code, ${size}, ${colorScheme}`, () =>
        on(options, async (page) => {
          for (const [path, ready, name] of [
            ["/", "#welcome h1", "start"],
            ["/login", "#login", "sign-in"],
            ["/errors/pool.saturated", "main h1", "error"],
          ]) {
            await page.goto(path);
            await page.locator(ready).waitFor();
            await expectAccessible(page, name);
            await screenshot(page, `${name}-${size}-${colorScheme}`);
          }
        }));

      it(`is accessible: tasks, and one that is edited, ${size}, ${colorScheme}`, () =>
        onTasks(options, async (page) => {
          const title = unique("Look at me");
          await added(page, title);
          await expectAccessible(page, "tasks");
          await screenshot(page, `tasks-${size}-${colorScheme}`);

          await page.click("#add summary");
          await page.click(`[aria-label="Edit: ${title}"]`);
          await focused(page, '.edit [name="title"]');
          await expectAccessible(page, "edited task");
          await screenshot(page, `edit-${size}-${colorScheme}`);
        }));
    }
  }

  for (const colorScheme of SCHEMES) {
    it(`is accessible: wrong password, ${colorScheme}`, () =>
      on({ ...SIZES[360], colorScheme }, async (page) => {
        await signInByKeyboard(page, { email: ALICE.email, password: "not-the-password" });
        await focused(page, "#summary");
        await expectAccessible(page, "wrong password");
        await screenshot(page, `wrong-password-360-${colorScheme}`);
      }));
  }

  it("moves nothing when less motion is asked for", () =>
    on({ reducedMotion: "reduce" }, async (page) => {
      await page.goto("/login");
      const durations = await page.evaluate(() =>
        [...document.querySelectorAll(".button, .input")].map((node) => getComputedStyle(node).transitionDuration),
      );
      assert.deepEqual([...new Set(durations)], ["0s"]);
    }));

  it("is one: both processes serve the same stylesheet", () =>
    on({}, async (page) => {
      const [own, auth] = await Promise.all(
        ["/assets/firebreak.css", "/auth/assets/firebreak.css"].map((path) => page.context().request.get(path)),
      );
      assert.equal(own.status(), 200);
      assert.equal(await auth.text(), await own.text());
    }));
});

describe("content security policy", () => {
  for (const path of ["/", "/login", "/errors/pool.saturated"]) {
    it(`is strict on ${path}`, () =>
      on({}, async (page) => {
        const response = await page.goto(path);
        const policy = response.headers()["content-security-policy"] ?? "";
        assert.match(policy, /default-src 'none'/);
        assert.doesNotMatch(policy, /unsafe-|\*/);
      }));
  }

  it("blocks an inline style, and these tests would see it", async () => {
    const { context, page, faults } = await open(browser);
    try {
      await page.goto("/login");
      await page.evaluate(() => document.body.setAttribute("style", "opacity: 0"));

      assert.equal(await page.evaluate(() => getComputedStyle(document.body).opacity), "1");
      assert.ok(faults.some((fault) => fault.startsWith("CSP: style-src")), faults.join("; "));
    } finally {
      await context.close();
    }
  });
});

// Last: it ends the session that the tests above share.
describe("signing out", () => {
  it("ends the session, forgets drafts and leads back to the start page", () =>
    onTasks({}, async (page) => {
      await Promise.all((await tasks(page)).filter(mine).map((task) => call(page, "DELETE", `/api/v1/tasks/${task.id}`, task)));
      await page.fill("#add-title", "A secret draft");
      await tabTo(page, "#sign-out button");
      await page.keyboard.press("Enter");

      await page.locator("#welcome h1").waitFor();
      assert.equal(new URL(page.url()).origin, ORIGIN);
      assert.equal((await call(page, "GET", "/session")).status, 401);
      assert.equal(await page.evaluate(() => Object.keys(sessionStorage).length), 0);
    }));
});

/** Titles that these tests made: words and six random characters. */
function mine({ title }) {
  return /^(Buy|Keep me|<img|First words|My words|Their words|During|In a hurry|Lost answer|Look at me).* [a-z0-9]{4,6}$/.test(title);
}
