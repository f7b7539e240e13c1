/**
 * Signing keys from outside: the operators' page in a real Chromium, and a consumer of the published key set that follows
 * a rotation. Real answers wherever the test does not say "intercepts".
 */

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { ALICE, OPS, ORIGIN, SCHEMES, SIZES } from "./support.mjs";
import { call, expectAccessible, launch, open, screenshot } from "./support.mjs";

const PAGE = "/ops/keys";
const KEYS = "/api/v1/ops/keys";
const DAY_MS = 86_400_000;

let browser;
/** Cookies of one sign-in of the operator. */
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

async function fillIn(page, { email, password }) {
  await page.fill("#username", email);
  await page.fill("#password", password);
  await page.click('#login button[type="submit"]');
}

async function onPage(options, test) {
  assert.ok(signedIn, "the sign-in test has to pass first");
  await on({ storageState: signedIn, ...options }, async (page, context) => {
    await page.goto(PAGE);
    await page.locator("#content").waitFor();
    await test(page, context);
  });
}

const json = (body, status = 200, headers = {}) => ({
  status,
  contentType: status < 400 ? "application/json" : "application/problem+json",
  headers,
  body: JSON.stringify(body),
});

/** Every state at once, which a stack that is minutes old does not have. */
function everyState() {
  const now = Date.now();
  const at = (days) => new Date(now + days * DAY_MS).toISOString();
  const key = (kid, state, times) => ({ kid: kid.padEnd(43, "x"), state, algorithm: "ES256", next: null, ...times });
  const activation = { step: "activate", kid: "published".padEnd(43, "x"), at: at(0.9), waits_for: ["gateway/gateway-2"] };
  const steps = [
    { step: "retire", kid: "retiring".padEnd(43, "x"), at: at(0.02), waits_for: [], why: "its last token has expired by then" },
    { ...activation, why: "third parties may keep the key set for a day" },
  ];
  return {
    keys: {
      version: 12,
      now: at(0),
      keys: [
        key("revoked", "revoked", { created_at: at(-40), published_at: at(-39), activated_at: at(-38), revoked_at: at(-36) }),
        key("retired", "retired", {
          ...{ created_at: at(-37), published_at: at(-36.5), activated_at: at(-36) },
          ...{ retiring_at: at(-25), retired_at: at(-24.5) },
        }),
        key("retiring", "retiring", { created_at: at(-26), published_at: at(-26), activated_at: at(-25), retiring_at: at(-0.5) }),
        key("active", "active", { created_at: at(-4), published_at: at(-3), activated_at: at(-0.5) }),
        key("published", "published", { created_at: at(-2), published_at: at(-0.1), next: steps[1] }),
        key("staged", "staged", { created_at: at(-0.4) }),
      ],
      schedule: {
        rotate_every_s: 2_592_000,
        publish_ahead_s: 86_400,
        next_rotation_at: at(0.9),
        freezes: [{ from: at(-12), to: at(-8), reason: "an audit" }],
        frozen: false,
      },
      verifiers: [
        { client: "gateway", instance: "gateway-1", keys_version: 12, seen_at: at(-1e-5), live: true, current: true },
        { client: "gateway", instance: "gateway-2", keys_version: 11, seen_at: at(-1e-3), live: true, current: false },
        { client: "task-service", instance: "task-service-1", keys_version: 12, seen_at: at(0), live: true, current: true },
      ],
    },
    plan: { steps, dying_tokens: { about: 1234 } },
  };
}

async function intercept(page, { keys, plan }) {
  await page.route(`**${KEYS}`, (route) => route.fulfill(json(keys)));
  await page.route(`**${KEYS}/plan`, (route) => route.fulfill(json(plan)));
  await lookNow(page);
}

/** As if somebody had come back to the page; otherwise it looks after five seconds. */
const lookNow = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

