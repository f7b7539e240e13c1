/** What every browser test needs: one Chromium, a watch on what a page must not do, axe, and a keyboard. */

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

function required(name) {
  const value = process.env[name];
  assert.ok(value, `Set ${name}. These tests need a running stack; ./firebreak test starts one and sets it.`);
  return value;
}

export const ORIGIN = new URL(required("FIREBREAK_ORIGIN")).origin;
export const ALICE = { email: required("ALICE_EMAIL"), password: required("ALICE_PASSWORD") };
export const OPS = { email: required("OPS_EMAIL"), password: required("OPS_PASSWORD") };

const SCREENSHOTS = process.env.SCREENSHOTS ?? "target/screenshots";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A busy two-core machine is slow, not broken; anything longer is a fault. */
const PATIENCE_MS = 20_000;

mkdirSync(SCREENSHOTS, { recursive: true });

/** Debian's Chromium; another one by CHROMIUM. As root it refuses its sandbox, and the pages are our own. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** 200 % zoom of a 1280 px window is a 640 px viewport with two device pixels a CSS pixel. */
export const SIZES = {
  1280: { viewport: { width: 1280, height: 860 } },
  360: { viewport: { width: 360, height: 740 } },
  "200-percent": { viewport: { width: 640, height: 430 }, deviceScaleFactor: 2 },
};

export const SCHEMES = ["light", "dark"];

/** Reports from inside the page; a binding works also where the page's own CSP forbids inline scripts. */
function reportViolations() {
  addEventListener("securitypolicyviolation", (event) => {
    globalThis.reportViolation(`${event.effectiveDirective} blocked ${event.blockedURI || "inline"}`);
  });
}

/** A page of its own context. `faults` collects whatever no page of ours may do; the tests expect it empty. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ baseURL: ORIGIN, locale: "en-US", ...SIZES[1280], ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const faults = [];
  await context.exposeBinding("reportViolation", (_, text) => faults.push(`CSP: ${text}`));
  await context.addInitScript(reportViolations);
  const page = await context.newPage();
  page.on("console", (message) => {
    // Chromium logs each answer of 400 and above by itself; whether that is right is for the test to say.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`uncaught: ${error.stack}`));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== ORIGIN) {
      faults.push(`request to another origin: ${request.url()}`);
    }
  });
  return { context, page, faults };
}

export const screenshot = (page, name) =>
  page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true, animations: "disabled" });

/** Expects no axe finding, no sideways scrolling and no target under 44 px. */
export async function expectAccessible(page, what) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
  assert.deepEqual(found, [], `axe on ${what}`);
  assert.ok(passes.length > 10, `axe looked at ${what}`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${what} scrolls sideways`);
  assert.deepEqual(await smallTargets(page), [], `targets under 44 px on ${what}`);
}

/** Links inside a sentence are exempt (WCAG 2.5.5), and so is what is a label's whole area by another element. */
function smallTargets(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll(".button, .input, summary, .tick, .check, .segments label, .brand[href]")]
      .filter((node) => node.checkVisibility())
      .map((node) => ({ node, box: node.getBoundingClientRect() }))
      // Half a pixel for rounding at fractional scales.
      .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
      .map(({ node, box }) => `${node.tagName}.${node.className} ${box.width}x${box.height}`),
  );
}

/** Presses Tab until the focus is on an element that matches; a page of fifty tasks has several stops in each row. */
export async function tabTo(page, selector, presses = 400) {
  for (let press = 0; press <= presses; press++) {
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  assert.fail(`${presses} presses of Tab did not reach ${selector}`);
}

export const focused = (page, selector) =>
  page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector);

/** Through the real form with the keyboard alone. */
export async function signInByKeyboard(page, { email, password } = ALICE) {
  await page.goto("/");
  await page.locator("#sign-in").waitFor();
  await tabTo(page, "#sign-in");
  await page.keyboard.press("Enter");
  await focused(page, "#username");
  await page.keyboard.type(email);
  await tabTo(page, "#password");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
}

/** The row of a task by its exact title. */
export const row = (page, title) =>
  page.locator(".task").filter({ has: page.locator("[data-title]", { hasText: new RegExp(`^${title}$`) }) });

/** A call by the page's own session, for what a test needs to see or do behind the page's back. */
export async function call(page, method, path, { body, version } = {}) {
  const response = await page.context().request.fetch(path, {
    method,
    headers: {
      Origin: ORIGIN,
      "X-Firebreak": "1",
      ...(body ? { "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json" } : {}),
      ...(version === undefined ? {} : { "If-Match": `"${version}"` }),
    },
    data: body ? JSON.stringify(body) : undefined,
  });
  return { status: response.status(), body: await response.json().catch(() => null) };
}

/** All tasks of the signed-in user. */
export async function tasks(page) {
  const all = [];
  let next = null;
  do {
    const { body } = await call(page, "GET", `/api/v1/tasks?limit=50${next ? `&after=${encodeURIComponent(next)}` : ""}`);
    all.push(...body.items);
    next = body.next ?? null;
  } while (next !== null && all.length < 5000);
  return all;
}
