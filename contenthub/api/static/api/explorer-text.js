// Colours for GraphQL and JSON, and an editor made of a textarea above the coloured text.

const GRAPHQL = /(?<comment>#.*)|(?<string>"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"?)|(?<variable>\$\w*)|(?<number>-?\b\d[\d.]*\b)|(?<directive>@\w+)|(?<keyword>\b(?:query|fragment|on|true|false|null)\b)|(?<argument>\b\w+(?=\s*:))|(?<mark>[{}()[\]:!|=,]|\.{3})/g;
const JSON_TEXT = /(?<argument>"(?:\\.|[^"\\])*"(?=\s*:))|(?<string>"(?:\\.|[^"\\])*"?)|(?<number>-?\b\d[\d.eE+-]*)|(?<keyword>\b(?:true|false|null)\b)|(?<mark>[{}[\]:,])/g;

function paint(target, text, grammar) {
  const parts = [];
  let done = 0;
  for (const found of text.matchAll(grammar)) {
    if (found.index > done) parts.push(text.slice(done, found.index));
    const span = document.createElement("span");
    span.className = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
    span.textContent = found[0];
    parts.push(span);
    done = found.index + found[0].length;
  }
  target.replaceChildren(...parts, text.slice(done), "\n");
}

class Editor {
  constructor(frame, grammar, changed) {
    this.area = frame.querySelector("textarea");
    this.behind = frame.querySelector("pre");
    this.grammar = grammar;
    this.area.addEventListener("input", () => { this.repaint(); changed(); });
    this.area.addEventListener("scroll", () => this.follow());
    this.area.addEventListener("keydown", (event) => this.keep(event));
  }

  get text() { return this.area.value; }

  set text(text) { this.area.value = text; this.repaint(); }

  repaint() { paint(this.behind, this.area.value, this.grammar); this.follow(); }

  follow() { this.behind.scrollTop = this.area.scrollTop; this.behind.scrollLeft = this.area.scrollLeft; }

  // Enter keeps the indent, and adds to it after an opening bracket. Tab stays free for moving on.
  keep(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    const before = this.area.value.slice(0, this.area.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const deeper = /[{([]\s*$/.test(line) ? "  " : "";
    event.preventDefault();
    this.area.setRangeText(`\n${line.match(/^ */)[0]}${deeper}`, this.area.selectionStart, this.area.selectionEnd, "end");
    this.area.dispatchEvent(new Event("input"));
  }
}
