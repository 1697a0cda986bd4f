/** Side of a thumbnail in its canvas, larger than most are shown. */
const THUMBNAIL = 96;
const THUMBNAIL_LINES = 1200;

/** All layers and heads of a stack, small; one of them in detail. */
class ModelView {
  constructor(tell) {
    this.tell = tell;
    this.grid = element("div", "grid");
    this.grid.setAttribute("role", "grid");
    this.grid.setAttribute("aria-label", "Layers down, heads across");
    this.grid.addEventListener("click", (event) => this.pick(event.target.closest("button")));
    this.grid.addEventListener("keydown", (event) => this.key(event));
    this.detail = element("section", "detail");
    this.detail.setAttribute("aria-label", "One head in detail");
    this.root = element("div", "model-view", this.grid);
    this.waiting = new Set();
    this.watch = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) this.later(entry.target);
      }
    }, { rootMargin: "200px" });
  }

  show(chosen) {
    const key = chosen.stack.id;
    this.chosen = chosen;
    if (this.key_ !== key) {
      this.key_ = key;
      this.close();
      this.fill();
    }
    this.waiting.clear();
    this.watch.disconnect();
    for (const cell of this.cells()) {
      delete cell.dataset.drawn;
      this.watch.observe(cell);
    }
    this.said();
    if (this.open) this.showDetail();
  }

  cells() {
    return [...this.grid.querySelectorAll("button")];
  }

  fill() {
    const heads = this.chosen.stack.heads;
    this.grid.style.setProperty("--heads", heads.length);
    const corner = element("span", "axis", "layer");
    corner.setAttribute("role", "columnheader");
    const header = element("div", "row", corner, ...heads.map((head, h) => {
      const name = element("span", "axis", this.chosen.stack.fused ? "all heads" : String(head));
      name.setAttribute("role", "columnheader");
      return name;
    }));
    header.setAttribute("role", "row");
    const rows = data.layers.map((layer) => {
      const name = element("span", "axis", String(layer));
      name.setAttribute("role", "rowheader");
      const row = element("div", "row", name, ...heads.map((_, h) => this.cell(layer, h)));
      row.setAttribute("role", "row");
      return row;
    });
    this.grid.replaceChildren(header, ...rows);
    this.cells()[0].tabIndex = 0;
  }

  cell(layer, h) {
    const canvas = element("canvas", "");
    canvas.width = canvas.height = THUMBNAIL;
    const button = element("button", "cell", canvas);
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.layer = layer;
    button.dataset.head = h;
    button.title = "Layer " + layer + ", " + headName(this.chosen.stack, h);
    button.setAttribute("aria-label", button.title);
    button.setAttribute("aria-pressed", "false");
    const cell = element("span", "", button);
    cell.setAttribute("role", "gridcell");
    return cell;
  }

  key(event) {
    const cells = this.cells();
    const at = cells.indexOf(event.target);
    const across = this.chosen.stack.heads.length;
    const to = {
      ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - across, ArrowDown: at + across,
      Home: at - at % across, End: at - at % across + across - 1,
    }[event.key];
    if (event.key === "Escape" && this.open) {
      this.pick(this.open);
    } else if (to !== undefined && cells[to]) {
      this.focus(cells[to]);
    } else {
      return;
    }
    event.preventDefault();
  }

  focus(cell) {
    for (const other of this.cells()) other.tabIndex = other === cell ? 0 : -1;
    cell.focus();
  }

  /** Thumbnails are drawn when they come into sight, a few at a time, so that the page goes on answering. */
  later(cell) {
    this.waiting.add(cell);
    if (this.waiting.size === 1) setTimeout(() => this.work());
  }

  work() {
    const end = performance.now() + 12;
    for (const cell of this.waiting) {
      if (performance.now() > end) break;
      this.waiting.delete(cell);
      this.watch.unobserve(cell);
      this.draw(cell.querySelector("canvas").getContext("2d"), cell, THUMBNAIL);
      cell.dataset.drawn = "";
    }
    if (this.waiting.size > 0) setTimeout(() => this.work());
  }

  shownOf(cell) {
    return { ...this.chosen, layer: Number(cell.dataset.layer), heads: [Number(cell.dataset.head)] };
  }

  colour(cell) {
    return colourOf(data.layers.indexOf(Number(cell.dataset.layer)));
  }

  draw(context, cell, size) {
    const shown = this.shownOf(cell);
    const colour = this.colour(cell);
    context.clearRect(0, 0, size, size);
    if (this.chosen.thumbnail === "matrix") {
      drawMatrix(context, shown, size, colour);
      return;
    }
    const length = Math.max(shown.rows[1] - shown.rows[0], shown.columns[1] - shown.columns[0]);
    context.lineWidth = Math.max(0.6, Math.min(2, size / length / 3));
    drawLines(context, linesOf(shown, THUMBNAIL_LINES), shown,
      { left: 3, right: size - 3, top: 3, pitch: (size - 6) / length }, () => colour);
  }

  /** Clicking a thumbnail opens it, clicking it again closes it. */
  pick(cell) {
    if (!cell) return;
    const open = cell !== this.open;
    this.close();
    this.focus(cell);
    if (open) {
      this.open = cell;
      cell.setAttribute("aria-pressed", "true");
      const layer = cell.dataset.layer;
      this.pair = new Pair(() => this.colour(this.open), 170, { hover: () => this.said() });
      const shut = element("button", "shut", "×");
      shut.type = "button";
      shut.setAttribute("aria-label", "Close");
      shut.addEventListener("click", () => this.pick(this.open));
      this.detail.replaceChildren(
        element("h2", "", "Layer " + layer + ", " + headName(this.chosen.stack, Number(cell.dataset.head))), shut,
        this.pair.root);
      this.detail.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && this.open) this.pick(this.open);
      });
      this.root.append(this.detail);
      this.showDetail();
      // On a narrow screen it stands below the grid.
      if (this.detail.offsetTop >= this.grid.offsetTop + this.grid.offsetHeight) this.detail.scrollIntoView();
    }
    this.said();
  }

  close() {
    this.open?.setAttribute("aria-pressed", "false");
    this.open = null;
    this.detail.remove();
  }

  showDetail() {
    this.pair.show(this.shownOf(this.open));
    this.said();
  }

  said() {
    this.tell(this.open ? this.pair.told()
      : "Click a head to see it in detail, or move with the arrow keys and press Enter. A thumbnail shows its strongest lines.");
  }

  title() {
    return this.open ? "layer " + this.open.dataset.layer + ", " + headName(this.chosen.stack, Number(this.open.dataset.head))
      : "all layers and heads";
  }

  export() {
    if (this.open) return this.pair.export();
    const heads = this.chosen.stack.heads;
    const pitch = THUMBNAIL + 4;
    return {
      width: 40 + heads.length * pitch,
      height: 24 + data.layers.length * pitch,
      draw: (context, left, top) => this.exportGrid(context, left, top, pitch),
    };
  }

  exportGrid(context, left, top, pitch) {
    const heads = this.chosen.stack.heads;
    const ink = getComputedStyle(document.body).color;
    const thumbnail = element("canvas", "");
    thumbnail.width = thumbnail.height = 2 * THUMBNAIL;
    this.cells().forEach((cell, n) => {
      const x = left + 40 + n % heads.length * pitch;
      const y = top + 24 + Math.trunc(n / heads.length) * pitch;
      this.draw(thumbnail.getContext("2d"), cell, 2 * THUMBNAIL);
      context.drawImage(thumbnail, x, y, THUMBNAIL, THUMBNAIL);
    });
    context.fillStyle = ink;
    context.textBaseline = "middle";
    context.textAlign = "center";
    heads.forEach((head, h) => {
      context.fillText(this.chosen.stack.fused ? "all heads" : String(head), left + 40 + (h + 0.5) * pitch, top + 12);
    });
    data.layers.forEach((layer, l) => context.fillText(String(layer), left + 20, top + 24 + (l + 0.5) * pitch));
  }
}
