const POSITIVE = "#0072b2";
const NEGATIVE = "#d55e00";
/** Width of a vector. */
const VECTOR = 240;

/** One head: its lines; and for a token that is clicked, its query with every key, their products, the scores and the softmax. */
class NeuronView {
  constructor(tell) {
    this.tell = tell;
    this.root = element("div", "neuron-view");
    this.pair = new Pair(() => POSITIVE, 340, {
      hover: () => tell(this.pair.told().replace("click to hold it.", "click one on the left, or press Enter, for its query and the keys.")),
      activate: (token) => {
        if (token.side === "left") this.expand(token.index);
      },
    });
  }

  show(chosen) {
    this.chosen = { ...chosen, heads: [chosen.head] };
    this.pair.show(this.chosen);
    const within = this.query !== undefined && this.query >= chosen.rows[0] && this.query < chosen.rows[1];
    if (within) {
      this.expand(this.query);
    } else {
      this.collapse();
    }
  }

  collapse() {
    const was = this.query;
    this.query = undefined;
    this.root.replaceChildren(this.pair.root);
    this.pair.listeners.hover();
    if (was !== undefined) {
      this.pair.columns.left.focus({ preventScroll: true });
      this.pair.move({ side: "left", index: was });
    }
  }

  /** What the columns hold, a row for each key. */
  compute(query) {
    const vectors = projectionsOf(this.chosen.layer);
    const [head] = this.chosen.heads;
    const [from, to] = this.chosen.columns;
    const layer = layerOf(this.chosen.stack, this.chosen.layer);
    const q = vectors.query(head, query);
    const rows = Array.from({ length: to - from }, (_, n) => {
      const key = vectors.key(head, from + n);
      const products = key.map((v, d) => v * q[d]);
      return {
        token: from + n, key, products,
        score: products.reduce((a, b) => a + b, 0) / Math.sqrt(data.headSize),
        attention: layer.at(head, query, from + n),
      };
    });
    return { q, rows };
  }

