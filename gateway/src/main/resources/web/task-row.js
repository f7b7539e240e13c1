/** One row of the list: what a task looks like, and ticking, editing and deleting it. */

import { completeTask, deleteTask, Problem, readTask, reopenTask } from "./api.js";
import { due } from "./dates.js";
import { EditForm } from "./edit-form.js";
import { isBusy, setBusy } from "./fields.js";
import { announce, button, element, explain, notice } from "./notices.js";
import { patiently } from "./patience.js";

const template = document.getElementById("task-template");
const dialog = document.getElementById("confirm");

const NEARNESS = { past: "tag overdue", soon: "tag due-soon", later: "tag" };

/** Asks in a modal dialog; the browser keeps the focus inside and gives it back. */
function confirmDelete(title, text) {
  document.getElementById("confirm-title").textContent = title;
  document.getElementById("confirm-text").textContent = text;
  dialog.returnValue = "keep";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), { once: true });
  });
}

export class TaskRow {
  #list;
  #session;
  #view;
  #tick;
  #message;
  #edit = null;

  constructor(task, list, session) {
    this.task = task;
    this.#list = list;
    this.#session = session;
    this.node = template.content.firstElementChild.cloneNode(true);
    this.#view = this.node.querySelector(".task-view");
    this.#tick = this.node.querySelector(".tick input");
    this.#message = this.node.querySelector("[data-message]");
    this.#tick.addEventListener("click", (event) => this.#ticked(event));
    this.#part("edit").addEventListener("click", () => this.startEditing());
    this.#part("delete").addEventListener("click", () => this.#askAndDelete());
    this.draw();
  }

  #part(name) {
    return this.node.querySelector(`[data-${name}]`);
  }

  draw(task = this.task) {
    this.task = task;
    const done = Boolean(task.completed_at);
    this.node.classList.toggle("done", done);
    this.#tick.checked = done;
    this.#part("tick-label").textContent = `Done: ${task.title}`;
    this.#part("title").textContent = task.title;
    this.#part("notes").textContent = task.notes ?? "";
    this.#part("notes").hidden = !task.notes;
    this.#part("edit").setAttribute("aria-label", `Edit: ${task.title}`);
    this.#part("delete").setAttribute("aria-label", `Delete: ${task.title}`);
    this.#drawMeta(done);
  }

  #drawMeta(done) {
    const tags = [];
    if (this.task.due_date) {
      const { text, nearness } = due(this.task.due_date, done);
      tags.push(element("span", NEARNESS[nearness], text));
    }
    const category = this.#list.categoryName(this.task.category_id);
    if (category) {
      tags.push(element("span", "tag", category));
    }
    this.#part("meta").replaceChildren(...tags);
    this.#part("meta").hidden = tags.length === 0;
  }

  focus() {
    this.#tick.focus();
  }

  get editing() {
    return this.#edit !== null;
  }

  offerCategories(categories) {
    this.#edit?.offerCategories(categories);
    this.draw();
  }

  startEditing({ takeFocus = true } = {}) {
    if (this.editing || isBusy(this.#tick)) {
      return;
    }
    this.#message.replaceChildren();
    this.#edit = new EditForm(this.task, { list: this.#list, session: this.#session, done: () => this.#stopEditing() });
    this.#view.hidden = true;
    this.#view.after(this.#edit.node);
    if (takeFocus) {
      this.#edit.focus();
    }
  }

  #stopEditing() {
    const hadFocus = this.#edit.node.contains(document.activeElement);
    this.#edit.node.remove();
    this.#edit = null;
    this.#view.hidden = false;
    if (hadFocus) {
      this.#part("edit").focus();
    }
  }

  #wait(waiting) {
    [this.#tick, this.#part("edit"), this.#part("delete")].forEach((control) => setBusy(control, waiting));
    this.node.classList.toggle("waiting", waiting);
  }

  async #ticked(event) {
    if (isBusy(this.#tick)) {
      // Still saving the last click: the box shows what will be true, so leave it.
      event.preventDefault();
      return;
    }
    await this.#setDone(this.#tick.checked);
  }

  async #setDone(done) {
    this.#message.replaceChildren();
    this.#tick.checked = done;
    this.#wait(true);
    try {
      this.#list.replace(await patiently(() => (done ? completeTask(this.task) : reopenTask(this.task))));
      announce(`${done ? "Done" : "Open again"}: ${this.task.title}`);
    } catch (problem) {
      this.draw();
      this.#failed(problem, done ? "Not marked as done" : "Not opened again", () => this.#setDone(done));
    } finally {
      this.#wait(false);
    }
  }

  async #askAndDelete() {
    if (isBusy(this.#tick)) {
      return;
    }
    if (await confirmDelete(`Delete “${this.task.title}”?`, "It is removed for good.")) {
      await this.#delete();
    }
  }

  async #delete() {
    this.#message.replaceChildren();
    this.#wait(true);
    try {
      await patiently(() => deleteTask(this.task));
      this.#list.remove(this.task.id, `Deleted: ${this.task.title}`);
    } catch (problem) {
      if (problem instanceof Problem && problem.changedMeanwhile) {
        await this.#askAgain();
      } else {
        this.#failed(problem, "Not deleted", () => this.#delete());
      }
    } finally {
      this.#wait(false);
    }
  }

  /** Somebody changed what is about to be deleted: show it as it is now, and ask about that. */
  async #askAgain() {
    try {
      this.#list.replace(await patiently(() => readTask(this.task.id)));
    } catch (problem) {
      this.#failed(problem, "Not deleted", () => this.#delete());
      return;
    }
    const text = "It was changed somewhere else a moment ago; the list shows how it is now.";
    if (await confirmDelete(`Delete “${this.task.title}” all the same?`, text)) {
      await this.#delete();
    }
  }

  #failed(problem, subject, again) {
    if (!(problem instanceof Problem)) {
      throw problem;
    }
    if (problem.gone) {
      this.#list.remove(this.task.id, `This task was deleted somewhere else: ${this.task.title}`);
      return;
    }
    if (problem.signedOut) {
      this.#session.ended();
    }
    const [strong, text] = explain(problem, subject);
    this.#message.replaceChildren(notice("warn", strong, text, button("secondary", "Try again", again)));
    announce(`${strong} ${text}`);
  }
}
