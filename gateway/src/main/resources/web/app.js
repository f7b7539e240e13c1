/** Start: who is signed in decides which half of the page is shown. */

import { AddForm } from "./add-form.js";
import { button, explain, notice, show } from "./notices.js";
import { Session } from "./session.js";
import { TaskList } from "./task-list.js";

function turnTo(view) {
  document.body.dataset.view = view;
  document.getElementById("welcome").hidden = view !== "welcome";
  document.getElementById("workplace").hidden = view !== "workplace";
}

/** Sign-in comes back to the very view that was asked for. */
function welcome() {
  document.getElementById("sign-in").href = `/login?return_to=${encodeURIComponent(location.pathname + location.search)}`;
  turnTo("welcome");
}

function greet({ user: { name, email } }) {
  const first = (name ?? "").trim().split(/\s+/)[0];
  document.getElementById("greeting").textContent = `Hello, ${first || email}`;
  document.getElementById("account-email").textContent = email;
  document.getElementById("account-email").title = email;
  document.getElementById("account").hidden = false;
  document.title = "Your tasks – Firebreak";
}

async function start() {
  const session = new Session();
  const current = await session.start();
  if (current === null) {
    welcome();
    return;
  }
  greet(current);
  turnTo("workplace");
  const list = new TaskList(session);
  const add = new AddForm(list, session);
  add.restore();
  await Promise.all([list.start(), list.loadCategories((categories) => add.offerCategories(categories))]);
}

try {
  await start();
} catch (problem) {
  const [strong, text] = explain(problem, "This page could not start");
  show("start", notice("danger", strong, text, button("secondary", "Reload", () => location.reload())));
  throw problem;
}
