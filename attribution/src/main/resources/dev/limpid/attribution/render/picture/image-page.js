"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const controls = document.getElementById("controls");
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const greys = bytes(data.greys);

const keep = {
  all: (v) => v,
  positive: (v) => Math.max(v, 0),
  negative: (v) => Math.min(v, 0),
  absolute: (v) => Math.abs(v),
};

/** Three significant digits with a sign, as the page's other numbers have. */
function number(x) {
  if (x === 0) return "0";
  const size = Math.abs(x);
  const digits = size >= 0.001 && size < 999.5 ? size.toPrecision(3) : size.toExponential(2);
  return (x < 0 ? "−" : "+") + digits;
}

/** What is chosen; a view that cannot tell signs apart shows the positive attributions where all are asked for. */
function choice() {
  const form = new FormData(controls);
  const view = form.get("view");
  const asked = form.get("sign");
  const unsigned = view === "alpha" || view === "masked";
  return {
    view,
    sign: unsigned && asked === "all" ? "positive" : asked,
    replaced: unsigned && asked === "all",
    unit: form.get("unit"),
    palette: form.get("palette"),
    shared: form.get("scale") === "shared",
    opacity: controls.elements.opacity.value / 100,
    outlier: controls.elements.outlier.value / 100,
  };
}

/** The magnitude drawn in the strongest colour: the largest ones together hold the share of outliers. */
function threshold(magnitudes, outlier) {
  const sorted = Float64Array.from(magnitudes).sort();
  const limit = sorted.reduce((a, b) => a + b, 0) * 0.01 * (100 - 100 * outlier);
  let sum = 0;
  for (const m of sorted) {
    sum += m;
    if (sum >= limit && m > 0) return m;
  }
  return sorted.at(-1);
}

const mix = (a, b, share) => Math.trunc(b + share * (a - b));

class Figure {
  constructor(section, source) {
    Object.assign(this, source);
    this.section = section;
    this.values = new Float32Array(bytes(source.values).buffer);
    this.columns = Math.ceil(this.width / this.patchWidth);
    this.pixels = new Float64Array(this.width * this.height);
    this.values.forEach((v, i) => { this.pixels[i % this.pixels.length] += v; });
    this.patches = new Float64Array(this.columns * Math.ceil(this.height / this.patchHeight));
    this.pixels.forEach((v, i) => { this.patches[this.patchOf(i)] += v; });
    this.canvas = section.querySelector(".stage canvas");
    this.cursor = section.querySelector(".cursor");
    this.readout = section.querySelector(".readout");
    this.listen();
  }

  async load() {
    const image = this.section.querySelector("img.seen");
    await image.decode();
    const paper = document.createElement("canvas");
    paper.width = this.width;
    paper.height = this.height;
    const context = paper.getContext("2d");
    context.drawImage(image, 0, 0);
    this.rgba = context.getImageData(0, 0, this.width, this.height).data;
    const sums = Array.from(this.pixels, (_, i) => this.rgba[4 * i] + this.rgba[4 * i + 1] + this.rgba[4 * i + 2]);
    const least = sums.reduce((a, b) => Math.min(a, b));
    const span = sums.reduce((a, b) => Math.max(a, b)) - least;
    this.grey = sums.map((s) => greys[3 * (span === 0 ? 0 : Math.min(255, Math.trunc(256 * (s - least) / span)))]);
    for (const still of this.section.querySelectorAll(".still")) still.remove();
    for (const live of this.section.querySelectorAll(".live")) live.hidden = false;
  }

  patchOf(i) {
    return Math.trunc(Math.trunc(i / this.width) / this.patchHeight) * this.columns
        + Math.trunc((i % this.width) / this.patchWidth);
  }

  magnitudes(chosen) {
    return this[chosen.unit].map((v) => Math.abs(keep[chosen.sign](v)));
  }

  draw(chosen, scale) {
    this.chosen = chosen;
    const low = chosen.sign === "all" ? -1 : 0;
    const table = bytes(data.palettes[chosen.palette][chosen.sign]);
    const out = new ImageData(this.width, this.height);
    for (let i = 0; i < this.pixels.length; i++) {
      const v = keep[chosen.sign](this[chosen.unit][chosen.unit === "patches" ? this.patchOf(i) : i]);
      const scaled = scale === 0 ? 0 : v / (chosen.sign === "negative" ? -scale : scale);
      const value = Math.max(-1, Math.min(1, scaled));
      const entry = Math.min(255, Math.trunc(256 * ((value - low) / (1 - low))));
      for (let c = 0; c < 3; c++) {
        out.data[4 * i + c] = this.colour(chosen, value, table[3 * entry + c], i, this.rgba[4 * i + c]);
      }
      out.data[4 * i + 3] = 255;
    }
    this.canvas.getContext("2d").putImageData(out, 0, 0);
    this.drawBar(chosen, scale, table);
    this.show();
  }

