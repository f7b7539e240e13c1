/** Editing one task in its row: saves only what changed, keeps what was typed, and asks when two changes meet. */

import { changeTask, Problem, readTask } from "./api.js";
import { day } from "./dates.js";
import * as drafts from "./drafts.js";
import * as fields from "./fields.js";
import { announce, element, explain, notice } from "./notices.js";
import { patiently } from "./patience.js";

const template = document.getElementById("edit-template");
const conflictTemplate = document.getElementById("conflict-template");

const draftOf = (task) => `edit.${task.id}`;

/** True if this task was being edited when the page went away. */
export const hasDraft = (task) => drafts.find(draftOf(task)) !== null;

export class EditForm {
  #task;
  #list;
  #session;
  #done;
  #submit;
  #message;

  /** @param done called with the focus still inside, when the form has closed itself */
  constructor(task, { list, session, done }) {
    this.#task = task;
    this.#list = list;
    this.#session = session;
    this.#done = done;
    this.node = template.content.firstElementChild.cloneNode(true);
    this.#submit = this.node.querySelector('button[type="submit"]');
    this.#message = this.node.querySelector("[data-message]");
    this.#name();
    const draft = drafts.find(draftOf(task));
    fields.offerCategories(this.node.elements.category_id, list.categories, draft?.values.category_id ?? task.category_id);
    fields.fill(this.node, draft?.values ?? task);
    if (draft) {
      // Judged against what was on the screen when the draft was typed; a change since then is a conflict, not a loss.
      this.#task = { ...task, version: draft.version };
    }
    this.#listen();
  }

  offerCategories(categories) {
    fields.offerCategories(this.node.elements.category_id, categories);
  }

  focus() {
    this.node.elements.title.focus();
  }

  /** Ids tie labels and messages to their fields; the task's own id makes them unique on the page. */
  #name() {
    this.node.setAttribute("aria-label", `Edit: ${this.#task.title}`);
    for (const name of fields.FIELDS) {
      const id = `edit-${this.#task.id}-${name}`;
      this.node.elements[name].id = id;
      this.node.querySelector(`[data-label="${name}"]`).htmlFor = id;
      this.node.querySelector(`[data-error="${name}"]`).id = `${id}-error`;
    }
  }

  #listen() {
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#save();
    });
    this.node.addEventListener("input", (event) => {
      fields.setError(this.node, event.target.name, null);
      this.#remember();
    });
    this.node.addEventListener("keydown", (event) => {
      // Escape leaves an untouched form; typed text goes only by the button that says so.
      if (event.key === "Escape" && drafts.find(draftOf(this.#task)) === null) {
        this.#close();
      }
    });
    this.node.querySelector("[data-cancel]").addEventListener("click", () => this.#close());
  }

  #remember() {
    drafts.keep(draftOf(this.#task), { version: this.#task.version, values: fields.typed(this.node) });
  }

  #close() {
    drafts.forget(draftOf(this.#task));
    this.#done();
  }

  async #save() {
    if (fields.isBusy(this.#submit) || !fields.check(this.node)) {
      return;
    }
    const before = JSON.stringify(fields.typed(this.node));
    const mine = fields.read(this.node);
    const patch = fields.changes(this.#task, mine);
    if (Object.keys(patch).length === 0) {
      this.#close();
      return;
    }
    fields.setBusy(this.#submit, true);
    this.#message.replaceChildren();
    try {
      this.#saved(await patiently(() => changeTask(this.#task, patch)), before);
    } catch (problem) {
      await this.#failed(problem, mine, before);
    } finally {
      fields.setBusy(this.#submit, false);
    }
  }

  #saved(task, before) {
    this.#task = task;
    this.#list.replace(task);
    announce(`Saved: ${task.title}`);
    // Typed on while the answer was under way: the form stays, now based on what was saved.
    if (JSON.stringify(fields.typed(this.node)) === before) {
      this.#close();
    } else {
      this.#remember();
    }
  }

  async #failed(problem, mine, before) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    if (problem.changedMeanwhile) {
      await this.#meet(mine, before);
    } else if (problem.gone) {
      this.#say(["This task no longer exists.", "It was deleted somewhere else. What you typed is still here; copy what you need."]);
    } else if (problem.status === 400 && fields.showViolations(this.node, problem.violations)) {
      announce("Not saved: a field needs your attention.");
    } else {
      if (problem.signedOut) {
        this.#session.ended();
      }
      this.#say(explain(problem, "Not saved"));
    }
  }

  #say([strong, text]) {
    this.#message.replaceChildren(notice("warn", strong, text));
    announce(`${strong} ${text}`);
  }

  /** A 412: read what is there now. If it is what we wanted, our own change got through and only its answer was lost. */
  async #meet(mine, before) {
    let theirs;
    try {
      theirs = await patiently(() => readTask(this.#task.id));
    } catch (problem) {
      await this.#failed(problem, mine, before);
      return;
    }
    const wanted = fields.changes(this.#task, mine);
    if (Object.keys(wanted).every((name) => (theirs[name] ?? null) === wanted[name])) {
      this.#saved(theirs, before);
      return;
    }
    this.#offer(theirs, mine);
  }

  #offer(theirs, mine) {
    const node = conflictTemplate.content.firstElementChild.cloneNode(true);
    const title = node.querySelector("[data-conflict-title]");
    title.id = `conflict-${this.#task.id}`;
    node.setAttribute("aria-labelledby", title.id);
    node.querySelector("[data-differences]").append(...this.#differences(theirs, mine));
    node.querySelector("[data-mine]").addEventListener("click", () => {
      this.#rebase(theirs);
      this.#save();
    });
    node.querySelector("[data-theirs]").addEventListener("click", () => {
      this.#list.replace(theirs);
      this.#close();
      announce(`Kept the other version: ${theirs.title}`);
    });
    this.#message.replaceChildren(node);
    // One question at a time: "Save" comes back with the answer.
    this.#submit.hidden = true;
    node.focus();
  }

  #rebase(theirs) {
    this.#task = theirs;
    this.#list.replace(theirs);
    this.#remember();
    this.#message.replaceChildren();
    this.#submit.hidden = false;
    this.focus();
  }

  #differences(theirs, mine) {
    const say = { category_id: (id) => this.#list.categoryName(id), due_date: (date) => day(date) };
    const words = (name, value) => (value ? (say[name]?.(value) ?? value) : "") || "(empty)";
    return fields.FIELDS.filter((name) => (theirs[name] ?? null) !== mine[name]).map((name) => {
      const label = element("th", "", fields.NAMES[name]);
      label.scope = "row";
      return element("tr", "", label, element("td", "", words(name, mine[name])), element("td", "", words(name, theirs[name])));
    });
  }
}