describe("the page of signing keys", () => {
  it("leads through sign-in, comes back, and shows one active key and two verifiers", () =>
    on({}, async (page, context) => {
      await page.goto(PAGE);
      assert.equal(new URL(page.url()).pathname, "/auth/login");
      await fillIn(page, OPS);
      await page.waitForURL((url) => url.pathname === PAGE);
      await page.locator("#content").waitFor();

      assert.equal(await page.locator("#keys .state-active").count(), 1);
      assert.equal(await page.locator("#verifiers tr").count(), 2);
      assert.match(await page.textContent("#verifiers"), /gateway\/.*task-service\//s);
      assert.ok((await page.locator("#timeline .bar-active").count()) >= 1);
      assert.match(await page.textContent("#schedule"), /Next rotation/);
      const { body } = await call(page, "GET", `${KEYS}/history?limit=500`);
      assert.equal(await page.textContent("#head"), body.head);
      assert.equal(await page.locator("#journal li").count(), Math.min(20, body.entries.length));
      signedIn = await context.storageState();
    }));

  it("is strict about what it may load", () =>
    onPage({}, async (page) => {
      const policy = (await page.context().request.get(PAGE)).headers()["content-security-policy"] ?? "";
      assert.doesNotMatch(policy, /unsafe-|\*/);
      assert.equal(await page.locator("[style], script:not([src]), style").count(), 0);
    }));

  it("reads anew while it is in view, and names the verifier that lacks the newest version (intercepts)", () =>
    onPage({}, async (page) => {
      await intercept(page, everyState());
      await page.locator("#verifiers .lacks").waitFor();

      assert.match(await page.textContent("#lacking"), /lacking at gateway\/gateway-2;/);
      assert.match(await page.textContent("#plan"), /activate.*waits for gateway\/gateway-2/s);
      for (const state of ["staged", "published", "active", "retiring", "retired", "revoked"]) {
        assert.ok((await page.locator(`#timeline .bar-${state}`).count()) >= 1, state);
      }
    }));

  it("shows markup in a reason as text (intercepts)", () =>
    onPage({}, async (page) => {
      const state = everyState();
      state.plan.steps[0].why = "<img src=x onerror=alert(1)>";
      await intercept(page, state);
      await page.locator("#plan", { hasText: "<img src=x" }).waitFor();
      assert.equal(await page.locator("main img").count(), 0);
    }));

  it("busy: says so, keeps what it shows, and asks again after Retry-After (intercepts one answer)", () =>
    onPage({}, async (page) => {
      let refusedAt = 0;
      let askedAgainAt = 0;
      await page.route(`**${KEYS}`, (route) => {
        if (refusedAt === 0) {
          refusedAt = Date.now();
          return route.fulfill(json({ code: "auth.unavailable", title: "Busy" }, 503, { "Retry-After": "3" }));
        }
        askedAgainAt ||= Date.now();
        return route.fallback();
      });

      await lookNow(page);
      await page.locator('[data-notice="busy"]').waitFor();
      assert.equal(await page.isVisible("#content"), true);
      await page.locator('[data-notice="busy"]').waitFor({ state: "detached" });
      assert.ok(askedAgainAt - refusedAt >= 2_900, `again after ${askedAgainAt - refusedAt} ms`);
    }));

  it("tells somebody who is no operator so, and shows nothing", () =>
    on({}, async (page) => {
      await page.goto(PAGE);
      await fillIn(page, ALICE);
      const notice = page.locator('[data-notice="keys"]');
      await notice.waitFor();

      assert.match(await notice.textContent(), /not an operator.*403, auth\.operator_required/s);
      assert.equal(await page.isVisible("#content"), false);
      assert.equal((await call(page, "GET", "/session")).status, 200);
    }));

  for (const size of Object.keys(SIZES)) {
    for (const colorScheme of SCHEMES) {
      it(`is accessible, ${size}, ${colorScheme} (real, then intercepted with every state)`, () =>
        onPage({ ...SIZES[size], colorScheme }, async (page) => {
          await expectAccessible(page, "keys");
          await screenshot(page, `keys-${size}-${colorScheme}`);

          await intercept(page, everyState());
          await page.locator("#verifiers .lacks").waitFor();
          await expectAccessible(page, "keys in every state");
          await screenshot(page, `keys-every-state-${size}-${colorScheme}`);
        }));
    }
  }
});

/** A client of the published key set: signs an operator in for tokens of a public client, and renews them. */
class Bearer {
  #request;
  #refresh;

  constructor(context) {
    this.#request = context.request;
  }

  /** The code flow with PKCE on a loopback redirect; the browser's own sign-in answers it without a form. */
  async start() {
    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      response_type: "code",
      client_id: "firebreak-cli",
      redirect_uri: "http://127.0.0.1:7/callback",
      scope: "openid profile email tasks:read tasks:write",
      state: "s",
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const answer = await this.#request.get(`/auth/oauth2/authorize?${query}`, { maxRedirects: 0 });
    const code = new URL(answer.headers().location).searchParams.get("code");
    assert.ok(code, `a code from ${answer.status()}`);
    return this.#token({
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: "http://127.0.0.1:7/callback",
    });
  }

  renew() {
    return this.#token({ grant_type: "refresh_token", refresh_token: this.#refresh });
  }

  async #token(form) {
    const answer = await this.#request.post("/auth/oauth2/token", { form: { client_id: "firebreak-cli", ...form } });
    const body = await answer.json();
    assert.equal(answer.status(), 200, body.error);
    this.#refresh = body.refresh_token;
    return body.access_token;
  }
}