  expand(query) {
    this.query = query;
    const { q, rows } = this.compute(query);
    this.computed = { q, rows };
    this.pitch = 22;
    const back = element("button", "collapse", "−");
    back.type = "button";
    back.setAttribute("aria-label", "Back to the lines");
    back.addEventListener("click", () => this.collapse());
    const vector = element("canvas", "");
    const keys = element("canvas", "");
    const products = element("canvas", "");
    const tokens = element("ol", "keys", ...rows.map((row) => this.keyItem(row)));
    tokens.tabIndex = 0;
    tokens.setAttribute("aria-label", "Keys, with score and attention");
    const table = element("div", "vectors",
      element("span", "name query", back, "Query of ", this.choice()), vector, element("span", ""), element("span", ""),
      element("span", "name", "Key of"), element("span", "name", "k"), element("span", "name", "q × k"),
      element("span", "name numbers-of", element("span", "score", "q·k/√" + data.headSize), element("span", "share", "softmax")),
      tokens, keys, products, element("ol", "scores", ...rows.map((row) => this.scoreItem(row, rows))));
    table.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.collapse();
    });
    this.root.replaceChildren(table);
    this.drawVectors(vector, [q], this.largest([q]));
    this.drawVectors(keys, rows.map((row) => row.key), this.largest(rows.map((row) => row.key)));
    this.drawVectors(products, rows.map((row) => row.products), this.largest(rows.map((row) => row.products)));
    this.listen(vector, [q], () => "query of " + tokenName(query));
    this.listen(keys, rows.map((row) => row.key), (n) => "key of " + tokenName(rows[n].token));
    this.listen(products, rows.map((row) => row.products), (n) => "query of " + tokenName(query) + " × key of " + tokenName(rows[n].token));
    this.tell("Blue is positive, orange negative, each column by its own largest number; point at a cell for its number. Escape goes back.");
    table.querySelector("select").focus({ preventScroll: true });
  }

  /** The query can be changed without going back. */
  choice() {
    const [from, to] = this.chosen.rows;
    const select = element("select", "", ...Array.from({ length: to - from }, (_, n) => new Option(tokenName(from + n), from + n)));
    select.value = this.query;
    select.setAttribute("aria-label", "Query");
    select.addEventListener("change", () => this.expand(Number(select.value)));
    return select;
  }

  keyItem(row) {
    const item = tokenItem("key", row.token, this.pitch);
    item.removeAttribute("role");
    item.removeAttribute("aria-selected");
    item.lastChild.remove();
    return item;
  }

  scoreItem(row, rows) {
    const most = rows.reduce((a, r) => Math.max(a, Math.abs(r.score)), 0) || 1;
    const score = element("span", "score", number(row.score));
    score.style.backgroundColor = faded(row.score < 0 ? NEGATIVE : POSITIVE, 0.6 * Math.abs(row.score) / most);
    const attention = element("span", "share", number(row.attention));
    attention.style.backgroundImage = "linear-gradient(to right, " + faded(POSITIVE, 0.5) + " " + 100 * row.attention + "%, transparent 0)";
    const item = element("li", "", score, attention);
    item.style.height = item.style.lineHeight = this.pitch + "px";
    return item;
  }

  largest(vectors) {
    return vectors.reduce((a, vector) => vector.reduce((b, v) => Math.max(b, Math.abs(v)), a), 0) || 1;
  }

  drawVectors(canvas, vectors, largest) {
    this.paintVectors(sized(canvas, VECTOR, vectors.length * this.pitch), 0, 0, vectors, largest);
  }

  paintVectors(context, left, top, vectors, largest) {
    const width = VECTOR / data.headSize;
    vectors.forEach((vector, n) => {
      vector.forEach((v, d) => {
        context.fillStyle = faded(v < 0 ? NEGATIVE : POSITIVE, Math.abs(v) / largest);
        context.fillRect(left + d * width, top + n * this.pitch + 3, width, this.pitch - 6);
      });
      context.strokeStyle = "#80808060";
      context.strokeRect(left + 0.5, top + n * this.pitch + 3, VECTOR - 1, this.pitch - 6);
    });
  }

  listen(canvas, vectors, name) {
    canvas.addEventListener("pointermove", (event) => {
      const box = canvas.getBoundingClientRect();
      const n = Math.min(vectors.length - 1, Math.max(0, Math.trunc((event.clientY - box.top) / this.pitch)));
      const d = Math.min(data.headSize - 1, Math.max(0, Math.trunc((event.clientX - box.left) / box.width * data.headSize)));
      this.tell(name(n) + ", dimension " + d + ": " + number(vectors[n][d]));
    });
  }

  title(chosen) {
    return "layer " + chosen.layer + ", " + headName(chosen.stack, chosen.head)
      + (this.query === undefined ? "" : ", query " + tokenName(this.query));
  }

  export() {
    const word = 160;
    if (this.query === undefined) return this.pair.export();
    const { q, rows } = this.computed;
    const gap = 12;
    return {
      width: word + 2 * (VECTOR + gap) + 150,
      height: (rows.length + 3) * this.pitch,
      draw: (context, left, top) => this.exportVectors(context, left, top, word, gap, q, rows),
    };
  }

  exportVectors(context, left, top, word, gap, q, rows) {
    const columns = [rows.map((row) => row.key), rows.map((row) => row.products)];
    const x = (column) => left + word + column * (VECTOR + gap);
    const ink = getComputedStyle(document.body).color;
    drawToken(context, this.query, "left", left, top, word, this.pitch);
    this.paintVectors(context, x(0), top, [q], this.largest([q]));
    const start = top + 3 * this.pitch;
    ["k", "q × k", "q·k/√" + data.headSize + ", softmax"].forEach((name, column) => {
      context.fillStyle = ink;
      context.textAlign = "left";
      context.fillText(name, x(column), start - this.pitch / 2);
    });
    columns.forEach((vectors, column) => this.paintVectors(context, x(column), start, vectors, this.largest(vectors)));
    rows.forEach((row, n) => {
      const y = start + n * this.pitch;
      drawToken(context, row.token, "left", left, y, word, this.pitch);
      context.fillStyle = ink;
      context.textAlign = "right";
      context.fillText(number(row.score), x(2) + 60, y + this.pitch / 2);
      context.fillText(number(row.attention), x(2) + 140, y + this.pitch / 2);
    });
  }
}
