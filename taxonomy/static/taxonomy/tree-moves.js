/* Moving and ordering terms: dragged, cut and put, with Alt and the arrows, or through a chooser. Where anything but
   the order changes, what it touches is shown before it is done; everything can be undone at once. */
import { ask, NotAnswered } from "./tree-asking.js";
import { parentOf } from "./tree-keys.js";

const HOVER_MS = 700;

export class Moves {
  constructor(tree) {
    this.tree = tree;
    this.dialog = tree.root.querySelector("[data-tree-dialog]");
    this.form = this.dialog.querySelector("form");
    this.target = this.form.querySelector("[name=target]");
    this.undo = tree.root.querySelector("[data-tree-undo]");
    this.listen();
  }

  listen() {
    const { element } = this.tree;
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("click", (event) => {
      if (event.target.closest("[data-tree-move]")) this.choose(event.target.closest("[data-item]"));
    });
    element.addEventListener("dragstart", (event) => this.lift(event));
    element.addEventListener("dragover", (event) => this.over(event));
    element.addEventListener("dragleave", (event) => event.target.closest("[data-drop]")?.removeAttribute("data-drop"));
    element.addEventListener("drop", (event) => this.drop(event));
    element.addEventListener("dragend", () => this.release());
    this.target.addEventListener("change", () => this.preview({ ...this.asked, below: this.target.value }));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.confirm();
    });
    this.form.querySelector("[data-tree-cancel]").addEventListener("click", () => this.dialog.close());
    this.undo.addEventListener("click", () => this.takeBack());
  }

  /* --- asking for a move --------------------------------------------------------------------------- */

  key(event) {
    const item = event.target.parentElement;
    if (event.target.getAttribute("role") !== "treeitem" || !item.dataset.id) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "x") this.cut(item);
    else if (isCommand && event.key.toLowerCase() === "v" && this.held) this.put(item);
    else if (event.key === "Escape" && this.held) this.leave();
    else if (event.altKey && event.key === "ArrowUp") this.order(item, item.previousElementSibling, "before");
    else if (event.altKey && event.key === "ArrowDown") this.order(item, item.nextElementSibling, "after");
    else return;
    event.preventDefault();
  }

  cut(item) {
    this.leave();
    this.held = item.dataset.path;
    item.classList.add("term-tree__item--cut");
    this.tree.say("cut", { term: item.dataset.label });
  }

  leave() {
    const item = this.held && this.tree.itemAt(this.held);
    this.held = null;
    if (!item) return;
    item.classList.remove("term-tree__item--cut");
    this.tree.say("left", { term: item.dataset.label });
  }

  put(item) {
    const held = this.tree.itemAt(this.held);
    if (held && held !== item) this.propose(this.moving(held, item.dataset.id), `${item.dataset.path}.${held.dataset.id}`);
  }

  order(item, sibling, side) {
    if (!sibling?.dataset.id) return;
    const above = parentOf(item);
    this.propose({ ...this.moving(item, above ? above.dataset.id : ""), [side]: sibling.dataset.id }, item.dataset.path);
  }

  choose(item) {
    this.place = null;
    this.asked = this.moving(item, "");
    this.target.value = "";
    this.target.dispatchEvent(new Event("input", { bubbles: true }));
    this.show({ title: this.tree.text("move", { term: item.dataset.label }), place: "", touched: [], basis: "" }, true);
  }

  moving(item, below) {
    const above = parentOf(item);
    return { term: item.dataset.id, from: above ? above.dataset.id : "", below };
  }

  /* --- dragging ------------------------------------------------------------------------------------ */

  lift(event) {
    const item = event.target.closest("[data-id]");
    if (!item) return;
    this.dragged = item;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", item.dataset.code);
  }

  over(event) {
    const row = event.target.closest(".term-tree__row");
    if (!this.dragged || !row || this.dragged.contains(row)) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    const part = (event.clientY - top) / height;
    const side = part < 0.25 ? "before" : part > 0.75 ? "after" : "inside";
    if (row.dataset.drop === side) return;
    clearTimeout(this.waiting);
    this.tree.element.querySelectorAll("[data-drop]").forEach((one) => one.removeAttribute("data-drop"));
    row.dataset.drop = side;
    if (side === "inside") this.waiting = setTimeout(() => this.tree.open(row.parentElement), HOVER_MS);
  }

  drop(event) {
    const row = event.target.closest("[data-drop]");
    const item = this.dragged;
    const side = row?.dataset.drop;
    this.release();
    if (!item || !row) return;
    event.preventDefault();
    const onto = row.parentElement;
    const above = side === "inside" ? onto : parentOf(onto);
    if (side === "inside" && above === parentOf(item)) return;
    const asked = this.moving(item, above ? above.dataset.id : "");
    if (side !== "inside") asked[side] = onto.dataset.id;
    this.propose(asked, above ? `${above.dataset.path}.${item.dataset.id}` : item.dataset.id);
  }

  release() {
    clearTimeout(this.waiting);
    this.dragged = null;
    this.tree.element.querySelectorAll("[data-drop]").forEach((one) => one.removeAttribute("data-drop"));
  }

  /* --- showing, doing, undoing --------------------------------------------------------------------- */

  async propose(asked, place) {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      this.place = place;
      const answer = await this.post(this.tree.root.dataset.moveUrl, asked);
      if (answer.error) await this.refuse(answer);
      else if (answer.orderOnly) await this.carryOut({ ...asked, basis: answer.basis });
      else {
        this.asked = asked;
        this.show(answer, false);
      }
    } finally {
      this.isBusy = false;
    }
  }

  async preview(asked) {
    this.asked = asked;
    const answer = await this.post(this.tree.root.dataset.moveUrl, asked);
    if (this.asked !== asked || !this.dialog.open) return;
    this.fill(answer.error ? { place: "", touched: [], basis: "", refusal: answer.error } : answer);
  }

  show(answer, withTarget) {
    this.form.querySelector("[data-tree-target]").hidden = !withTarget;
    this.fill(answer);
    this.dialog.showModal();
    this.form.querySelector(withTarget ? "#term-tree-target" : "[data-tree-confirm]").focus();
    if (withTarget) this.preview({ ...this.asked });
  }

  fill({ title, place, touched, basis, refusal = "" }) {
    if (title) this.form.querySelector("[data-tree-title]").textContent = title;
    this.form.querySelector("[data-tree-place]").textContent = place;
    const told = touched.length ? this.tree.text("touched", { things: touched.join(", ") }) : "";
    this.form.querySelector("[data-tree-touched]").textContent = told;
    const refused = this.form.querySelector("[data-tree-refusal]");
    refused.textContent = refusal;
    refused.hidden = !refusal;
    this.form.querySelector("[data-tree-confirm]").disabled = !basis;
    this.asked = { ...this.asked, basis };
  }

  async confirm() {
    const asked = this.asked;
    if (!asked.basis) return;
    if (!this.place) this.place = asked.below ? null : asked.term;
    this.dialog.close();
    await this.carryOut(asked);
  }

  async carryOut(asked) {
    const answer = await this.post(this.tree.root.dataset.moveUrl, asked);
    if (answer.error) {
      await this.refuse(answer);
      return;
    }
    this.held = null;
    await this.refresh(asked.term);
    this.entry = answer.entry;
    this.tree.status.textContent = answer.done;
    this.undo.hidden = false;
  }

  async takeBack() {
    this.undo.hidden = true;
    const answer = await this.post(this.tree.root.dataset.undoUrl, { entry: this.entry });
    if (answer.error) {
      await this.refuse(answer);
      return;
    }
    await this.refresh(this.tree.current?.dataset.id);
    this.tree.status.textContent = answer.done;
    this.tree.focus(this.tree.current);
  }

  /* Show the tree as it stands now, open where it was and at the term. */
  async refresh(term) {
    const paths = this.tree.openPaths();
    this.tree.endSearch();
    if (this.place?.includes(".")) paths.push(this.place.slice(0, this.place.lastIndexOf(".")));
    await this.tree.reload(paths, this.place, { term: this.place ? "" : term });
    const item = this.tree.itemAt(this.place || "") || this.tree.element.querySelector(`[data-id="${CSS.escape(term || "")}"]`);
    this.tree.focus(item);
  }

  async refuse(answer) {
    if (answer.stale) {
      await this.refresh(this.tree.current?.dataset.id);
      this.tree.warn(this.tree.text("stale"));
    } else {
      this.tree.warn(answer.error);
    }
    this.tree.focus(this.tree.current);
  }

  async post(address, values) {
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: token });
    try {
      return await ask(address, {}, { method: "POST", body });
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error;
      return error.content?.error ? error.content : { error: error.message || this.tree.text("failed") };
    }
  }
}