// Last: it changes the keys that the tests above look at.
describe("a consumer of the published key set (jose)", () => {
  it("accepts every token before, during and after a forced rotation", () =>
    on({}, async (page, context) => {
      // Signed in anew, because an order needs a sign-in of the last five minutes.
      await page.goto(PAGE);
      await fillIn(page, OPS);
      await page.locator("#content").waitFor();
      const keys = createRemoteJWKSet(new URL("/auth/oauth2/jwks", ORIGIN));
      const accept = async (jwt) => {
        // The stack's clock may stand elsewhere than ours: a token is judged as of a moment after it was made.
        const currentDate = new Date((decodeJwt(jwt).iat + 1) * 1000);
        const { protectedHeader } = await jwtVerify(jwt, keys, { issuer: `${ORIGIN}/auth`, typ: "at+jwt", currentDate });
        return protectedHeader.kid;
      };
      const bearer = new Bearer(context);
      const first = await bearer.start();
      const old = await accept(first);
      // jose fetches at most every 30 s. A consumer that has just begun would not look again yet; one at work may.
      await waitUntil(() => !keys.coolingDown, 40_000);

      const order = call(page, "POST", `${KEYS}/rotate`, {
        body: { reason: "the browser tests: consumers must not notice", force: true },
      });
      const kids = new Set([old]);
      let during = 0;
      for (const until = Date.now() + 60_000; kids.size < 2 && Date.now() < until; during++) {
        kids.add(await accept(await bearer.renew()));
        assert.equal(await accept(first), old);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }

      const { status, body } = await order;
      assert.equal(status, 200, body?.detail);
      assert.deepEqual(body.missing, []);
      assert.equal(kids.size, 2, `${during} tokens during the rotation, all of the old key`);
      assert.notEqual(await accept(await bearer.renew()), old);
      assert.equal(await accept(first), old);
      // The page follows too: the old key is on its way out, and still one key signs.
      await page.locator("#keys .state-retiring").first().waitFor();
      assert.equal(await page.locator("#keys .state-active").count(), 1);
    }));
});

async function waitUntil(condition, ms) {
  for (const until = Date.now() + ms; !condition(); ) {
    assert.ok(Date.now() < until, "in time");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
