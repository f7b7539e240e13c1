/**
 * Start of the page of connections: lists them, leads to Google, disconnects. Connecting is a plain link, because the way to
 * Google and back belongs to the browser; everything else is a call that changes one thing and shows what came of it.
 */

import { changeConnection, disconnect, Problem, readConnections, readSession } from "./api.js";
import { announce, button, element, explain, hide, notice, show } from "./notices.js";
import { patiently, untilAnswered } from "./patience.js";

const services = document.getElementById("services");
const reading = document.getElementById("reading");
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const time = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const CLASSES = { works: "works", "reconnect needed": "reconnect" };

let user = null;

const badge = (status) => element("span", `status small ${CLASSES[status] ?? ""}`.trim(), status);

/** The server compares the user, so that a page of before cannot connect for whoever signed in since. */
function link(className, text, service, account) {
  const made = element("a", `button ${className}`.trim(), text);
  const query = new URLSearchParams({ service, user });
  if (account) {
    query.set("account", account);
  }
  made.href = `/auth/connect/google?${query}`;
  return made;
}

function say(kind, strong, text, ...actions) {
  show("connections", notice(kind, strong, text, ...actions));
  announce(`${strong} ${text}`);
}

function failed(problem, subject) {
  if (!(problem instanceof Problem)) {
    throw problem;
  }
  if (problem.signedOut) {
    const back = element("a", "button", "Sign in");
    back.href = `/login?return_to=${encodeURIComponent(location.pathname)}`;
    say("", "You are signed out.", "Sign in again to see your connections.", back);
  } else if (problem.code === "connection.not_configured") {
    say("", "Google is not set up here.", "An operator can set it up. Nothing is wrong with your account.");
  } else if (problem.code === "connection.not_found") {
    say("warn", "This connection is gone.", "It was disconnected meanwhile, perhaps in another window.");
  } else {
    say("danger", ...explain(problem, subject));
  }
}

function drawSwitch(connection) {
  const input = document.createElement("input");
  input.type = "checkbox";
  input.checked = connection.offline;
  input.addEventListener("change", async () => {
    input.disabled = true;
    try {
      const changed = await patiently(() => changeConnection(connection.id, { offline: input.checked }));
      input.checked = changed.offline;
      hide("connections");
      announce(changed.offline ? "Firebreak may use it while you are away." : "Firebreak uses it only while you are here.");
    } catch (problem) {
      input.checked = !input.checked;
      failed(problem, "This was not changed");
    } finally {
      input.disabled = false;
      input.focus();
    }
  });
  return element("label", "switch", input, element("span", "", "Firebreak may use it while I am away"));
}

/** Asks once, in place, and says before it is done what it means at Google. */
function drawWays(connection, name) {
  const place = element("div", "ways");
  const plain = [];
  const ask = button("secondary", "Disconnect", () => {
    const keep = button("secondary", "Keep it", () => {
      place.replaceChildren(...plain);
      ask.focus();
    });
    const go = button("danger", "Disconnect", async () => {
      go.disabled = true;
      try {
        const { says } = await patiently(() => disconnect(connection.id));
        await look();
        say("calm", "Done.", says);
        document.getElementById("main").focus();
      } catch (problem) {
        go.disabled = false;
        failed(problem, "It was not disconnected");
      }
    });
    const question = notice("warn", `Disconnect ${name} of ${connection.email}?`, connection.disconnecting, go, keep);
    question.setAttribute("role", "group");
    place.replaceChildren(question);
    keep.focus();
  });
  ask.setAttribute("aria-label", `Disconnect ${name} of ${connection.email}`);
  if (connection.status !== "works") {
    plain.push(link("", "Reconnect", connection.service, connection.account));
  }
  plain.push(ask);
  place.append(...plain);
  return place;
}

function drawConnection(connection, name) {
  const made = element("li", "connection");
  made.dataset.id = connection.id;
  const head = element("div", "service-head", element("span", "address", connection.email), badge(connection.status));
  const used = connection.last_used_at ? `last used ${time.format(new Date(connection.last_used_at))}` : "not used yet";
  const facts = `Connected ${date.format(new Date(connection.since))}, ${used}.`;
  made.append(head, element("p", "", connection.says), element("p", "muted small", facts));
  made.append(drawSwitch(connection), drawWays(connection, name));
  return made;
}

function drawService({ service, name, status, allows, connections }, accounts) {
  const title = element("h2", "", name);
  title.id = `${service}-title`;
  const head = element("div", "service-head", title);
  const made = element("section", "card service", head);
  made.dataset.service = service;
  made.setAttribute("aria-labelledby", title.id);
  if (connections.length === 0) {
    head.append(badge(status));
    made.append(element("p", "muted", `Connecting lets Firebreak ${allows}.`));
  } else {
    made.append(element("ul", "connections", ...connections.map((one) => drawConnection(one, name))));
  }
  const free = accounts.filter(({ id }) => connections.every(({ account }) => account !== id));
  const ways = free.map(({ id, email }) => link("secondary", `Connect ${email}`, service, id));
  ways.push(link(accounts.length === 0 ? "" : "secondary", accounts.length === 0 ? "Connect" : "Connect another account", service));
  ways.forEach((way) => way.setAttribute("aria-label", `${name}: ${way.textContent}`));
  made.append(element("div", "ways", ...ways));
  return made;
}

async function look() {
  const { services: all, accounts } = await untilAnswered(readConnections);
  services.replaceChildren(...all.map((one) => drawService(one, accounts)));
  return all;
}

/** Says what came of the way to Google, once: a reload must not say it again. */
function welcomeBack(all) {
  const id = new URLSearchParams(location.search).get("connected");
  if (!id) {
    return;
  }
  history.replaceState(null, "", location.pathname);
  for (const { name, connections } of all) {
    const connection = connections.find((one) => one.id === id);
    if (connection) {
      const works = connection.status === "works";
      say(works ? "calm" : "warn", `${name} of ${connection.email} is connected${works ? "." : ", but does not work."}`, connection.says);
    }
  }
}

async function start() {
  const session = await untilAnswered(readSession);
  user = session.user.id;
  const email = document.getElementById("account-email");
  email.textContent = session.user.email;
  email.title = session.user.email;
  document.getElementById("account").hidden = false;
  welcomeBack(await look());
}

// "Back" may bring this page out of the browser's memory as it was, also after signing out.
addEventListener("pageshow", (event) => event.persisted && location.reload());
try {
  await start();
} catch (problem) {
  failed(problem, "Your connections could not be read");
} finally {
  reading.hidden = true;
}
