/* The rows of the tree as elements: an item for each place of a term holds its row (the treeitem, which has the focus)
   and the group of what is below it. */

export const rowOf = (item) => item.firstElementChild;

export class RowMaker {
  constructor({ text, addUrl, canChange, language }) {
    Object.assign(this, { text, addUrl, canChange, language });
    this.number = 0;
  }

  /* Fill a tree or a group with a level; `path` is the place that it hangs below, `depth` counts from 1. */
  fill(list, level, path, depth) {
    list.replaceChildren(...this.items(level, path, depth));
    this.addMore(list, level, depth);
  }

  /* Add the next page of a level; rows that stood apart from their page find their places. */
  extend(list, level, path, depth) {
    const more = list.querySelector(":scope > [data-more]");
    const known = new Map([...list.querySelectorAll(":scope > [data-id]")].map((item) => [item.dataset.id, item]));
    for (const item of this.items(level, path, depth)) more.before(known.get(item.dataset.id) || item);
    more.remove();
    this.addMore(list, level, depth);
  }

  items(level, path, depth) {
    return level.rows.map((row) => this.item(row, level.total, path, depth));
  }

  addMore(list, level, depth) {
    if (level.onward === null) return;
    const item = make("li", { className: "term-tree__item", role: "none" });
    const shown = level.onward;
    Object.assign(item.dataset, { item: "", more: shown });
    const told = shown ? this.text("more", { count: level.total - shown }) : this.text("all", { count: level.total });
    item.append(make("div", { className: "term-tree__more", role: "treeitem", tabIndex: -1, textContent: told }));
    setAria(rowOf(item), { level: depth, selected: "false" });
    const apart = [...list.querySelectorAll(":scope > [data-id]")].find((one) => shown && Number(one.dataset.place) > shown);
    list.insertBefore(item, apart || null);
  }

  item(row, total, path, depth) {
    const id = `term-tree-${(this.number += 1)}`;
    const item = make("li", { className: "term-tree__item", role: "none" });
    Object.assign(item.dataset, { item: "", id: row.id, code: row.code, place: row.place, label: row.label, url: row.url });
    item.dataset.path = path ? `${path}.${row.id}` : String(row.id);
    item.classList.toggle("term-tree__item--retired", row.retired);
    item.classList.toggle("term-tree__item--hit", row.hit);
    item.append(this.row(row, id));
    setAria(rowOf(item), { level: depth, posinset: row.place, setsize: total, selected: "false" });
    if (row.children) setAria(rowOf(item), { expanded: Boolean(row.level) });
    if (row.level) this.fill(this.group(item), row.level, item.dataset.path, depth + 1);
    return item;
  }

  group(item) {
    const group = make("ul", { className: "term-tree__group", role: "group" });
    item.append(group);
    return group;
  }

  row(row, id) {
    const line = make("div", { className: "term-tree__row", role: "treeitem", tabIndex: -1, draggable: this.canChange });
    line.setAttribute("aria-labelledby", `${id}-label ${id}-about ${id}-items`);
    line.append(make("span", { className: "term-tree__toggle", ariaHidden: "true" }));
    const about = make("span", { className: "term-tree__about", id: `${id}-about` });
    const code = make("span", { className: "term-tree__code", dir: "ltr", textContent: row.code });
    about.append(...spaced([code, ...this.marks(row)]));
    const name = make("span", { className: "term-tree__name" });
    name.append(...spaced([this.label(row, id), about]));
    line.append(...spaced([name, this.itemsOf(row, id), this.actions(row)]));
    return line;
  }

  label(row, id) {
    const label = this.canChange ? make("a", { href: row.url, tabIndex: -1, draggable: false }) : make("span", {});
    Object.assign(label, { className: "term-tree__label", id: `${id}-label`, dir: "auto", textContent: row.label });
    label.lang = row.language;
    label.classList.toggle("term-tree__label--other", Boolean(this.language) && row.language !== this.language);
    return label;
  }

  marks(row) {
    const marks = [];
    if (row.retired) {
      const mark = this.mark("retired");
      if (row.replacedBy.length) mark.append(`, ${this.text("replaced")} `, ...joined(row.replacedBy.map(named)));
      marks.push(mark);
    }
    if (row.parents.length) {
      const primary = row.parents[0].label;
      const terms = row.parents.map((parent) => parent.label).join(", ");
      const mark = this.mark("several", { count: row.parents.length });
      mark.title = this.text("several-title", { terms });
      marks.push(mark);
      if (row.further) {
        const also = this.mark("further");
        also.title = this.text("further-title", { terms: primary });
        marks.push(also);
      }
    }
    if (row.foundBy) {
      const mark = this.mark("found-by", { name: row.foundBy.text });
      if (row.foundBy.language) mark.lang = row.foundBy.language;
      marks.push(mark);
    }
    return marks;
  }

  mark(name, values) {
    return make("span", { className: `term-tree__mark term-tree__mark--${name}`, dir: "auto", textContent: this.text(name, values) });
  }

  itemsOf(row, id) {
    const told = [];
    if (row.below) told.push(this.text("items-all", row));
    if (row.own) told.push(this.text("items-own", row));
    const count = row.itemsUrl ? make("a", { href: row.itemsUrl, tabIndex: -1, draggable: false }) : make("span", {});
    Object.assign(count, { className: "term-tree__items", id: `${id}-items` });
    count.title = told.join(", ") || this.text("items-none");
    count.dataset.inner = "";
    count.append(make("span", { textContent: row.below || "–" }));
    if (row.own && row.own !== row.below) count.append(" ", make("small", { textContent: `(${row.own})` }));
    return count;
  }

  actions(row) {
    const actions = make("span", { className: "term-tree__actions" });
    if (this.canChange) {
      const move = this.action("button", "arrow-right-full", this.text("move", { term: row.label }));
      Object.assign(move, { type: "button" }).dataset.treeMove = "";
      actions.append(move);
    }
    if (this.addUrl && !row.retired) {
      const add = this.action("a", "plus", this.text("add-below", { term: row.label }));
      add.href = `${this.addUrl}&parent=${row.id}`;
      actions.append(add);
    }
    return actions;
  }

  action(tag, name, told) {
    const action = make(tag, { className: "term-tree__action", title: told, ariaLabel: told, tabIndex: -1, draggable: false });
    action.dataset.inner = "";
    action.append(icon(name));
    return action;
  }
}

export function make(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

function named(term) {
  const label = make("bdi", { textContent: term.label });
  label.lang = term.language;
  return label;
}

function joined(parts) {
  return parts.flatMap((part, index) => (index ? [", ", part] : [part]));
}

/* What is read out is what is seen: words of neighbours do not run together. */
function spaced(parts) {
  return parts.flatMap((part, index) => (index ? [" ", part] : [part]));
}

function setAria(item, values) {
  for (const [name, value] of Object.entries(values)) item.setAttribute(`aria-${name}`, value);
}
