const SIDES = ["left", "right"];
const SIDE_NAMES = { left: "Tokens that attend", right: "Tokens attended to" };
/** Strips are never so strong that one could not read the token before them. */
const STRIP = 0.7;

/** What a token does in maps: attention says where it looks, all else what it takes. */
function verbOf(stack, from) {
  if (stack.id === "attention") return from ? " attends most to " : " is attended to most by ";
  return from ? " takes most from " : " gives most to ";
}

/** Two columns of tokens and the lines between them: the token under the pointer, or chosen by keys, shows only its own, with numbers. */
class Pair {
  /**
   * @param colour of a head
   * @param span width of the lines
   * @param listeners hover(token or null) after the current token changed, activate(token) when it is clicked or Enter pressed
   */
  constructor(colour, span, listeners) {
    this.colour = colour;
    this.span = span;
    this.listeners = listeners;
    this.canvas = element("canvas", "lines");
    this.canvas.setAttribute("aria-hidden", "true");
    this.columns = Object.fromEntries(SIDES.map((side) => [side, this.column(side)]));
    this.root = element("div", "pair", this.columns.left, this.canvas, this.columns.right);
    this.current = null;
    this.pinned = null;
  }

  column(side) {
    const column = element("ul", "tokens " + side);
    column.setAttribute("role", "listbox");
    column.setAttribute("aria-label", SIDE_NAMES[side]);
    column.tabIndex = 0;
    const tokenAt = (event) => {
      const item = event.target.closest("li");
      return item && { side, index: Number(item.dataset.index) };
    };
    column.addEventListener("pointerover", (event) => {
      const token = tokenAt(event);
      if (token) this.hover(token);
    });
    column.addEventListener("pointerleave", () => this.hover(null));
    column.addEventListener("click", (event) => {
      const token = tokenAt(event);
      if (token) this.activate(token);
    });
    column.addEventListener("focus", () => {
      if (column.matches(":focus-visible") && this.current?.side !== side) {
        this.move({ side, index: this.shown[side === "left" ? "rows" : "columns"][0] });
      }
    });
    column.addEventListener("blur", () => this.hover(null));
    column.addEventListener("keydown", (event) => this.key(event, side));
    return column;
  }

