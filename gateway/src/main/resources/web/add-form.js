/** The form that adds a task. What is typed leaves it only when the server has confirmed the task. */

import { addTask, Problem } from "./api.js";
import * as drafts from "./drafts.js";
import * as fields from "./fields.js";
import { announce, button, explain, notice } from "./notices.js";
import { patiently } from "./patience.js";

const DRAFT = "add";

export class AddForm {
  #form = document.getElementById("add");
  #submit = this.#form.querySelector('button[type="submit"]');
  #message = this.#form.querySelector("[data-message]");
  #list;
  #session;

  constructor(list, session) {
    this.#list = list;
    this.#session = session;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#form.addEventListener("input", (event) => {
      fields.setError(this.#form, event.target.name, null);
      this.#remember();
    });
  }

  /** Brings back what an error, a reload or a new sign-in interrupted. */
  restore() {
    const draft = drafts.find(DRAFT);
    if (draft) {
      fields.offerCategories(this.#form.elements.category_id, this.#list.categories, draft.category_id);
      fields.fill(this.#form, draft);
      document.getElementById("add-more").open = Boolean(draft.notes || draft.due_date || draft.category_id);
    }
  }

  offerCategories(categories) {
    fields.offerCategories(this.#form.elements.category_id, categories);
  }

  #remember() {
    const values = fields.typed(this.#form);
    if (Object.values(values).some((value) => value !== "")) {
      drafts.keep(DRAFT, values);
    } else {
      drafts.forget(DRAFT);
    }
  }

  async #send() {
    if (fields.isBusy(this.#submit) || !fields.check(this.#form)) {
      return;
    }
    await this.#attempt(fields.typed(this.#form), fields.read(this.#form));
  }

  async #attempt(before, values) {
    const known = this.#list.ids();
    fields.setBusy(this.#submit, true);
    this.#message.replaceChildren();
    try {
      const task = await patiently(() => addTask(values), { repeatable: (problem) => problem.surelyNotDone });
      this.#added(before, task);
    } catch (problem) {
      this.#failed(problem, before, values, known);
    } finally {
      fields.setBusy(this.#submit, false);
    }
  }

  #added(before, task) {
    this.#list.insert(task);
    announce(`Added: ${task.title}`);
    // Typed on while the answer was under way? Then that is the next task and stays.
    if (JSON.stringify(fields.typed(this.#form)) === JSON.stringify(before)) {
      this.#form.reset();
      drafts.forget(DRAFT);
      fields.clearErrors(this.#form);
      this.#form.elements.title.focus();
    }
  }

  #failed(problem, before, values, known) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    if (problem.signedOut) {
      this.#session.ended();
    }
    if (problem.status === 400 && fields.showViolations(this.#form, problem.violations)) {
      announce("Not added: a field needs your attention.");
      return;
    }
    if (!problem.surelyNotDone) {
      this.#say(
        ["No clear answer.", "The task may or may not have been saved. The next try looks first, so it is never added twice."],
        "Look and try again",
        () => this.#lookFirst(before, values, known),
      );
      return;
    }
    this.#say(explain(problem, "Not added"), "Try again", () => this.#send());
  }

  #say([strong, text], label, action) {
    this.#message.replaceChildren(notice("warn", strong, text, button("secondary", label, action)));
    announce(`${strong} ${text}`);
  }

  /** After a lost answer: a task that was not here before and says the same is the one that was sent. */
  async #lookFirst(before, values, known) {
    if (fields.isBusy(this.#submit)) {
      return;
    }
    fields.setBusy(this.#submit, true);
    try {
      const same = (task) =>
        !known.has(task.id) && fields.FIELDS.every((name) => (task[name] ?? null) === values[name]);
      const found = (await patiently(() => this.#list.readFirstPage())).find(same);
      if (found) {
        this.#message.replaceChildren();
        this.#added(before, found);
        return;
      }
    } catch (problem) {
      this.#failed(problem, before, values, known);
      return;
    } finally {
      fields.setBusy(this.#submit, false);
    }
    await this.#attempt(before, values);
  }
}
