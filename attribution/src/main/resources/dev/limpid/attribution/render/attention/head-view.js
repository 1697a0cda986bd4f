/** The heads of a layer, with the image that tokens are patches of beside them. */
class HeadView {
  constructor(tell) {
    this.picture = data.patches ? new PatchPicture((token) => this.pair.hover(token)) : null;
    this.pair = new Pair(colourOf, data.patches ? 260 : 340, {
      hover: () => {
        tell(this.pair.told());
        this.picture?.show(this.pair);
      },
    });
    this.tell = tell;
    this.root = element("div", "head-view", this.pair.root, ...(this.picture ? [this.picture.root] : []));
  }

  show(chosen) {
    this.pair.show({ ...chosen, heads: chosen.active });
    this.tell(this.pair.told());
    this.picture?.show(this.pair);
  }

  title(chosen) {
    return "layer " + chosen.layer + ", " + (chosen.stack.fused ? "all heads"
      : "heads " + chosen.active.map((h) => chosen.stack.heads[h]).join(" "));
  }

  export() {
    return this.pair.export();
  }
}

/** The image, on which the patches that the current token attends to, or is attended to by, stay bright. */
class PatchPicture {
  constructor(hover) {
    const p = data.patches;
    this.canvas = element("canvas", "");
    this.zoom = 320 / Math.max(p.width, p.height);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "The image; patches the current token attends to are bright");
    this.caption = element("figcaption", "", "Point at a token, or at a patch, to see where it looks.");
    this.root = element("figure", "picture", this.canvas, this.caption);
    this.canvas.addEventListener("pointermove", (event) => {
      const box = this.canvas.getBoundingClientRect();
      const column = Math.trunc((event.clientX - box.left) / box.width * p.columns);
      const row = Math.trunc((event.clientY - box.top) / box.height * p.rows);
      const n = Math.min(p.rows - 1, Math.max(0, row)) * p.columns + Math.min(p.columns - 1, Math.max(0, column));
      hover({ side: "left", index: p.first + n });
    });
    this.canvas.addEventListener("pointerleave", () => hover(null));
  }

  show(pair) {
    const p = data.patches;
    const context = sized(this.canvas, p.width * this.zoom, p.height * this.zoom);
    context.scale(this.zoom, this.zoom);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0);
    if (!pair.current) return;
    const means = Array.from({ length: p.rows * p.columns }, (_, n) =>
      pair.weights(p.first + n).reduce((a, b) => a + b, 0) / pair.shown.heads.length);
    const most = means.reduce((a, b) => Math.max(a, b), 0) || 1;
    means.forEach((mean, n) => {
      const at = patchOf(p.first + n);
      context.fillStyle = "rgb(0 0 0 / " + 0.85 * (1 - mean / most) + ")";
      context.fillRect(at.x, at.y, at.width, at.height);
    });
    const own = patchOf(pair.current.index);
    if (own) {
      context.lineWidth = 2 / this.zoom;
      context.strokeStyle = "#e69f00";
      context.strokeRect(own.x, own.y, own.width, own.height);
    }
    this.caption.textContent = tokenName(pair.current.index)
      + (pair.current.side === "left" ? " attends to the bright patches" : " is attended to by the bright patches")
      + ", the brightest with " + number(most) + ".";
  }
}