  key(event, side) {
    const [from, to] = this.shown[side === "left" ? "rows" : "columns"];
    const at = this.places[side] ?? from - 1;
    const target = { ArrowDown: at + 1, ArrowUp: at - 1, Home: from, End: to - 1, PageDown: at + 10, PageUp: at - 10 };
    if (event.key in target) {
      this.move({ side, index: Math.max(from, Math.min(to - 1, target[event.key])) });
    } else if (event.key === "Enter" || event.key === " ") {
      if (this.current) this.activate(this.current);
    } else if (event.key === "Escape" && (this.pinned || this.current)) {
      this.pinned = null;
      this.hover(null);
    } else if (event.key === "ArrowRight" && side === "left") {
      this.columns.right.focus();
    } else if (event.key === "ArrowLeft" && side === "right") {
      this.columns.left.focus();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  move(token) {
    this.hover(token);
    const item = this.item(token);
    this.columns[token.side].setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  item(token) {
    return this.columns[token.side].children[token.index - this.shown[token.side === "left" ? "rows" : "columns"][0]];
  }

  /** Clicking a token holds it, clicking it again lets it go; while one is held, pointing at the other side tells the numbers of that pair. */
  activate(token) {
    if (this.listeners.activate) {
      this.listeners.activate(token);
      return;
    }
    const same = this.pinned?.side === token.side && this.pinned.index === token.index;
    this.pinned = same ? null : token;
    this.hover(token);
  }

  hover(token) {
    this.other = this.pinned && token && token.side !== this.pinned.side ? token : null;
    if (token) this.places[token.side] = token.index;
    const current = this.pinned ?? token;
    const same = current?.side === this.current?.side && current?.index === this.current?.index;
    this.current = current;
    if (!same) this.paint();
    this.mark();
    this.listeners.hover?.(this.current, this.other);
  }

  /** Shows maps; what is shown says stack, layer, heads, rows, columns and strength. */
  show(shown) {
    const old = this.shown;
    this.shown = shown;
    this.pitch = T <= 64 || data.patches ? 22 : T <= 256 ? 18 : 15;
    if (!old || old.rows.join() !== shown.rows.join() || old.columns.join() !== shown.columns.join()) this.fill();
    this.lines = linesOf(shown, MOST_PIXELS / (this.span + this.height() / 3));
    this.paint();
    this.mark();
  }

  fill() {
    this.places = {};
    this.current = null;
    this.pinned = null;
    for (const side of SIDES) {
      const [from, to] = this.shown[side === "left" ? "rows" : "columns"];
      this.columns[side].replaceChildren(...Array.from({ length: to - from }, (_, n) => tokenItem(side, from + n, this.pitch)));
    }
  }

  height() {
    const { rows, columns } = this.shown;
    return Math.max(rows[1] - rows[0], columns[1] - columns[0]) * this.pitch;
  }

  paint() {
    this.draw(sized(this.canvas, this.span, this.height()), { left: 0, right: this.span, top: 0, pitch: this.pitch });
    this.weigh();
  }

  /** The lines, to the page or to a picture. */
  draw(context, place) {
    context.lineWidth = this.current ? 2 : 1;
    if (this.current) {
      drawLinesOf(context, this.current, this.shown, place, this.colour);
    } else {
      drawLines(context, this.lines, this.shown, place, this.colour);
    }
  }

  /** The weights between the current token and one of the other side, a head each. */
  weights(other) {
    const layer = layerOf(this.shown.stack, this.shown.layer);
    const [i, j] = this.current.side === "left" ? [this.current.index, other] : [other, this.current.index];
    return this.shown.heads.map((h) => layer.at(h, i, j));
  }

  /** The largest of the rows that the weights between the current token and another are of: they are exact to 1/255 of it. */
  precision(other, heads = this.shown.heads) {
    const layer = layerOf(this.shown.stack, this.shown.layer);
    const i = this.current.side === "left" ? this.current.index : other;
    return Math.max(...heads.map((h) => layer.maxima[h * T + i]));
  }

  mean(other, weights) {
    return weight(weights.reduce((a, b) => a + b, 0) / weights.length, this.precision(other));
  }

  /** Behind each token of the other side a strip for each head, and beside it the mean of their weights. */
  weigh() {
    const scale = scaleOf(this.shown);
    for (const side of SIDES) {
      const facing = this.current !== null && this.current.side !== side;
      for (const item of this.columns[side].children) {
        const weights = facing ? this.weights(Number(item.dataset.index)) : [];
        const stops = weights.map((w, n) => {
          const colour = faded(this.colour(this.shown.heads[n]), STRIP * seen(w / scale));
          return colour + " " + 100 * n / weights.length + "% " + 100 * (n + 1) / weights.length + "%";
        });
        const [text, value] = item.children;
        text.style.backgroundImage = stops.length ? "linear-gradient(to right, " + stops.join(", ") + ")" : "";
        value.textContent = facing ? this.mean(Number(item.dataset.index), weights) : "";
      }
    }
  }

  mark() {
    for (const side of SIDES) {
      for (const item of this.columns[side].querySelectorAll("[aria-selected=true]")) {
        item.setAttribute("aria-selected", "false");
        item.classList.remove("pinned");
      }
    }
    for (const token of [this.current, this.other]) {
      if (token) this.item(token).setAttribute("aria-selected", "true");
    }
    if (this.pinned) this.item(this.pinned).classList.add("pinned");
  }

  /** What there is to say of the current token, or of it and another. */
  told() {
    if (!this.current) {
      const from = this.lines.from;
      return "Lines of weights from " + number(from) + " on. Point at a token, or move with the arrow keys, to see all of its own with"
        + " numbers; click to hold it.";
    }
    const heads = this.shown.heads;
    const name = (h) => headName(this.shown.stack, h);
    const from = this.current.side === "left";
    if (this.other) {
      const numbers = this.weights(this.other.index).map((w, n) =>
        name(heads[n]) + ": " + weight(w, this.precision(this.other.index, [heads[n]])));
      const [a, b] = from ? [this.current, this.other] : [this.other, this.current];
      return tokenName(a.index) + " to " + tokenName(b.index) + ": " + numbers.join(", ");
    }
    const [start, end] = this.shown[from ? "columns" : "rows"];
    const means = Array.from({ length: end - start }, (_, n) => {
      const weights = this.weights(start + n);
      const largest = weights.indexOf(Math.max(...weights));
      return { token: start + n, mean: weights.reduce((a, b) => a + b, 0) / weights.length, head: heads[largest], most: weights[largest] };
    });
    means.sort((a, b) => b.mean - a.mean);
    const list = means.slice(0, 5).map((m) => tokenName(m.token) + " " + weight(m.mean, this.precision(m.token))
      + (heads.length > 1 ? " (" + name(m.head) + ": " + weight(m.most, this.precision(m.token, [m.head])) + ")" : ""));
    return tokenName(this.current.index) + verbOf(this.shown.stack, from) + list.join(", ")
      + (heads.length > 1 ? ". Numbers are means of the heads shown." : ".");
  }

  /** The pair with its tokens as a picture. */
  export() {
    const tokenWidth = data.patches ? 150 : 160;
    return {
      width: 2 * tokenWidth + this.span,
      height: this.height(),
      draw: (context, left, top) => this.drawWithTokens(context, left, top, tokenWidth),
    };
  }

  drawWithTokens(context, left, top, tokenWidth) {
    const shown = this.shown;
    this.draw(context, { left: left + tokenWidth, right: left + tokenWidth + this.span, top, pitch: this.pitch });
    for (const side of SIDES) {
      const x = side === "left" ? left : left + tokenWidth + this.span;
      const [from, to] = shown[side === "left" ? "rows" : "columns"];
      for (let token = from; token < to; token++) {
        const y = top + (token - from) * this.pitch;
        if (this.current && this.current.side !== side) {
          this.weights(token).forEach((w, n, all) => {
            context.fillStyle = faded(this.colour(shown.heads[n]), STRIP * seen(w / scaleOf(shown)));
            context.fillRect(x + n * tokenWidth / all.length, y, tokenWidth / all.length, this.pitch);
          });
        }
        const bold = [this.current, this.other].some((t) => t?.side === side && t.index === token);
        drawToken(context, token, side, x, y, tokenWidth, this.pitch, bold);
      }
    }
  }
}

/** A token of a column: what it is, and room for a number. */
function tokenItem(side, token, pitch) {
  const text = element("span", "text");
  const patch = patchOf(token);
  if (patch) {
    const size = pitch - 2;
    const thumb = element("i", "patch");
    thumb.style.width = thumb.style.height = size + "px";
    thumb.style.backgroundImage = "url(" + data.patches.source + ")";
    thumb.style.backgroundSize = size * data.patches.columns + "px " + size * data.patches.rows + "px";
    thumb.style.backgroundPosition = -size * patch.x / patch.width + "px " + -size * patch.y / patch.height + "px";
    text.append(thumb);
  }
  const word = element("bdi", "", data.tokens[token]);
  word.lang = "";
  text.append(word);
  const item = element("li", "", text, element("span", "value"));
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.id = "token-" + Math.random().toString(36).slice(2) + "-" + side + token;
  item.dataset.index = token;
  item.style.height = pitch + "px";
  item.style.lineHeight = pitch + "px";
  item.title = token + " " + data.tokens[token];
  return item;
}

/** A token of a picture. */
function drawToken(context, token, side, x, y, width, pitch, bold = false) {
  const patch = patchOf(token);
  const size = pitch - 2;
  let room = width - 12;
  if (patch && picture.complete) {
    const at = side === "left" ? x + width - 6 - size : x + 6;
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, patch.x, patch.y, patch.width, patch.height, at, y + 1, size, size);
    room -= size + 6;
  }
  const style = getComputedStyle(document.body);
  context.fillStyle = style.color;
  context.font = (bold ? "700" : "400") + " 13px " + style.fontFamily;
  context.textBaseline = "middle";
  context.textAlign = side === "left" ? "right" : "left";
  const shift = patch ? size + 6 : 0;
  context.fillText(data.tokens[token], side === "left" ? x + width - 6 - shift : x + 6 + shift, y + pitch / 2, room);
}
