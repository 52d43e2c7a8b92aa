// The documentation beside the editor, drawn from the schema that the hub tells of itself.

const INTROSPECTION = `{
  __schema {
    queryType { name }
    types {
      kind name description
      fields(includeDeprecated: true) {
        name description deprecationReason type { ...T }
        args { name description defaultValue type { ...T } }
      }
      inputFields { name description defaultValue type { ...T } }
      enumValues { name description }
      interfaces { name }
      possibleTypes { name }
    }
  }
}
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }`;

function element(tag, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

class Docs {
  constructor(body, path, search) {
    this.body = body;
    this.path = path;
    this.search = search;
    this.trail = [];
    this.types = new Map();
    search.addEventListener("input", () => this.show());
  }

  fill(schema) {
    this.types = new Map(schema.types.filter((type) => !type.name.startsWith("__")).map((type) => [type.name, type]));
    this.root = schema.queryType.name;
    this.trail = [this.root];
    this.show();
  }

  say(text) { this.body.replaceChildren(element("p", { className: "quiet", textContent: text })); }

  open(name) {
    const before = this.trail.indexOf(name);
    this.trail = before < 0 ? [...this.trail, name] : this.trail.slice(0, before + 1);
    this.search.value = "";
    this.show();
    this.body.parentElement.scrollTop = 0;
    this.path.lastElementChild?.focus();
  }

  show() {
    if (!this.types.size) return;
    const wanted = this.search.value.trim().toLowerCase();
    this.path.replaceChildren(...this.trail.map((name) => this.link(name, name)));
    this.path.hidden = Boolean(wanted);
    this.body.replaceChildren(...(wanted ? this.found(wanted) : this.describe(this.types.get(this.trail.at(-1)))));
  }

  found(wanted) {
    const hits = [];
    for (const type of this.types.values()) {
      if (type.name.toLowerCase().includes(wanted)) hits.push(this.hit(type.name, type.name, type.description));
      for (const field of type.fields ?? type.inputFields ?? []) {
        if (field.name.toLowerCase().includes(wanted)) {
          hits.push(this.hit(`${type.name}.${field.name}`, type.name, field.description));
        }
      }
    }
    const said = hits.length ? `${hits.length} found` : "Nothing is called so.";
    return [element("p", { className: "quiet", textContent: said }), element("dl", {}, ...hits.slice(0, 80).flat())];
  }

  hit(text, type, description) {
    return [element("dt", {}, this.link(text, type)), element("dd", { textContent: description ?? "" })];
  }

  describe(type) {
    const parts = [element("h3", { textContent: type.name }), element("p", { textContent: type.description ?? "" })];
    if (type.interfaces?.length) parts.push(this.names("Is a", type.interfaces));
    if (type.possibleTypes?.length) parts.push(this.names("Can be", type.possibleTypes));
    const fields = type.fields ?? type.inputFields ?? [];
    if (fields.length) parts.push(element("dl", {}, ...fields.flatMap((field) => this.field(field))));
    if (type.enumValues) {
      const values = type.enumValues.flatMap((value) => [
        element("dt", { textContent: value.name }), element("dd", { textContent: value.description ?? "" }),
      ]);
      parts.push(element("dl", {}, ...values));
    }
    return parts;
  }

  names(label, types) {
    const links = types.flatMap((type, place) => [place ? ", " : " ", this.link(type.name, type.name)]);
    return element("p", { className: "quiet" }, label, ...links);
  }

  field(field) {
    const line = element("dt", {}, element("b", { textContent: field.name }), ": ", ...this.type(field.type));
    if (field.defaultValue) line.append(` = ${field.defaultValue}`);
    const told = element("dd", { textContent: field.description ?? "" });
    if (field.deprecationReason) told.append(element("p", { textContent: `Deprecated: ${field.deprecationReason}` }));
    if (field.args?.length) told.append(element("dl", {}, ...field.args.flatMap((argument) => this.field(argument))));
    return [line, told];
  }

  type(type) {
    if (type.kind === "NON_NULL") return [...this.type(type.ofType), "!"];
    if (type.kind === "LIST") return ["[", ...this.type(type.ofType), "]"];
    return [this.types.has(type.name) ? this.link(type.name, type.name) : type.name];
  }

  link(text, type) {
    return element("button", { type: "button", className: "link", textContent: text, onclick: () => this.open(type) });
  }
}
