const data = JSON.parse(document.getElementById("data").textContent);
const T = data.tokens.length;

/** The bytes of a block of the page. */
function bytesOf(id) {
  const text = atob(document.getElementById(id).textContent);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A layer of maps: byte b of a row stands for max·b/255. */
class Layer {
  constructor(id, heads) {
    const bytes = bytesOf(id);
    this.maxima = new Float32Array(bytes.buffer, 0, heads * T);
    this.bytes = bytes.subarray(4 * heads * T);
    this.largest = this.maxima.reduce((a, b) => Math.max(a, b), 0);
  }

  /** The number at a head (an index among those on the page), query and key. */
  at(head, i, j) {
    const row = head * T + i;
    return this.maxima[row] * this.bytes[row * T + j] / 255;
  }
}

/** Queries and keys of a layer: short s of a vector stands for max·s/32767. */
class Projections {
  constructor(layer) {
    const heads = data.stacks[0].heads.length;
    const bytes = bytesOf("projections-" + layer);
    const rows = 2 * heads * T;
    this.maxima = new Float32Array(bytes.buffer, 0, rows);
    this.shorts = new Int16Array(bytes.buffer, 4 * rows);
    this.heads = heads;
    this.largest = this.maxima.reduce((a, b) => Math.max(a, b), 0);
  }

  vector(row) {
    const scale = this.maxima[row] / 32767;
    return Float32Array.from(this.shorts.subarray(row * data.headSize, (row + 1) * data.headSize), (s) => s * scale);
  }

  query(head, i) {
    return this.vector(head * T + i);
  }

  key(head, j) {
    return this.vector((this.heads + head) * T + j);
  }
}

const decoded = new Map();

/** What is kept under a name, made when it is first asked for. */
function once(name, make) {
  if (!decoded.has(name)) decoded.set(name, make());
  return decoded.get(name);
}

const layerOf = (stack, layer) =>
  once(stack.id + "-" + layer, () => new Layer(stack.id + "-" + layer, stack.heads.length));
const projectionsOf = (layer) => once("projections-" + layer, () => new Projections(layer));

/** Rows and columns of a block of sentences. */
function rangesOf(block) {
  const range = { a: [0, data.sentenceB], b: [data.sentenceB, T] };
  return block === "all" ? { rows: [0, T], columns: [0, T] } : { rows: range[block[0]], columns: range[block[1]] };
}

/** Three significant digits. */
function number(x) {
  if (x === 0) return "0";
  const size = Math.abs(x);
  const digits = size >= 0.001 && size < 999.5 ? size.toPrecision(3) : size.toExponential(2);
  return (x < 0 ? "−" : "") + digits;
}

/** A weight that is exact to 1/255 of another, with the digits that are. */
function weight(x, largest) {
  const digits = Math.ceil(Math.log10(255 / largest));
  return x === 0 ? "0" : digits >= 0 && digits <= 6 ? x.toFixed(digits) : number(x);
}

const colourOf = (index) => data.colours[index % data.colours.length];

/** A colour of the form #rrggbb, as transparent as asked for. */
const faded = (colour, opacity) =>
  colour + Math.round(255 * Math.min(1, opacity)).toString(16).padStart(2, "0");

const headName = (stack, h) => stack.fused ? "all heads" : "head " + stack.heads[h];

/** A token in a sentence: shortened, and isolated so that its direction does not reorder what stands around it. */
function tokenName(i) {
  const characters = [...data.tokens[i]];
  const text = characters.length > 24 ? characters.slice(0, 23).join("") + "…" : data.tokens[i];
  return i + " “\u2068" + text + "\u2069”";
}

/** An element of a class with children. */
function element(tag, className, ...children) {
  const e = document.createElement(tag);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

/** Where a token's patch lies in the image, or null. */
function patchOf(token) {
  const p = data.patches;
  const n = p ? token - p.first : -1;
  if (n < 0 || n >= p.rows * p.columns) return null;
  const width = p.width / p.columns;
  const height = p.height / p.rows;
  return { x: n % p.columns * width, y: Math.trunc(n / p.columns) * height, width, height };
}

/** The image that tokens are patches of, once it is decoded. */
const picture = new Image();

/** A canvas of a size in CSS pixels, sharp on this screen as far as a browser lets a canvas grow. */
function sized(canvas, width, height) {
  const scale = Math.min(window.devicePixelRatio, 16384 / height, 16384 / width);
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  return context;
}