  colour(chosen, value, heat, i, pixel) {
    switch (chosen.view) {
      case "heatmap": return heat;
      case "overlay": return mix(heat, this.grey[i], Math.trunc(255 * chosen.opacity) / 255);
      case "alpha": return mix(pixel, 255, Math.trunc(255 * value) / 255);
      case "masked": return Math.trunc(pixel * value);
      default: return pixel;
    }
  }

  drawBar(chosen, scale, table) {
    const key = this.section.querySelector(".key");
    key.classList.toggle("without", chosen.view !== "heatmap" && chosen.view !== "overlay");
    const out = new ImageData(256, 1);
    const share = chosen.view === "overlay" ? Math.trunc(255 * chosen.opacity) / 255 : 1;
    for (let i = 0; i < 256; i++) {
      for (let c = 0; c < 3; c++) out.data[4 * i + c] = mix(table[3 * i + c], 255, share);
      out.data[4 * i + 3] = 255;
    }
    key.querySelector("canvas").getContext("2d").putImageData(out, 0, 0);
    const [left, middle, right] = key.querySelectorAll(".ticks span");
    const signed = chosen.sign === "all";
    left.textContent = !signed ? "0" : scale === 0 ? "" : number(-scale) + " against";
    middle.textContent = signed ? "0" : "";
    const end = number(chosen.sign === "negative" ? -scale : scale);
    right.textContent = scale === 0 ? "" : signed ? "for " + end : chosen.sign === "absolute" ? end.slice(1) : end;
  }

  listen() {
    const point = (event) => {
      const box = this.canvas.getBoundingClientRect();
      this.move(Math.floor((event.clientX - box.left) / box.width * this.width),
          Math.floor((event.clientY - box.top) / box.height * this.height));
    };
    this.canvas.addEventListener("pointermove", point);
    this.canvas.addEventListener("pointerdown", point);
    this.canvas.addEventListener("focus", () => {
      if (this.x === undefined) this.move(this.width >> 1, this.height >> 1);
    });
    this.canvas.addEventListener("keydown", (event) => {
      const [right, down] = event.shiftKey ? [this.patchWidth, this.patchHeight] : this.unit();
      const [dx, dy] = {
        ArrowLeft: [-right, 0], ArrowRight: [right, 0], ArrowUp: [0, -down], ArrowDown: [0, down],
        Home: [-this.width, 0], End: [this.width, 0],
      }[event.key] ?? [0, 0];
      if (dx === 0 && dy === 0) return;
      event.preventDefault();
      this.move(this.x + dx, this.y + dy);
    });
  }

  /** Width and height of what has one colour. */
  unit() {
    return this.chosen.unit === "patches" ? [this.patchWidth, this.patchHeight] : [1, 1];
  }

  move(x, y) {
    this.x = Math.max(0, Math.min(this.width - 1, x));
    this.y = Math.max(0, Math.min(this.height - 1, y));
    this.show();
  }

  /** Puts the cursor in its place, and says what is under it. */
  show() {
    if (this.x === undefined) return;
    const i = this.y * this.width + this.x;
    const [across, down] = this.unit();
    const left = this.x - this.x % across;
    const top = this.y - this.y % down;
    this.cursor.hidden = false;
    this.cursor.style.left = 100 * left / this.width + "%";
    this.cursor.style.top = 100 * top / this.height + "%";
    this.cursor.style.width = 100 * Math.min(across, this.width - left) / this.width + "%";
    this.cursor.style.height = 100 * Math.min(down, this.height - top) / this.height + "%";
    const channels = this.names.map((name, c) => name + " " + number(this.values[c * this.pixels.length + i]));
    const patch = this.patchOf(i);
    this.readout.textContent = "column " + this.x + ", row " + this.y + ": " + number(this.pixels[i])
        + (channels.length > 1 ? " (" + channels.join(", ") + ")" : "")
        + "; patch column " + patch % this.columns + ", row " + Math.trunc(patch / this.columns) + ": "
        + number(this.patches[patch]);
  }
}

const figures = data.figures.map((source, f) => new Figure(document.getElementById("figure-" + f), source));

function draw() {
  const chosen = choice();
  controls.elements.opacity.disabled = chosen.view !== "overlay";
  controls.elements.outlier.disabled = chosen.view === "original";
  controls.querySelector("#opacity-value").textContent = Math.round(100 * chosen.opacity) + " %";
  controls.querySelector("#outlier-value").textContent = 100 * chosen.outlier + " %";
  controls.querySelector("#replaced").hidden = !chosen.replaced;
  const all = chosen.shared ? figures.flatMap((figure) => Array.from(figure.magnitudes(chosen))) : [];
  for (const figure of figures) {
    figure.draw(chosen, threshold(chosen.shared ? all : figure.magnitudes(chosen), chosen.outlier));
  }
}

Promise.all(figures.map((figure) => figure.load())).then(() => {
  controls.hidden = false;
  controls.addEventListener("input", draw);
  controls.addEventListener("submit", (event) => event.preventDefault());
  draw();
});
